"""Each discipline's own category before the table sees the proposal, and the opening of both."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.content import Refused
from mdt.meetings.actions.decisions import lock_item
from mdt.meetings.actions.sealing import open_table
from mdt.meetings.models import AgendaItem, Meeting, Opinion, Reveal
from mdt.meetings.opinions import discipline_of, proposal_seen_at, waiting_disciplines
from mdt.meetings.shown import shown_by
from mdt.people.models import User


@transaction.atomic
def commit_opinion(*, item: AgendaItem, by: User, category: str, text: str = "", confidence: str = "") -> Opinion:
    """Commit what a member thinks of a case, under their discipline; "" as category: they cannot say.

    A member who changes their mind commits again: both rows stay. The same said twice (a second click) gives the row
    that is there. Once every discipline of the quorum has committed, the table is opened. Raises Refused (with the
    field), ActionError for somebody without a discipline, and where the case is not discussed any more.
    """
    item = lock_item(item)
    if not item.meeting.opinions_first:
        raise ActionError(_("This meeting does not ask for opinions before the proposal."))
    if item.state != AgendaItem.State.LISTED or item.meeting.state != Meeting.State.PLANNED:
        raise ActionError(_("This case is not on the agenda of this meeting any more."))
    discipline = discipline_of(by, item.meeting)
    if not discipline:
        raise ActionError(_("You speak for no discipline in this meeting: an administrator sets it."))
    said = {"category": category, "text": text.strip(), "confidence": confidence, "discipline": discipline}
    _refuse_wrong(item, said)
    newest = item.opinions.filter(person=by).order_by("-id").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in said.items()):
        return newest
    is_open = not item.is_sealed
    seen_at = proposal_seen_at(item, by)
    opinion = Opinion.objects.create(
        item=item,
        person=by,
        is_after_reveal=is_open,
        had_seen_proposal=seen_at is not None,
        proposal_seen_at=seen_at,
        **said,
    )
    # No category in the line: whoever reads the log before the table is opened must not learn it.
    record(
        Kind.OPINION_COMMITTED,
        by=by,
        case=item.case,
        subject=opinion,
        meeting=item.meeting.reference,
        discipline=discipline,
        is_after_reveal=is_open,
        had_seen_proposal=opinion.had_seen_proposal,
    )
    if not is_open and not waiting_disciplines(item):
        open_table(item, by=None)
    return opinion


def _refuse_wrong(item: AgendaItem, said: dict[str, str]) -> None:
    proposal = item.case.latest_proposal
    if said["category"] and (proposal is None or said["category"] not in shown_by(proposal).choices):
        raise Refused(_("This type is not one of this pathway."), "category")
    if said["confidence"] and said["confidence"] not in Opinion.Confidence.values:
        raise Refused(_("Say how sure you are with one of the words."), "confidence")
    if len(said["text"]) > 400:
        raise Refused(_("This text is too long: at most %(limit)d characters.") % {"limit": 400}, "text")


@transaction.atomic
def reveal_opinions(*, item: AgendaItem, by: User) -> Reveal:
    """The chair opens the opinions and the proposal, also before everybody has committed. Opening twice changes
    nothing.

    Raises ActionError where nothing is sealed.
    """
    item = lock_item(item)
    opened = Reveal.objects.filter(item=item).first()
    if opened is not None:
        return opened
    if not item.is_sealed:
        raise ActionError(_("Nothing is sealed here."))
    return open_table(item, by=by)
