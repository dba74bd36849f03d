import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mdt.events.guards import Guard


def follow_anew(apps, editor):
    """The rows are derived: they get their new columns by following the log from its first line."""
    apps.get_model("audit", "AuditCursor").objects.update(number=0)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_audit_rows"),
        ("cases", "0007_sealed_and_back"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="auditrow",
            name="died_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="is_contradictory",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="last_seen_on",
            field=models.DateField(help_text="Last day on which the patient is known to have lived.", null=True),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="r_status",
            field=models.CharField(blank=True, help_text="Of that resection.", max_length=2),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="recurred_on",
            field=models.DateField(help_text="First recurrence from that resection, else meeting, on.", null=True),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="released_on",
            field=models.DateField(help_text="First release of any version.", null=True),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="resected_on",
            field=models.DateField(help_text="First resection from the meeting on.", null=True),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="response",
            field=models.CharField(blank=True, help_text="The best one from the meeting on.", max_length=14),
        ),
        migrations.AddField(
            model_name="auditrow",
            name="treatment_began_on",
            field=models.DateField(
                help_text="By the report on the decision, else the first treatment or resection from the meeting on.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="FollowUpEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("treatment", "treatment began"),
                            ("response", "response to treatment"),
                            ("resection", "resection"),
                            ("recurrence", "recurrence"),
                            ("seen", "seen alive"),
                            ("death", "death"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="on which day")),
                ("value", models.CharField(blank=True, max_length=14, verbose_name="more exactly")),
                ("text", models.CharField(blank=True, max_length=400, verbose_name="in words")),
                (
                    "told_by",
                    models.CharField(
                        blank=True,
                        help_text="Empty: known to who reports it.",
                        max_length=200,
                        verbose_name="from whom it is known",
                    ),
                ),
                ("is_retraction", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="why it is changed")),
                ("reported_at", models.DateTimeField(auto_now_add=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follow_up_events", to="cases.case"
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reported by",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="audit.followupevent",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up event",
                "verbose_name_plural": "follow-up events",
                "ordering": ["happened_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["treatment", "response", "resection", "recurrence", "seen", "death"])
                        ),
                        name="follow_up_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_retraction", False), ("supersedes__isnull", False), _connector="OR"),
                        name="follow_up_retracts_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["response", "resection"]), _negated=True),
                            models.Q(("value", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="follow_up_value_where_needed",
                        violation_error_message="Say it more exactly.",
                    ),
                ],
            },
        ),
        Guard("audit_followupevent"),
        migrations.RunPython(follow_anew, migrations.RunPython.noop),
    ]
