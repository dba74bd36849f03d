from django.urls import include, path

from cases.views import (
    case,
    emergency,
    explanation,
    patient,
    psychosocial,
    queue,
    referral,
    replay,
    restaging,
    restricted,
    what_if,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("queue/counts/", queue.show_counts, name="queue-counts"),
    path("queue/waited-for/", queue.show_waited_for, name="queue-waited-for"),
    path("emergency-access/", emergency.open_in_emergency, name="emergency-access"),
    path("cases/refer/", referral.refer_case, name="case-refer"),
    path(
        "cases/<str:reference>/",
        include(
            [
                path("", case.show_case, name="case"),
                path("findings/", case.show_findings, name="case-findings"),
                path("history/", case.show_history, name="case-history"),
                path("proposals/<int:number>/", case.show_proposal, name="proposal"),
                path("what-if/", what_if.show_what_if, name="what-if"),
                path("replay/", replay.replay_case, name="case-replay"),
                path("explanation/", explanation.explain_case, name="case-explanation"),
                path("proposals/<int:number>/explanation/", explanation.explain_proposal, name="proposal-explanation"),
                path("restaging/open/", restaging.open_restaging, name="restaging-open"),
                path("referral/change/", referral.change_referral, name="referral-change"),
                path("patient/correct/", patient.correct_patient, name="patient-correct"),
                path("psychosocial/", psychosocial.show_notes, name="psychosocial"),
                path("psychosocial/write/", psychosocial.write_note, name="psychosocial-write"),
                path("psychosocial/open/", psychosocial.open_notes, name="psychosocial-open"),
                path("restricted/open/", restricted.open_restricted, name="restricted-open"),
                path("referral/take-back/", referral.take_back_referral, name="referral-take-back"),
                path("close/", referral.close_case, name="case-close"),
                path("reopen/", referral.reopen_case, name="case-reopen"),
                path("", include("cases.finding_urls")),
            ]
        ),
    ),
]
