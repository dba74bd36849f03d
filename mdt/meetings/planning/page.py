"""The page "Plan the agendas": what a person chose on it, and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict

from mdt.meetings.actions.agenda import MINUTES
from mdt.meetings.models import AgendaPlan
from mdt.meetings.planning import words
from mdt.meetings.planning.plan import Plan, overfull, unfitting
from mdt.meetings.planning.rules import house_rules
from mdt.meetings.planning.situation import Choices
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with

MOST_ROWS = 5000
MOST_NAMED = 8


@dataclass(frozen=True)
class Posted:
    """The fields of the page as they were sent: choices, the places that were shown, and reasons, by reference."""

    choices: Choices = field(default_factory=Choices)
    places: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    sort: bool = True


def posted(data: QueryDict) -> Posted:
    """Read the form. A place that was changed counts as fixed: who moves a case means it to stay there."""
    fixed, freed, minutes, places, reasons = {}, set(), {}, {}, {}
    for reference in data.getlist("case")[:MOST_ROWS]:
        place, was = data.get(f"place-{reference}", ""), data.get(f"was-{reference}", "")
        places[reference] = place
        if data.get(f"fix-{reference}") or place != was:
            fixed[reference] = place
        else:
            freed.add(reference)
        typed = data.get(f"min-{reference}", "")
        if typed.isdecimal() and MINUTES[0] <= int(typed) <= MINUTES[1]:
            minutes[reference] = int(typed)
        if reason := data.get(f"reason-{reference}", "").strip()[:400]:
            reasons[reference] = reason
    choices = Choices(fixed, frozenset(freed), minutes)
    return Posted(choices, places, reasons, data.get("digest", "")[:64], bool(data.get("sort")))


def plan_context(plan: Plan, user: User, *, sent: Posted | None = None, sort: bool = True) -> dict:
    """Everything of the page."""
    team, reasons = plan.situation.team, sent.reasons if sent else {}
    newest = AgendaPlan.objects.filter(team=team).select_related("applied_by", "undoing").order_by("-id").first()
    teams = Team.objects.filter(pk__in=teams_with(user, Permission.MEETING_PLAN)).order_by("name", "id")
    return {
        "team": team,
        "teams": list(teams),
        "digest": plan.situation.digest(),
        "certificate": words.certificate(plan),
        "proof": words.proof(plan),
        "meetings": [_meeting(filled, reasons) for filled in plan.meetings],
        "not_placed": [{**_row(placed, reasons), "why": words.why_nowhere(placed, plan)} for placed in plan.not_placed],
        "choices": [(slot.meeting.reference, slot) for slot in plan.situation.slots],
        "unfitting": [
            {"placed": one, "why": [words.obstacle(code) for code in one.conflicts]}
            for one in unfitting(plan.situation)
        ],
        "overfull": overfull(plan.situation),
        **counts_context(plan, reasons),
        "last": newest if newest is not None and not newest.is_undone else None,
        "rules": house_rules(),
        "sort": sort,
    }


def counts_context(plan: Plan, reasons: Mapping[str, str] | None = None) -> dict:
    """What applying the plan would do; `reasons` as typed: with one, a case is listed before its facts are in."""
    waits = [one for one in plan.waits_for_facts if not (reasons or {}).get(one.case.reference)]
    changes = [one for one in plan.changes if one not in waits]
    return {
        "plan": plan,
        "listed": changes[:MOST_NAMED],
        "changes": len(changes),
        "waits": len(waits),
        "moved": sum(one.is_moved for one in changes),
        "too_full": [one for one in plan.meetings if one.over and any(p.is_new or p.is_moved for p in one.placed)],
    }


def _meeting(filled, reasons: dict[str, str]) -> dict:
    return {
        "filled": filled,
        "meeting": filled.slot.meeting,
        "settled": filled.settled,
        "rows": [{**_row(placed, reasons), "why": words.why_there(placed)} for placed in filled.placed],
    }


def _row(placed, reasons: dict[str, str]) -> dict:
    return {
        "placed": placed,
        "case": placed.case,
        "minutes": placed.candidate.minutes,
        "conflicts": [words.obstacle(code) for code in placed.conflicts],
        "reason": reasons.get(placed.case.reference, ""),
    }
