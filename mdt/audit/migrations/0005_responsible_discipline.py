from django.db import migrations, models


def count_anew(apps, schema_editor):
    """Rows that stand have no such column filled: the log is followed again from its first line."""
    apps.get_model("audit", "AuditCursor").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_follow_up_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="auditrow",
            name="discipline",
            field=models.CharField(
                blank=True,
                help_text="Under which the responsible doctor was in the room; empty: was not.",
                max_length=20,
            ),
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
