"""The seal of a case on an agenda: opened for the table, and following the meeting's setting."""

from cases.actions import set_state
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.models import AgendaItem, Meeting, Reveal
from mdt.meetings.opinions import waiting_disciplines
from mdt.people.models import User


def open_table(item: AgendaItem, *, by: User | None) -> Reveal:
    """From now on everybody sees opinions and proposal. `by` None: it opened by itself. In the caller's transaction."""
    reveal = Reveal.objects.create(item=item, revealed_by=by, waiting=waiting_disciplines(item))
    record(
        Kind.OPINIONS_REVEALED,
        by=by,
        case=item.case,
        subject=reveal,
        meeting=item.meeting.reference,
        waiting=reveal.waiting,
    )
    set_state(case=item.case, is_sealed=False)
    return reveal


def seal_agenda(*, meeting: Meeting, by: User) -> None:
    """After the meeting's setting was changed: its cases follow. What was decided already is not sealed any more."""
    for item in meeting.agenda.filter(state=AgendaItem.State.LISTED).select_related("case__team", "reveal"):
        item.meeting = meeting
        if item.is_sealed and item.decisions.exists():
            open_table(item, by=by)
        set_state(case=item.case, is_sealed=item.is_sealed)
