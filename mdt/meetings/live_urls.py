"""Addresses of the live room below one meeting: attendance, the table, the pulse and the parts that it refreshes."""

from django.urls import path

from mdt.meetings.views import attendance, live

urlpatterns = [
    path("attendance/mark/", attendance.mark_attendance, name="attendance-mark"),
    path("attendance/own/", attendance.mark_own_attendance, name="attendance-own"),
    path("table/move/", live.move_table, name="table-move"),
    path("room/<str:case_reference>/pulse/", live.show_pulse, name="room-pulse"),
    path("room/<str:case_reference>/part/<str:piece>/", live.show_part, name="room-part"),
]
