from django.urls import include, path

from mdt.meetings.calendar.views import replies, series
from mdt.meetings.views import (
    agenda,
    conditions,
    decisions,
    desk,
    lane,
    meetings,
    outcome,
    planning,
    room,
    worklist,
)

urlpatterns = [
    path("worklist/", worklist.show_worklist, name="worklist"),
    path("worklist/<str:case_reference>/remind/", worklist.ask_reminder, name="reminder-ask"),
    path("meetings/", meetings.list_meetings, name="meetings"),
    path("meetings/plan/", meetings.plan_meeting, name="meeting-plan"),
    path("meetings/plan-agendas/", planning.plan_agendas, name="agendas-plan"),
    path("meetings/plan-agendas/<int:plan>/undo/", planning.undo_plan, name="agendas-plan-undo"),
    path("meetings/protocols/<str:code>/", lane.show_protocols, name="protocols"),
    path("meetings/next/", meetings.next_meeting, name="meeting-next"),
    path("", include("mdt.meetings.calendar.urls")),
    path(
        "meetings/<str:reference>/",
        include(
            [
                path("", meetings.show_meeting, name="meeting"),
                path("change/", meetings.change_meeting, name="meeting-change"),
                path("finish/", outcome.finish_meeting, name="meeting-finish"),
                path("actions/", outcome.show_steps_of_meeting, name="meeting-steps"),
                path("cancel/", meetings.cancel_meeting, name="meeting-cancel"),
                path("agenda/list/", agenda.list_case, name="case-list"),
                path("agenda/order/", agenda.order_agenda, name="agenda-order"),
                path("agenda/<str:case_reference>/unlist/", agenda.unlist_case, name="case-unlist"),
                path("agenda/<str:case_reference>/move/", agenda.move_case, name="case-move"),
                path("follow/", series.follow_series, name="meeting-follow"),
                path("reply/", replies.reply, name="meeting-reply"),
                path("", include("mdt.meetings.live_urls")),
                path("", include("mdt.meetings.lane.urls")),
                path("room/", room.enter_room, name="room-enter"),
                path("room/<str:case_reference>/", room.show_room, name="room"),
                path("room/<str:case_reference>/", include("mdt.meetings.desk_urls")),
                path("room/<str:case_reference>/record/", desk.record_decision, name="decision-record"),
                path("room/<str:case_reference>/sign/", desk.sign_decision, name="decision-sign"),
                path("room/<str:case_reference>/amend/", desk.amend_decision, name="decision-amend"),
                path("decisions/<str:case_reference>/<int:version>/", decisions.show_decision, name="decision"),
                path(
                    "decisions/<str:case_reference>/<int:version>/release/",
                    outcome.release_outcome,
                    name="outcome-release",
                ),
                path("decisions/<str:case_reference>/<int:version>/told/", outcome.note_told, name="outcome-told"),
            ]
        ),
    ),
    path("actions/", outcome.show_steps, name="next-steps"),
    path("actions/<int:step>/mark/", outcome.mark_step, name="next-step-mark"),
    path("", include("mdt.meetings.document_urls")),
    path(
        "cases/<str:reference>/conditions/<int:condition_id>/postpone/",
        conditions.postpone_condition,
        name="condition-postpone",
    ),
    path("cases/<str:reference>/conditions/<int:condition_id>/end/", conditions.end_condition, name="condition-end"),
    path("cases/<str:reference>/decisions/", decisions.show_decisions_of_case, name="case-decisions"),
]
