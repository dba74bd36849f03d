"""The meeting's end, release of letters, who was told, marks of next steps, pages for patients."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mdt.events.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0002_append_only_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Finish",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("finished_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "end of a meeting",
                "verbose_name_plural": "ends of meetings",
            },
        ),
        migrations.CreateModel(
            name="PatientPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                ("decided", models.TextField(max_length=900, verbose_name="what was decided")),
                ("next", models.TextField(max_length=900, verbose_name="what happens next")),
                ("ask", models.TextField(max_length=400, verbose_name="who to ask")),
                ("released_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "page for the patient",
                "verbose_name_plural": "pages for the patient",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("released_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
            },
        ),
        migrations.CreateModel(
            name="SignatureRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "request for a signature",
                "verbose_name_plural": "requests for signatures",
            },
        ),
        migrations.CreateModel(
            name="StepMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_done", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="why it is open again")),
                ("marked_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "mark of a next step",
                "verbose_name_plural": "marks of next steps",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "whom",
                    models.CharField(
                        choices=[("patient", "the patient"), ("referrer", "the referring doctor")],
                        max_length=8,
                        verbose_name="who was told",
                    ),
                ),
                ("told_on", models.DateField(verbose_name="told on")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "note that somebody was told",
                "verbose_name_plural": "notes that somebody was told",
                "ordering": ["-told_on", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="document_of_decision_or_meeting",
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="letter_once",
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="left_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("time", "time ran out"),
                    ("missing", "findings or images were missing"),
                    ("away", "somebody who was needed was away"),
                    ("changed", "the patient’s situation changed"),
                    ("other", "another reason"),
                ],
                max_length=10,
                verbose_name="why it was not discussed",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="moved_to",
            field=models.OneToOneField(
                blank=True,
                help_text="Its place afterwards.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moved_from",
                to="meetings.agendaitem",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("letter", "outcome letter"),
                    ("record", "record for the chart"),
                    ("patient", "page for the patient"),
                    ("minutes", "minutes"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decision__isnull", False),
                        ("kind__in", ["letter", "record", "patient"]),
                        ("meeting__isnull", True),
                    ),
                    models.Q(("decision__isnull", True), ("kind", "minutes"), ("meeting__isnull", False)),
                    _connector="OR",
                ),
                name="document_of_decision_or_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decision__isnull", False)),
                fields=("decision", "kind", "language", "source_digest"),
                name="paper_of_decision_once",
            ),
        ),
        migrations.AddField(
            model_name="finish",
            name="finished_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="finish",
            name="meeting",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="finish", to="meetings.meeting"
            ),
        ),
        migrations.AddField(
            model_name="patientpage",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="patient_pages", to="meetings.decision"
            ),
        ),
        migrations.AddField(
            model_name="patientpage",
            name="released_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="release", to="meetings.decision"
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="released_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signaturerequest",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signaturerequest",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signature_requests", to="meetings.decision"
            ),
        ),
        migrations.AddField(
            model_name="signaturerequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stepmark",
            name="marked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="stepmark",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="meetings.nextstep"
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="told", to="meetings.decision"
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="told_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="told by",
            ),
        ),
        migrations.AddConstraint(
            model_name="patientpage",
            constraint=models.UniqueConstraint(fields=("decision", "language", "number"), name="patient_page_once"),
        ),
        migrations.AddConstraint(
            model_name="signaturerequest",
            constraint=models.UniqueConstraint(fields=("decision", "person"), name="signature_asked_once"),
        ),
        migrations.AddConstraint(
            model_name="stepmark",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_done", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="step_undone_has_reason",
                violation_error_message="Say why the step is open again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="told",
            constraint=models.UniqueConstraint(fields=("decision", "whom", "told_on", "told_by"), name="told_once"),
        ),
        # SQLite builds a changed table anew, without the triggers that it had.
        Guard(
            "meetings_document",
            "meetings_finish",
            "meetings_patientpage",
            "meetings_release",
            "meetings_signaturerequest",
            "meetings_stepmark",
            "meetings_told",
        ),
    ]
