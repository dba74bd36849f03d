from django.db import migrations, models


def mark_synthetic_year(apps, schema_editor):
    """The team of the demonstration's synthetic year, where an earlier version made it: by exactly its names."""
    teams = apps.get_model("people", "Team").objects
    teams.filter(code="sy", name="Synthetic year", hospital="Synthetic data, no real patients").update(
        is_synthetic=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_restricted_opening"),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="is_synthetic",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "Made for the demonstration, no patient behind it: the audit counts it where it is asked for."
                ),
                verbose_name="synthetic",
            ),
        ),
        migrations.RunPython(mark_synthetic_year, migrations.RunPython.noop),
    ]
