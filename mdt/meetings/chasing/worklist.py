"""The worklist of a discipline: which cases wait for its facts, until when, and why each fact matters.

Everything is read from stored rows: the table of who is waited for, and the newest proposal of each case shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from cases.models import Case, Proposal, Waiting
from cases.queue import waited_for
from cases.queue_rows import WAITED_FOR
from cases.reasoning import (
    age_limits,
    asked_disciplines,
    describe,
    fact_label,
    item_label,
    item_owners,
    item_sources,
    pathway_label,
    pathway_of,
)
from cases.what_matters import facts_that_matter
from mdt.meetings.chasing.deadline import Deadline, deadline_at, deadline_of, places_in
from mdt.meetings.chasing.reminded import Reminding, remindings_for
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can, teams_with

A_PAGE = 25
MOST_CASES = 1000


@dataclass(frozen=True)
class Said:
    """What was last said about a fact, where that is too old or not exact enough."""

    value: str
    by: str
    on: str
    age_days: int | None
    limit_days: int | None
    is_stale: bool


@dataclass(frozen=True)
class Need:
    """One required item that a discipline is asked for."""

    label: str
    said: Sequence[Said]
    systems: Sequence[Mapping[str, Any]]  # what each answer would leave, for the systems that it moves
    is_assumed: bool
    others: Sequence[str]  # disciplines that can supply it too
    url: str  # the form, at that fact; "" for a reader who may not record


@dataclass(frozen=True)
class Ask:
    """A case with all that it needs from the discipline."""

    case: Case
    deadline: Deadline
    is_late: bool
    needs: Sequence[Need]
    form_url: str
    reminding: Reminding | None  # None where another discipline is asked first


def disciplines_asked(user: User) -> list[tuple[str, int]]:
    """Discipline → open cases of the reader's teams that wait for its facts, the most waited-for first."""
    return waited_for(teams_with(user, Permission.CASE_VIEW))


def page_of(user: User, discipline: str, number: str) -> Page:
    """A page of the worklist; its objects are deadlines in their order, until `asks_of` has filled them.

    The order is found from the bare dates of all that wait; only what the page shows is read whole.
    """
    teams = Team.objects.in_bulk(teams_with(user, Permission.CASE_VIEW))
    waiting = Waiting.objects.filter(team__in=teams, whom=discipline, what=Waiting.What.FACTS)
    rows = waiting.order_by("target_on", "case").values_list("case_id", "target_on", "team_id")[:MOST_CASES]
    places = places_in(teams)
    order = [(deadline_at(on, teams[team].zone, places.get(case)), case) for case, on, team in rows]
    page = Paginator(sorted(order), A_PAGE).get_page(number)
    shown = [case for _at, case in page.object_list]
    cases = Case.objects.select_related("patient", "team").in_bulk(shown)
    page.object_list = [deadline_of(cases[pk], places.get(pk)) for pk in shown]
    return page


def asks_of(user: User, discipline: str, deadlines: Iterable[Deadline]) -> list[Ask]:
    """The cases of one page with everything that is asked."""
    deadlines = list(deadlines)
    newest = _newest_proposals([deadline.case for deadline in deadlines])
    remindings = remindings_for(user, discipline, deadlines)
    now = timezone.now()
    return [
        Ask(
            case=deadline.case,
            deadline=deadline,
            is_late=deadline.has_passed(now),
            needs=_needs(user, deadline.case, discipline, newest.get(deadline.case.pk)),
            form_url=_form(user, deadline.case, discipline),
            reminding=remindings.get(deadline.case.pk),
        )
        for deadline in deadlines
    ]


def _newest_proposals(cases: list[Case]) -> dict[int, Proposal]:
    """Case id → its newest proposal. Two queries."""
    newest = Proposal.objects.filter(case=OuterRef("pk")).order_by("-number").values("pk")[:1]
    ids = Case.objects.filter(pk__in=[case.pk for case in cases]).annotate(newest=Subquery(newest))
    return {proposal.case_id: proposal for proposal in Proposal.objects.filter(pk__in=ids.values("newest"))}


def _needs(user: User, case: Case, discipline: str, proposal: Proposal | None) -> list[Need]:
    matters = {entry["fact"]: entry for entry in facts_that_matter(proposal.answer)} if proposal else {}
    found = []
    for item in case.readiness:
        owners = item_owners(case.pathway, item["fact"])
        if item["state"] in WAITED_FOR and discipline in owners:
            facts = item_sources(case.pathway, item["fact"])
            entry = next((matters[fact] for fact in facts if fact in matters), None)
            found.append(
                Need(
                    label=item_label(case.pathway, item["fact"], get_language()),
                    said=_said(case, facts, proposal),
                    systems=[system for system in entry["systems"] if system["is_moved"]] if entry else [],
                    is_assumed=bool(entry and entry["is_assumed"]),
                    others=[owner for owner in owners if owner != discipline],
                    url=_form(user, case, discipline, _asked_fact(case.pathway, discipline, facts)),
                )
            )
    return found


def _asked_fact(pathway: str, discipline: str, facts: Sequence[str]) -> str:
    """The first of these facts that stands in the discipline's form."""
    asked = {fact.name for fact in pathway_of(pathway).facts_for(discipline)}
    return next((fact for fact in facts if fact in asked), "")


def _form(user: User, case: Case, discipline: str, fact: str = "") -> str:
    """The discipline's form, at a fact; "" where it has none or the reader may not record."""
    if discipline not in asked_disciplines(case.pathway) or not can(user, Permission.FINDING_RECORD, case.team_id):
        return ""
    url = reverse("finding-record", args=[case.reference, discipline])
    return f"{url}#{fact}" if fact else url


def _said(case: Case, facts: Sequence[str], proposal: Proposal | None) -> list[Said]:
    """What stands in the way of an answer: statements that are too old, or not exact enough."""
    found = []
    today, language, limits = timezone.localdate(), get_language(), age_limits(case.pathway)
    for fact in facts:
        limit = limits.get(fact)
        for entry in proposal.current_statements.get(fact, []) if proposal else []:
            if entry["holds"]:
                on = entry.get("on")
                found.append(
                    Said(
                        value=describe(case.pathway, fact, entry["value"], language),
                        by=entry.get("by", ""),
                        on=on or "",
                        age_days=(today - date.fromisoformat(on)).days if on else None,
                        limit_days=limit,
                        is_stale=bool(entry.get("is_stale")),
                    )
                )
    return found


def shown_limits(pathways: Iterable[str]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Pathway in words → its facts that grow too old, with the days after which they do."""
    language = get_language()
    found = []
    for name in dict.fromkeys(pathways):
        limits = [(fact_label(name, fact, language), days) for fact, days in age_limits(name).items()]
        if limits:
            found.append((pathway_label(name, language), sorted(limits, key=lambda limit: limit[1])))
    return found
