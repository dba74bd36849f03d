"""Opinions in the room: before the opening who has committed, afterwards what the table thinks, and one's own form."""

from typing import Any

from cases.reasoning import quorum_of
from mdt.meetings.forms.voice import OpinionForm
from mdt.meetings.models import AgendaItem, Meeting, Opinion, Reveal
from mdt.meetings.opinions import agreement_on, discipline_of
from mdt.meetings.room.shared import Shared
from mdt.meetings.shown import Shown, shown_by
from mdt.people.models import User
from mdt.people.permissions import Permission, can


def asks_for_opinions(item: AgendaItem) -> bool:
    """Whether the page has a place for opinions: the meeting asks for them, or once did."""
    return item.meeting.opinions_first or item.opinions.exists()


def opinions_context(
    item: AgendaItem,
    user: User,
    form: OpinionForm | None = None,
    shown: Shown | None = None,
    shared: Shared | None = None,
) -> dict[str, Any]:
    """Nothing about anybody's category while the case is sealed, but for one's own. `shown`: read if not given.

    `shared`: what the table knows is taken from there, read once for the room.
    """
    if not asks_for_opinions(item):
        return {"asks_for_opinions": False, "is_sealed": False}
    own = item.opinions.filter(person=user).order_by("-id").first()
    discipline = discipline_of(user, item.meeting)
    is_sealed = item.is_sealed
    return {
        "asks_for_opinions": True,
        "is_sealed": is_sealed,
        "own_opinion": own,
        "own_discipline": discipline,
        "opinion_form": (form or _form(item, own, shown)) if may_commit(item, user, discipline) else None,
        **(shared.once("opinions", lambda: opinions_of_table(item)) if shared else opinions_of_table(item)),
        "can_reveal": is_sealed and can(user, Permission.DECISION_RECORD, item.meeting.team_id),
    }


def opinions_of_table(item: AgendaItem) -> dict[str, Any]:
    """What everybody in the room may know: who has committed; once the table is open, what each discipline thinks."""
    is_sealed = item.is_sealed
    return {
        "committed": committed_in(item) if is_sealed else [],
        "agreement": None if is_sealed else agreement_on(item),
        "reveal": Reveal.objects.select_related("revealed_by").filter(item=item).first(),
    }


def may_commit(item: AgendaItem, user: User, discipline: str) -> bool:
    """Whether this reader, who speaks for `discipline`, may commit an opinion now, before the opening or after it."""
    is_discussed = item.state == AgendaItem.State.LISTED and item.meeting.state == Meeting.State.PLANNED
    may = can(user, Permission.OPINION_GIVE, item.meeting.team_id)
    return item.meeting.opinions_first and is_discussed and may and bool(discipline)


def committed_in(item: AgendaItem) -> list[dict[str, Any]]:
    """Each discipline of the quorum, then others that committed, and whether they have: never what."""
    committed = dict.fromkeys(item.opinions.values_list("discipline", flat=True))
    required = quorum_of(item.case.pathway)
    return [{"discipline": code, "has_committed": code in committed} for code in dict.fromkeys([*required, *committed])]


def form_for(item: AgendaItem, user: User, data) -> OpinionForm:
    """The form as it was sent."""
    return OpinionForm(data, shown=shown_by(item.case.latest_proposal))


def _form(item: AgendaItem, own: Opinion | None, shown: Shown | None) -> OpinionForm:
    return OpinionForm(shown=shown or shown_by(item.case.latest_proposal), own=own)
