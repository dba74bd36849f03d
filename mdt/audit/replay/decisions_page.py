"""What the pages of a replay show of past decisions: how they would stand, which would be deviations, and which not."""

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case
from cases.replaying_words import categories_in_words
from mdt.audit.models import ReplayedDecision, ReplayRun
from mdt.audit.queries import Echo, harmless
from mdt.audit.replay.actions import question_of
from mdt.audit.replay.judging import DEVIATIONS, UNANSWERED, is_judged_by
from mdt.audit.replay.queries import PAGE_SIZE
from mdt.meetings.concordance import Concordance
from mdt.meetings.documents.decision_parts import status_words
from mdt.meetings.models import Meeting
from mdt.meetings.shown import NO_CATEGORY

COLUMNS = ("case", "meeting", "version", "confirmed", "before", "after", "proposed", "option_status")
_READ = (
    "pk",
    "decision__case__reference",
    "decision__meeting__number",
    "decision__version",
    "decision__category",
    "before",
    "after",
    "proposed",
    "option_status",
)


def word_of(concordance: str) -> str:
    if concordance == UNANSWERED:
        return _("cannot be said")
    return str(dict(Concordance.choices).get(concordance, concordance))


def is_deviation(concordance: str) -> bool:
    return concordance in DEVIATIONS


def summary_of(run: ReplayRun) -> dict[str, Any] | None:
    """Past decisions counted by how they stood and would stand; None where the scheme is not what decisions name."""
    if not is_judged_by(question_of(run)):
        return None
    cells = [_cell(run, *row) for row in run.counts.get("decisions", [])]
    cells.sort(key=lambda cell: (not cell["is_changed"], -cell["number"]))

    def count(was: bool, is_now: bool) -> int:
        return sum(
            cell["number"]
            for cell in cells
            if (is_deviation(cell["before"]), is_deviation(cell["after"])) == (was, is_now)
            and cell["after"] != UNANSWERED
        )

    address = reverse("replay-decisions", args=[run.pk])
    return {
        "cells": cells,
        "all": sum(cell["number"] for cell in cells),
        "newly": count(False, True),
        "newly_url": f"{address}?as=newly",
        "no_longer": count(True, False),
        "no_longer_url": f"{address}?as=no-longer",
        "both": count(True, True),
        "neither": count(False, False),
        "unanswered": sum(cell["number"] for cell in cells if cell["after"] == UNANSWERED),
        "unanswered_url": f"{address}?as=unanswered",
    }


def _cell(run: ReplayRun, before: str, after: str, number: int) -> dict[str, Any]:
    is_changed = before != after
    url = reverse("replay-decisions", args=[run.pk]) + "?" + urlencode({"before": before, "after": after or "-"})
    return {
        "before": before,
        "after": after,
        "words": [word_of(before), word_of(after)],
        "number": number,
        "is_changed": is_changed,
        "url": url if is_changed else "",
    }


def _of_run(run: ReplayRun) -> QuerySet[ReplayedDecision]:
    """Of a run of before, too, without the cases whose data may only be stored since."""
    return ReplayedDecision.objects.filter(run=run).exclude(decision__case__in=Case.objects.restricted())


def _asked_rows(run: ReplayRun, asked: dict[str, str]) -> QuerySet[ReplayedDecision]:
    """Those of one cell (before and after), of one group (as), or all."""
    rows = _of_run(run)
    was, would_be = Q(before__in=DEVIATIONS), Q(after__in=DEVIATIONS)
    groups = {"newly": ~was & would_be, "no-longer": was & ~would_be & ~Q(after=""), "unanswered": Q(after="")}
    if asked.get("as") in groups:
        return rows.filter(groups[asked["as"]])
    if asked.get("before"):
        return rows.filter(before=asked["before"], after=asked.get("after", "").replace("-", ""))
    return rows


def in_words(asked: dict[str, str]) -> str:
    """Which decisions the list holds, as its heading says it; "" for all of them."""
    groups = {
        "newly": _("would be deviations, and were not"),
        "no-longer": _("were deviations, and would not be"),
        "unanswered": _("cannot be judged by these rules"),
    }
    if asked.get("as") in groups:
        return groups[asked["as"]]
    if asked.get("before"):
        sides = [word_of(asked["before"]), word_of(asked.get("after", "").replace("-", ""))]
        return _("%(old)s → %(new)s") % {"old": sides[0], "new": sides[1]}
    return ""


def lines_of(run: ReplayRun, asked: dict[str, str], after: int = 0) -> tuple[list[dict], int | None]:
    """One page of the decisions that stand otherwise, and from where the next one starts (None: there is none)."""
    rows = _asked_rows(run, asked).filter(pk__gt=after).order_by("pk").values_list(*_READ)
    found = list(rows[: PAGE_SIZE + 1])
    lines = [_line(run, *row) for row in found[:PAGE_SIZE]]
    return lines, found[PAGE_SIZE - 1][0] if len(found) > PAGE_SIZE else None


def _meeting(run: ReplayRun, number: int) -> str:
    return Meeting(team=run.team, number=number).reference


def _line(run, _pk, case, number, version, category, before, after, proposed, status) -> dict[str, Any]:
    meeting = _meeting(run, number)
    return {
        "reference": case,
        "meeting": meeting,
        "url": reverse("decision", args=[meeting, case, version]),
        "confirmed": _category(run, category),
        "proposed": _("open") if not proposed and after else _category(run, proposed) if proposed else "–",
        "rating": status_words(status) if status else "–",
        "before": word_of(before),
        "after": word_of(after),
        "is_deviation": is_deviation(after),
    }


def _category(run: ReplayRun, category: str) -> str:
    return categories_in_words(run.pathway, run.scheme, category.replace(NO_CATEGORY, ""), get_language())


def csv_of(run: ReplayRun) -> Iterator[str]:
    """Every decision that stands otherwise as CSV, a line at a time; words by their codes."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    rows = _of_run(run).order_by("pk").values_list(*_READ[1:])
    for case, number, *rest in rows.iterator(chunk_size=2000):
        row = (case, _meeting(run, number), *rest)
        yield writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
