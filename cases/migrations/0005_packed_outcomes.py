from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_fact_records")]

    operations = [
        # The column keeps its name and its rows: proposals are never rewritten.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("proposal", "outcome", "outcome_plain"),
                migrations.AlterField(
                    "proposal",
                    "outcome_plain",
                    models.JSONField(
                        db_column="outcome",
                        default=dict,
                        help_text="The answer as versions before packing kept it.",
                    ),
                ),
            ]
        ),
        migrations.AddField("proposal", "outcome_packed", models.BinaryField(null=True)),
        migrations.AddField(
            "proposal",
            "answers",
            models.JSONField(help_text="Scheme → categories possible and provisional.", null=True),
        ),
    ]
