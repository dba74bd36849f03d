import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_replayed_decisions"),
        ("mail", "0003_queued_at"),
        ("meetings", "0011_standard_of_care"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUpNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_days", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "dropped_at",
                    models.DateTimeField(
                        blank=True, help_text="Somebody had reported, or the person may not any more.", null=True
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up_notices",
                        to="meetings.decision",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mail.message",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "question what became of a decision",
                "verbose_name_plural": "questions what became of decisions",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("dropped_at__isnull", True), ("message__isnull", True)),
                        fields=["person"],
                        name="follow_up_pending",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "person", "after_days"), name="follow_up_asked_once")
                ],
            },
        ),
    ]
