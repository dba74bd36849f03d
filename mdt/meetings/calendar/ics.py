"""Meetings in iCalendar (RFC 5545): for invitations (iTIP, RFC 5546) and for the feed.

They say "MDT meeting", when, where, and the address of its page: nothing of a patient, and no words that people
typed but the place. Times stand in the team's zone with its VTIMEZONE; one that the wall clock shows a second time is
given in UTC, since iCalendar's local times mean the first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText, vUri

from mdt.addresses import public
from mdt.meetings.models import Meeting, Reply
from mdt.people.models import User

PRODUCT = "-//MDT case manager//EN"
PARTSTAT = {
    Reply.Answer.COMES: "ACCEPTED",
    Reply.Answer.VIDEO: "ACCEPTED",
    Reply.Answer.CANNOT: "DECLINED",
    Reply.Answer.DEPUTY: "DELEGATED",
}


@dataclass(frozen=True)
class Entry:
    """A meeting as one person has it in their calendar."""

    meeting: Meeting
    sequence: int
    stamped_at: datetime
    answer: str = Reply.Answer.OPEN
    is_cancelled: bool = False
    is_theirs: bool = True  # else shown as time that stays free


def uid_of(meeting: Meeting) -> str:
    """The same for ever, whatever happens to the meeting or to the system's address."""
    return f"meeting-{meeting.pk}-{meeting.created_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}@mdt-case-manager"


def invitation(entry: Entry, person: User, *, method: str) -> bytes:
    """A message of method REQUEST or CANCEL to one person, in the language that is active."""
    event = _event(entry)
    event.add("organizer", _address(settings.MAIL_FROM, str(entry.meeting.team)))
    guest = _address(person.email or f"{person.username}@users.invalid", person.display_name)
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    guest.params["PARTSTAT"] = vText(PARTSTAT.get(entry.answer, "NEEDS-ACTION"))
    guest.params["RSVP"] = vText("FALSE")  # nobody reads answers by mail: the page takes them
    event.add("attendee", guest)
    return _calendar([event], [entry.meeting], method=method).to_ical()


def feed(entries: Sequence[Entry], *, name: str) -> bytes:
    """A calendar to subscribe to, in the language that is active."""
    calendar = _calendar(map(_event, entries), [entry.meeting for entry in entries])
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vText("PT1H"), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    meeting, event = entry.meeting, Event()
    link = public(meeting.get_absolute_url())
    event.add("uid", uid_of(meeting))
    event.add("dtstamp", entry.stamped_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", _local(meeting.starts_at, meeting))
    event.add("dtend", _local(meeting.ends_at, meeting))
    event.add("summary", _("MDT meeting"))
    if meeting.place or meeting.video_url:
        event.add("location", meeting.place or meeting.video_url)
    event.add("description", "\n".join(filter(None, [link, meeting.video_url])))
    event.add("url", link)
    if meeting.video_url:
        event.add("conference", vUri(meeting.video_url), parameters={"VALUE": "URI", "FEATURE": "VIDEO"})
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.is_theirs and not entry.is_cancelled else "TRANSPARENT")
    return event


def _local(at: datetime, meeting: Meeting) -> datetime:
    local = at.astimezone(meeting.team.zone)
    return at.astimezone(UTC) if local.fold else local


def _calendar(events: Iterable[Event], meetings: Sequence[Meeting], *, method: str = "PUBLISH") -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    if meetings:
        years = [meeting.starts_at.year for meeting in meetings]
        calendar.add_missing_timezones(date(min(years), 1, 1), date(max(years) + 1, 12, 31))
    return calendar


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params["CN"] = vText(name)
    return found
