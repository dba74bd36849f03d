import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_replay"),
        ("meetings", "0006_recipients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImplementationReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("full", "carried out as decided"),
                            ("partial", "carried out in part"),
                            ("different", "something else was done"),
                            ("not_done", "not carried out"),
                            ("pending", "not begun yet"),
                            ("lost", "lost to follow-up"),
                        ],
                        max_length=10,
                        verbose_name="what became of it",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("comorbidity_known", "comorbidity that was known"),
                            ("comorbidity_new", "comorbidity that came to light"),
                            ("deterioration", "general condition grew worse"),
                            ("patient_choice", "the patient's wish"),
                            ("progression", "progression of the disease"),
                            ("became_unresectable", "turned out not to be resectable"),
                            ("new_information", "new information"),
                            ("condition_not_met", "a condition was not met"),
                            ("toxicity", "toxicity"),
                            ("not_available_or_cost", "not available, or its cost"),
                            ("trial", "taken into a trial"),
                            ("clinician_choice", "the treating doctor decided otherwise"),
                            ("died", "the patient died"),
                            ("did_not_attend", "the patient did not come"),
                            ("lost", "contact was lost"),
                            ("administrative", "administrative reasons"),
                            ("other", "other reason"),
                            ("not_yet_known", "not known yet"),
                        ],
                        max_length=24,
                        verbose_name="reason",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=1000, verbose_name="in words")),
                ("treatment_started_on", models.DateField(blank=True, null=True, verbose_name="treatment began on")),
                (
                    "asks_again",
                    models.BooleanField(default=False, verbose_name="the meeting should look at the case again"),
                ),
                ("reporter_name", models.CharField(blank=True, max_length=120, verbose_name="your name")),
                ("reporter_contact", models.CharField(blank=True, max_length=200, verbose_name="how we reach you")),
                (
                    "client",
                    models.CharField(
                        blank=True, help_text="Digest of the address that a report by link came from.", max_length=64
                    ),
                ),
                ("reported_at", models.DateTimeField(auto_now_add=True)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="implementation_reports",
                        to="meetings.decision",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "implementation report",
                "verbose_name_plural": "implementation reports",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["client", "reported_at"], name="report_by_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["partial", "different", "not_done", "lost"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="report_departing_has_reason",
                        violation_error_message="Choose the reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reported_by__isnull", False),
                            models.Q(
                                models.Q(("reporter_name", ""), _negated=True),
                                models.Q(("reporter_contact", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_by_somebody",
                    ),
                ],
            },
        ),
        Guard("audit_implementationreport"),
    ]
