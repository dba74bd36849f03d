"""Every write of the calendar: series and their meetings, people, replies, closed days, invitations."""

from mdt.meetings.calendar.actions.days import change_calendar, close_days, open_days
from mdt.meetings.calendar.actions.invitations import invite_to_meeting
from mdt.meetings.calendar.actions.people import add_core_member, add_deputy, remove_core_member
from mdt.meetings.calendar.actions.replies import reply
from mdt.meetings.calendar.actions.series import change_series, end_series, follow_series, start_series, tend_series

__all__ = [
    "add_core_member",
    "add_deputy",
    "change_calendar",
    "change_series",
    "close_days",
    "end_series",
    "follow_series",
    "invite_to_meeting",
    "open_days",
    "remove_core_member",
    "reply",
    "start_series",
    "tend_series",
]
