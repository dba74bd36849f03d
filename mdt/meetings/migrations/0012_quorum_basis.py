from django.db import migrations, models

from mdt.events.guards import install


def guard_again(apps, editor):
    """SQLite copies a table to add or drop some columns, and loses its triggers: they are put back either way."""
    install(editor.connection, ["meetings_decision"])


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0011_standard_of_care"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
        migrations.AddField(
            model_name="decision",
            name="quorum_basis",
            field=models.JSONField(
                default=dict, help_text="The rules that asked for somebody, and the minimum where it was looked at."
            ),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
