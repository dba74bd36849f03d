from django.db import migrations


def count_anew(apps, schema_editor):
    """Rows that stand compare treatment with the meeting's day alone: the log is followed again from its first line."""
    apps.get_model("audit", "AuditCursor").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0013_waiting_words"),
    ]

    operations = [migrations.RunPython(count_anew, migrations.RunPython.noop)]
