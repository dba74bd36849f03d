"""Corrections as a readable before and after, and what others recorded while a form was open."""

from itertools import pairwise
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.case_page import described_facts
from cases.models import Case, Finding
from cases.reasoning import describe, fact_label
from mdt.people.templatetags.looks import day


def newer_findings(
    case: Case, discipline: str, since: int | None, *, corrects: Finding | None = None
) -> list[dict[str, Any]]:
    """Findings of the discipline recorded after `since` (None: nothing is asked), or the correction that stands."""
    if corrects is not None:
        newest = newest_of(corrects)
        found = Finding.objects.filter(pk=newest.pk).exclude(pk=corrects.pk)
    elif since is None:
        return []
    else:
        found = case.findings.filter(discipline=discipline, pk__gt=since)
    language = get_language()
    return [
        {"finding": finding, "facts": described_facts(case.pathway, finding, language)}
        for finding in found.select_related("recorded_by").prefetch_related("quotations")
    ]


def newest_of(finding: Finding) -> Finding:
    """The last of its corrections; itself where there is none."""
    while (later := Finding.objects.filter(supersedes=finding).first()) is not None:
        finding = later
    return finding


def corrections_of(finding: Finding) -> list[dict[str, Any]]:
    """Every correction in the chain that this finding belongs to, newest first, with what it changed."""
    chain = [finding]
    while chain[0].supersedes is not None:
        chain.insert(0, chain[0].supersedes)
    while (later := Finding.objects.filter(supersedes=chain[-1]).select_related("recorded_by").first()) is not None:
        chain.append(later)
    steps = [{"finding": after, "changes": changes_between(before, after)} for before, after in pairwise(chain)]
    return steps[::-1]


def changes_between(before: Finding, after: Finding) -> list[dict[str, str]]:
    """Label, earlier and later words of everything that differs."""
    language, pathway = get_language(), before.case.pathway

    def words(finding: Finding, fact: str) -> str:
        return describe(pathway, fact, finding.facts[fact], language) if fact in finding.facts else ""

    changes = [
        {"label": fact_label(pathway, fact, language), "before": words(before, fact), "after": words(after, fact)}
        for fact in dict.fromkeys([*before.facts, *after.facts])
        if before.facts.get(fact) != after.facts.get(fact)
    ]
    prose = [
        (_("Date of examination"), *(day(each.examined_on) for each in (before, after))),
        (_("Impression for the meeting"), before.impression, after.impression),
        (_("Report text"), before.report_text, after.report_text),
    ]
    return changes + [
        {"label": label, "before": earlier, "after": later} for label, earlier, later in prose if earlier != later
    ]
