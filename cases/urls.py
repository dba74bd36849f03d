from django.urls import include, path

from cases.views import case, queue, referral, what_if

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("queue/counts/", queue.show_counts, name="queue-counts"),
    path("queue/waited-for/", queue.show_waited_for, name="queue-waited-for"),
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
                path("referral/change/", referral.change_referral, name="referral-change"),
                path("close/", referral.close_case, name="case-close"),
                path("reopen/", referral.reopen_case, name="case-reopen"),
                path("", include("cases.finding_urls")),
            ]
        ),
    ),
]
