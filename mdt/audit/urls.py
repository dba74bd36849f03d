"""Addresses of the event log, of what became of decisions, of the audit's figures, and of replays."""

from django.urls import path

from mdt.audit import views
from mdt.audit.annual import views as annual
from mdt.audit.exports import views as exports
from mdt.audit.figures import views as figures
from mdt.audit.followup import views as followup
from mdt.audit.followup.checks import views as checks
from mdt.audit.learning import views as learning
from mdt.audit.outcomes import views as outcomes
from mdt.audit.packs import views as packs
from mdt.audit.pictures import views as pictures
from mdt.audit.replay import views as replay
from mdt.audit.research import views as research
from mdt.audit.survival import views as survival

urlpatterns = [
    path("r/<str:token>/", followup.report_by_link, name="report-by-link"),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/report/",
        followup.report,
        name="implementation-report",
    ),
    path("cases/<str:reference>/follow-up/", outcomes.show_follow_up, name="case-follow-up"),
    path("cases/<str:reference>/follow-up/<int:entry>/correct/", outcomes.correct, name="follow-up-correct"),
    path("cases/<str:reference>/follow-up/<int:entry>/retract/", outcomes.retract, name="follow-up-retract"),
    path("follow-up/", checks.show_list, name="follow-up"),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/report/quick/",
        checks.report_at_once,
        name="implementation-quick",
    ),
    path("events/", views.events, name="events"),
    path("events/export/", views.export_events, name="events-export"),
    path("events/verify/", views.verify_events, name="events-verify"),
    path("cases/<str:reference>/log/", views.case_events, name="case-events"),
    path("audit/", figures.audit, name="audit"),
    path("audit/indicators/", figures.show_indicators, name="audit-indicators"),
    path("audit/attendance/", figures.show_attendance, name="audit-attendance"),
    path("audit/cases/", figures.cases, name="audit-cases"),
    path("audit/pictures/", pictures.pictures, name="audit-pictures"),
    path("audit/survival/", survival.survival, name="audit-survival"),
    path("audit/learning/", learning.learning, name="learning"),
    path("audit/learning/cluster/", learning.cluster, name="learning-cluster"),
    path("audit/research/", research.research, name="research"),
    path("audit/packs/", packs.show_packs, name="packs"),
    path("audit/packs/<int:pack>/", packs.show_pack, name="pack"),
    path("audit/packs/<int:pack>/file/", packs.open_pack, name="pack-file"),
    path("audit/packs/<int:pack>/cancel/", packs.cancel_pack, name="pack-cancel"),
    path("audit/packs/<int:pack>/delete/", packs.delete_pack, name="pack-delete"),
    path("meetings/<str:reference>/decisions/<str:case_reference>/pack/", packs.ask_pack_of_decision, name="pack-ask"),
    path("audit/report/", annual.annual_reports, name="annual-reports"),
    path("audit/report/<int:report>/", annual.annual_report, name="annual-report"),
    path("audit/report/<int:report>/file/", annual.annual_report_file, name="annual-report-file"),
    path("audit/export/", exports.export, name="audit-export"),
    path("audit/replay/", replay.replays, name="replays"),
    path("audit/replay/<int:run>/", replay.replay, name="replay"),
    path("audit/replay/<int:run>/cancel/", replay.cancel_replay, name="replay-cancel"),
    path("audit/replay/<int:run>/resume/", replay.resume_replay, name="replay-resume"),
    path("audit/replay/<int:run>/cases/", replay.replay_cases, name="replay-cases"),
    path("audit/replay/<int:run>/export/", replay.export_replay, name="replay-export"),
    path("audit/replay/<int:run>/decisions/", replay.replay_decisions, name="replay-decisions"),
    path("audit/replay/<int:run>/decisions/export/", replay.export_decisions, name="replay-decisions-export"),
]
