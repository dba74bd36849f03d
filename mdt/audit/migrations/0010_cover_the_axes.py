from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0009_annual_reports"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditrow",
            name="audit_by_team_and_day",
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                fields=[
                    "team_id",
                    "meeting_on",
                    "ended",
                    "concordance",
                    "implementation",
                    "is_signed",
                    "confirmed",
                    "pathway",
                    "treatment",
                    "discipline",
                    "departure",
                    "not_done_because",
                    "option",
                    "edition",
                    "item_id",
                ],
                name="audit_axes",
            ),
        ),
    ]
