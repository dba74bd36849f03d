"""Addresses below cases/<reference>/ for recording, correcting and reading findings."""

from django.urls import path

from cases.views import findings

urlpatterns = [
    path("findings/record/", findings.choose_discipline, name="finding-new"),
    path("findings/record/<slug:discipline>/", findings.record_finding, name="finding-record"),
    path("findings/record/<slug:discipline>/draft/", findings.save_draft, name="draft-save"),
    path("findings/record/<slug:discipline>/report/", findings.read_report, name="report-read"),
    path("findings/record/<slug:discipline>/report/file/", findings.read_report_file, name="report-file"),
    path("findings/drafts/<int:draft_id>/discard/", findings.discard_draft, name="draft-discard"),
    path("findings/<int:finding_id>/", findings.show_finding, name="finding"),
    path("findings/<int:finding_id>/correct/", findings.correct_finding, name="finding-correct"),
    path("assumptions/confirm/", findings.confirm_assumption, name="assumption-confirm"),
]
