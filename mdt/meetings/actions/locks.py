"""What every write to a meeting begins with: the row locked, the version compared, strangers refused."""

from django.db.models import F
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm
from mdt.meetings.models import Meeting
from mdt.people.models import Membership, Team, User


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting, locked until the end of the transaction.

    Raises ActionError once it is over or cancelled.
    """
    # `of` spares the nullable join of the chair, which PostgreSQL cannot lock.
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("team").get(pk=meeting.pk)
    if meeting.state != Meeting.State.PLANNED:
        raise ActionError(_("This meeting is closed: its agenda and attendance stay as they were."))
    return meeting


def lock_meetings(*meetings: Meeting | None) -> dict[int, Meeting]:
    """These by their keys, all at once: two meetings that end and move cases to each other take them in one order."""
    keys = {meeting.pk for meeting in meetings if meeting is not None}
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("team").filter(pk__in=keys)
    return {meeting.pk: meeting for meeting in locked.order_by("pk")}


def refuse_if_changed(meeting: Meeting, version: int) -> None:
    if meeting.version != version:
        raise StaleForm(
            _(
                "Somebody else changed this meeting in the meantime. Nothing was stored; look at what is new "
                "and try again."
            )
        )


def grow(meeting: Meeting) -> None:
    """A new version, so that forms opened before this change are recognised as stale."""
    Meeting.objects.filter(pk=meeting.pk).update(version=F("version") + 1)
    meeting.version += 1


def refuse_stranger(team: Team, *people: User | None) -> None:
    """Raises ActionError, naming the first who does not belong to the team."""
    wanted = {person.pk: person for person in people if person is not None}
    known = set(Membership.objects.filter(team=team, user__in=wanted).values_list("user_id", flat=True))
    for pk, person in wanted.items():
        if pk not in known:
            raise ActionError(_("%(person)s does not belong to this team.") % {"person": person})
