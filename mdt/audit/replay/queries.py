"""What the pages of a replay show."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case
from cases.replaying_words import categories_in_words, edition_words
from classification import load_rulebook
from mdt.audit.jobs.page import is_given_up
from mdt.audit.models import ReplayChange, ReplayRun
from mdt.audit.queries import Echo, harmless
from mdt.duties.models import Duty
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with

PAGE_SIZE = 100
PARTS = ("provisional", "possible")


@dataclass(frozen=True)
class Cell:
    """How many snapshots went from one set of categories to another; `url` opens those that changed."""

    old: str
    new: str
    number: int
    is_changed: bool
    url: str


def replay_teams(user: User) -> list[Team]:
    """The teams whose snapshots this person may have asked again."""
    return list(Team.objects.filter(pk__in=teams_with(user, Permission.RULES_REPLAY)))


def runs_of(teams: list[Team]) -> list[ReplayRun]:
    """The newest runs of these teams."""
    return list(ReplayRun.objects.filter(team__in=teams).select_related("team", "asked_by").defer("counts")[:50])


def name_of(run: ReplayRun) -> str:
    """The edition and reading of a run in words; its bare names where the installation has it no more."""
    rules = load_rulebook().pathways.get(run.pathway)
    editions = rules.editions if rules else ()
    for edition in editions:
        if (edition.scheme, edition.edition) == (run.scheme, run.edition):
            reading = run.reading if run.reading in edition.readings else ""
            return edition_words(edition, reading, get_language())
    return str(run)


def trouble_of(run: ReplayRun, duty: Duty | None) -> str:
    """Why a run does not go on, in words; "" if nothing is wrong."""
    if run.error:
        return _("The rules of this installation changed since the replay was started. Start a new one.")
    if is_given_up(duty):
        return _("This replay was given up after several attempts. Resume it, and tell whoever runs the system.")
    return ""


def tables_of(run: ReplayRun) -> list[dict]:
    """Old and new categories with their numbers: what changed first, the most frequent first."""
    titles = {"provisional": _("Provisional answer"), "possible": _("Possible answers")}
    tables = []
    for part in PARTS:
        cells = [_cell(run, part, *row) for row in run.counts.get(part, [])]
        cells.sort(key=lambda cell: (not cell.is_changed, -cell.number))
        tables.append({"part": part, "title": titles[part], "cells": cells})
    return tables


def _cell(run: ReplayRun, part: str, old: str, new: str, number: int) -> Cell:
    is_changed = set(old.split()) != set(new.split())
    url = reverse("replay-cases", args=[run.pk]) + "?" + urlencode({"part": part, "old": old, "new": new})
    return Cell(words_of(run, old), words_of(run, new), number, is_changed, url if is_changed else "")


def words_of(run: ReplayRun, text: str) -> str:
    return categories_in_words(run.pathway, run.scheme, text, get_language())


def _changes(run: ReplayRun) -> QuerySet[ReplayChange]:
    """Of a run of before, too, without the cases whose data may only be stored since."""
    return ReplayChange.objects.filter(run=run).exclude(proposal__case__in=Case.objects.restricted())


def changes_of(run: ReplayRun, asked: dict[str, str], after: int = 0) -> tuple[list[dict], int | None]:
    """One page of the snapshots that changed, and from where the next one starts (None: there is none).

    `asked` may name one cell: part, old and new. Categories are compared as they are stored.
    """
    rows = _changes(run).filter(pk__gt=after)
    part = asked.get("part")
    if part in PARTS:
        rows = rows.filter(**{f"old_{part}": asked.get("old", ""), f"new_{part}": asked.get("new", "")})
    columns = ("pk", "proposal__case__reference", "proposal__number", *_COLUMNS)
    found = list(rows.order_by("pk").values_list(*columns)[: PAGE_SIZE + 1])
    lines = [
        {
            "reference": reference,
            "number": number,
            "words": [words_of(run, text) for text in texts],
            "url": _why_url(run, reference, number),
        }
        for _pk, reference, number, *texts in found[:PAGE_SIZE]
    ]
    return lines, found[PAGE_SIZE - 1][0] if len(found) > PAGE_SIZE else None


_COLUMNS = ("old_provisional", "new_provisional", "old_possible", "new_possible")


def _why_url(run: ReplayRun, reference: str, number: int) -> str:
    rules = "|".join((run.pathway, run.scheme, run.edition, run.reading))
    return reverse("case-replay", args=[reference]) + "?" + urlencode({"rules": rules, "proposal": number})


def csv_of(run: ReplayRun) -> Iterator[str]:
    """Every snapshot that changed as CSV, a line at a time; categories by their ids."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(("case", "proposal", *_COLUMNS))
    rows = _changes(run).order_by("pk")
    for row in rows.values_list("proposal__case__reference", "proposal__number", *_COLUMNS).iterator(chunk_size=2000):
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
