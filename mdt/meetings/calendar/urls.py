"""Addresses of series, calendars of teams, and one's own meetings. They stand before those of single meetings."""

from django.urls import include, path

from mdt.meetings.calendar.views import days, replies, series

urlpatterns = [
    path("meetings/mine/", replies.show_mine, name="my-meetings"),
    path("meetings/calendar/<slug:code>/", days.change_calendar, name="team-calendar"),
    path("meetings/calendar/<slug:code>/close/", days.close_days, name="days-close"),
    path("meetings/calendar/<slug:code>/<int:closed>/open/", days.open_days, name="days-open"),
    path("meetings/series/", series.list_series, name="series-list"),
    path("meetings/series/start/", series.start_series, name="series-start"),
    path(
        "meetings/series/<str:series_reference>/",
        include(
            [
                path("", series.show_series, name="series"),
                path("change/", series.change_series, name="series-change"),
                path("end/", series.end_series, name="series-end"),
                path("people/add/", series.add_core_member, name="core-member-add"),
                path("people/<int:member>/deputy/", series.add_deputy, name="deputy-add"),
                path("people/<int:member>/remove/", series.remove_core_member, name="core-member-remove"),
            ]
        ),
    ),
]
