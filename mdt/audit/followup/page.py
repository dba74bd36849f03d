"""What the form behind a link may show."""

from mdt.meetings.documents.wording import headline
from mdt.meetings.models import Decision
from mdt.meetings.outcome.report_link import Ticket


def decision_of_link(ticket: Ticket) -> Decision | None:
    """The decision that a link speaks of: the newest signed version, for the letter in somebody's hand may be older.
    None while the data of its case may only be stored."""
    first = Decision.objects.filter(pk=ticket.decision_id, sign_off__isnull=False).select_related("case").first()
    if first is None or first.case.is_restricted:
        return None
    signed = Decision.objects.filter(agenda_item=first.agenda_item_id, sign_off__isnull=False)
    return (
        signed.select_related("case__team", "meeting__team", "sign_off", "proposal")
        .prefetch_related("options")
        .order_by("-version")
        .first()
    )


def link_context(decision: Decision) -> dict:
    """No patient's name: the reference, the team, the day, and the answer in one line."""
    return {
        "reference": decision.case.reference,
        "team": decision.case.team,
        "held_on": decision.meeting.local_start,
        "version": decision.version,
        "answer": headline(decision),
    }
