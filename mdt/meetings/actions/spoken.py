"""What somebody said in the room, noted by whoever keeps the record; and a note that was a mistake."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.content import Refused
from mdt.meetings.actions.decisions import lock_item, newest_decision
from mdt.meetings.actions.locks import refuse_stranger
from mdt.meetings.attendance import Seat
from mdt.meetings.models import AgendaItem, Meeting, Spoken
from mdt.meetings.room.presence import at_case
from mdt.meetings.room.table import Table
from mdt.people.disciplines import Discipline
from mdt.people.models import User
from mdt.people.templatetags.looks import day

TEXT_LENGTH = 1000


@transaction.atomic
def note_spoken(
    *,
    item: AgendaItem,
    by: User,
    text: str,
    person: User | None = None,
    discipline: str = "",
    said_at: datetime | None = None,
) -> Spoken:
    """Note what `person` said, or somebody of `discipline` whose name nobody caught; before the opening or after it.

    The same words may be said again: each call is a note, and a form that is sent twice counts once (mdt.once).
    Words that are noted after a signature stand beside the signed content, not in it. `said_at`: None where nobody
    gave the time. Raises Refused (with the field), ActionError for a stranger to team and meeting, and where the
    meeting was cancelled.
    """
    item = lock_item(item)
    if item.meeting.state == Meeting.State.CANCELLED or item.state == AgendaItem.State.REMOVED:
        raise ActionError(_("This case is not on the agenda of this meeting any more."))
    text = _one_sign_per_line_end(text)
    if not text or len(text) > TEXT_LENGTH:
        raise Refused(_("Write down in up to %(limit)d characters what was said.") % {"limit": TEXT_LENGTH}, "text")
    if person is None and discipline not in Discipline.values:
        raise Refused(_("Say who said it: a person, or a discipline."), "who")
    if said_at is not None and said_at > timezone.now():
        raise Refused(_("This time has not come yet."), "said_at")
    began_at = Table(item.meeting).began_at
    if said_at is not None and began_at is not None and said_at < began_at.replace(second=0, microsecond=0):
        raise Refused(_("The meeting began at %(time)s, after this.") % {"time": day(began_at, "time")}, "said_at")
    seat = _seat_of(item, person) if person else None
    voice = {"person": person, "discipline": seat.discipline if seat else discipline}
    present = {each.discipline for each in at_case(item).present}
    spoken = Spoken.objects.create(
        item=item,
        **voice,
        text=text,
        said_at=said_at,
        was_present=seat.is_present if seat else discipline in present,
        is_before_reveal=item.is_sealed,
        after_version=_newest_signed(item),
        noted_by=by,
    )
    _log(Kind.SPOKEN_NOTED, spoken, by=by, item=item)
    return spoken


@transaction.atomic
def take_back_spoken(*, spoken: Spoken, by: User, reason: str = "") -> Spoken:
    """A note that was a mistake: both stay. Raises ActionError where it was taken back already."""
    item = lock_item(spoken.item)
    if spoken.takes_back_id is not None or Spoken.objects.filter(takes_back=spoken).exists():
        raise ActionError(_("This note was taken back already."))
    reason = _one_sign_per_line_end(reason)
    if len(reason) > TEXT_LENGTH:
        raise Refused(_("Say in up to %(limit)d characters why.") % {"limit": TEXT_LENGTH}, "reason")
    row = Spoken.objects.create(
        item=item,
        takes_back=spoken,
        text=reason,
        is_before_reveal=item.is_sealed,
        after_version=_newest_signed(item),
        noted_by=by,
    )
    _log(Kind.SPOKEN_TAKEN_BACK, row, by=by, item=item)
    return row


def _one_sign_per_line_end(text: str) -> str:
    """As the browser counts while somebody types; it sends two."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _seat_of(item: AgendaItem, person: User) -> Seat | None:
    """Their seat for this case. Raises ActionError for somebody who neither belongs to the team nor was marked."""
    seat = next((each for each in at_case(item).seats if each.person.pk == person.pk), None)
    if seat is None:
        refuse_stranger(item.meeting.team, person)
    return seat or Seat(person, person.discipline, is_chair=False, is_expected=False)


def _newest_signed(item: AgendaItem) -> int:
    """Version of the newest signed decision; 0 where none is signed."""
    signed = item.decisions.filter(sign_off__isnull=False).order_by("-version").values_list("version", flat=True)
    return signed.first() or 0


def _log(kind: Kind, row: Spoken, *, by: User, item: AgendaItem) -> None:
    """One line, without the words: whoever reads the log before the table is opened must not learn them. The papers of
    a signed decision are made anew, with the note beside the signed content."""
    record(kind, by=by, case=item.case, subject=row, meeting=item.meeting.reference)
    newest = newest_decision(item)
    if newest is not None and newest.is_signed:
        owe(kind="prepare-letters", subject=subject_of(newest))
