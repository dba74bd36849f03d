"""What the scenario says at the desk: opinions before the proposal, what a decision holds beside its type, dissents."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mdt.meetings import actions
from mdt.meetings.actions import Branch, Condition, Rejection
from mdt.meetings.factors import factors_of
from mdt.meetings.models import AgendaItem, Decision
from mdt.people.models import User

if TYPE_CHECKING:
    from mdt.demo.play import Play


def commit_opinions(play: Play, script: list[dict[str, Any]], item: AgendaItem) -> None:
    """Each in its turn; with "" as category they cannot say."""
    for entry in script:
        actions.commit_opinion(
            item=item,
            by=play.people[entry["person"]],
            category=entry["category"],
            text=entry.get("text", ""),
            confidence=entry.get("confidence", ""),
        )


def open_table(play: Play, script: dict[str, Any], item: AgendaItem, chair: User) -> None:
    """The members speak, then the chair opens what is still sealed."""
    if not item.meeting.opinions_first:
        return
    commit_opinions(play, script.get("opinions", []), item)
    item = AgendaItem.objects.select_related("meeting", "case").get(pk=item.pk)
    if item.is_sealed:
        actions.reveal_opinions(item=item, by=chair)


def content_parts(script: dict[str, Any], item: AgendaItem, offered: set[str]) -> dict[str, Any]:
    """Patient factors as the findings have them; the rest as the scenario says, days counted from the meeting."""
    rejected = [Rejection(*entry) for entry in script.get("rejected", []) if entry[0] in offered]
    return {
        **{name: factor.text for name, factor in factors_of(item.case.latest_proposal).items()},
        "checklist": script.get("checklist", {}),
        "rejected": rejected,
        "condition_rows": [_condition(entry) for entry in script.get("comes_back", [])],
    }


def _condition(entry: dict[str, Any]) -> Condition:
    return Condition(
        what=entry["what"],
        trigger=entry["trigger"],
        review_on=timezone.localdate() + timedelta(days=entry["days"]),
        fact=entry.get("fact", ""),
        branches=[Branch(*branch) for branch in entry.get("branches", [])],
    )


def note_spoken(play: Play, script: dict[str, Any], item: AgendaItem, by: User) -> None:
    """What members said in the room, as the coordinator noted it."""
    for entry in script.get("spoken", []):
        actions.note_spoken(item=item, by=by, person=play.people[entry["person"]], text=entry["text"])


def disagree(play: Play, script: dict[str, Any], decision: Decision) -> None:
    """Members on their own devices."""
    for entry in script.get("dissents", []):
        actions.record_dissent(
            decision=decision,
            by=play.people[entry["person"]],
            reason=entry["reason"],
            category=entry.get("category", ""),
        )
