"""The course of a case: disease, stagings, treatment, proposals and decisions, from stored rows and the log."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.alternatives import either
from cases.models import Case, Proposal, Restaging
from cases.reasoning import category_label, course_dates, describe, fact_label, pathway_of
from mdt.events.kinds import Kind
from mdt.events.models import Event

OF_THE_COURSE = (
    Kind.PROPOSAL_MADE,
    Kind.DECISION_RECORDED,
    Kind.DECISION_SIGNED,
    Kind.DECISION_AMENDED,
    Kind.CASE_CLOSED,
    Kind.CASE_REOPENED,
)
Point = dict[str, Any]


def timeline_of(case: Case, proposal: Proposal | None) -> list[Point]:
    """Dated points of `on`, `label`, `text` and `kind`, oldest first; `types`: what the leading scheme said there."""
    points = [_point(case.referred_on, _("Referred"), case.referrer)]
    if proposal is not None:
        points += _dates(case, proposal)
        points += _stagings(case, proposal)
    points += _from_log(case)
    return sorted(points, key=lambda point: point["on"])


def _point(on: date | str, label: str, text: str = "", kind: str = "event", types: str = "") -> Point:
    return {"on": str(on), "label": label, "text": text, "kind": kind, "types": types}


def _dates(case: Case, proposal: Proposal) -> Iterator[Point]:
    """The dates that the pathway names, as first stated and as stated at the newest restaging."""
    for fact, label in course_dates(case.pathway, get_language()):
        stated = (facts.get(fact) for facts in (proposal.facts, proposal.restaging_facts or {}))
        yield from (_point(on, label, kind="disease") for on in dict.fromkeys(stated) if isinstance(on, str))


def _stagings(case: Case, proposal: Proposal) -> Iterator[Point]:
    """The first staging with the type at presentation, then every restaging with what treatment had done."""
    restagings = list(case.restagings.order_by("number"))
    examined = [entry["on"] for said in proposal.statements.values() for entry in said if entry["on"]]
    if examined and (restagings or not _is_after_therapy(proposal)):
        types = says(case.pathway, proposal.main_system["possible"], proposal.main_system["provisional"]["possible"])
        yield _point(min(examined), _("First staging"), _("type at presentation"), "staging", types)
    current = proposal.answer.get("current_resectability")
    for restaging in restagings:
        is_newest = restaging is restagings[-1]
        types = says(case.pathway, current["possible"], current["provisional"]) if current and is_newest else ""
        text = _("; ").join(filter(None, [_treatment(restaging), _("can be resected now") if types else ""]))
        label = _("Restaging %(number)s") % {"number": restaging.number}
        yield _point(restaging.started_on, label, text or restaging.reason, "staging", types)


def _is_after_therapy(proposal: Proposal) -> bool:
    phases = proposal.answer.get("phases") or {}
    return not phases.get("baseline", True)


def _treatment(restaging: Restaging) -> str:
    """What was stated then of the course of treatment: lines, months, response."""
    pathway = pathway_of(restaging.case.pathway)
    group, language = pathway.facts[pathway.baseline_fact].group, get_language()
    stated: dict[str, Any] = {}
    for finding in restaging.findings.current().order_by("id"):
        stated |= finding.facts
    return _("; ").join(
        _("%(fact)s: %(value)s")
        % {"fact": fact_label(pathway.id, name, language), "value": describe(pathway.id, name, stated[name], language)}
        for name, fact in pathway.facts.items()
        if name in stated
        and fact.group == group
        and not fact.carries_over
        and fact.type != "date"
        and name != pathway.baseline_fact
    )


def says(pathway: str, possible: list[str], provisional: list[str]) -> str:
    """An answer of the leading scheme in a few words: "Type II", "provisionally Type II", "open: Type I or Type II"."""
    language = get_language()

    def named(categories: list[str]) -> str:
        return either(category_label(pathway, category, language) or category for category in categories)

    if len(possible) == 1:
        return named(possible)
    if len(provisional) == 1:
        return _("provisionally %(type)s") % {"type": named(provisional)}
    return _("open: %(types)s") % {"types": named(possible)} if possible else ""


def _from_log(case: Case) -> Iterator[Point]:
    """Days on which the proposed type changed, and what became of decisions: of several lines a day, the last."""
    found: dict[tuple[date, str], Point] = {}
    before = None
    for event in Event.objects.of_case(case.reference).filter(kind__in=OF_THE_COURSE):
        on, data = timezone.localdate(event.at), event.data
        if event.kind == Kind.PROPOSAL_MADE:
            types = says(case.pathway, data["possible"].split(), data["provisional"].split())
            key = (on, "proposal")
            if types == before and key not in found:
                continue
            label = _("Proposal %(number)s") % {"number": data["number"]}
            found[key], before = _point(on, label, kind="proposal", types=types), types
        elif event.kind in (Kind.CASE_CLOSED, Kind.CASE_REOPENED):
            found[on, event.kind] = _point(on, capfirst(event.get_kind_display()), data.get("reason", ""))
        else:
            label = capfirst(event.get_kind_display())
            found[on, f"decision {data.get('meeting')}"] = _point(on, label, data.get("meeting", ""), "decision")
    return iter(found.values())
