"""The course of a case as a line of dated points: what was, today, what is to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext

from mdt.people.templatetags.looks import as_day


@dataclass(frozen=True, slots=True)
class CoursePoint:
    on: date
    when: Literal["past", "now", "ahead"]
    label: str
    text: str
    day: int | None  # days since referral, from the day of referral on
    kind: str = "event"
    types: str = ""


def build_course(
    points: Iterable[Mapping[str, Any]], case: Any = None, cut_off_at: Any = None
) -> tuple[CoursePoint, ...]:
    """Points of ``{"on", "label", "text", "kind", "types"}``; of an open case also today, what is planned, its target.

    ``cut_off_at`` is the moment until which findings count for the meeting that the case is listed for, if any.
    """
    today = timezone.localdate()
    start = as_day(getattr(case, "referred_on", None))
    rows = [dict(point, on=as_day(point["on"])) for point in points]
    if case is not None and case.is_open:
        rows.append({"on": today, "label": gettext("Today"), "kind": "today"})
        if meeting := as_day(case.meets_at):
            if cut_off := as_day(cut_off_at):
                rows.append({"on": cut_off, "label": gettext("Cut-off"), "text": gettext("findings in by then")})
            rows.append({"on": meeting, "label": gettext("Meeting")})
        elif target := as_day(case.target_on):
            rows.append({"on": target, "label": gettext("To be discussed by")})
    return tuple(
        CoursePoint(
            on=row["on"],
            when=_when(row["on"], today, row.get("kind", "")),
            label=row["label"],
            text=row.get("text") or "",
            day=_day(row["on"], start),
            kind=row.get("kind") or "event",
            types=row.get("types") or "",
        )
        for row in sorted((row for row in rows if row["on"] is not None), key=lambda row: row["on"])
    )


def _when(on: date, today: date, kind: str) -> Literal["past", "now", "ahead"]:
    if on > today:
        return "ahead"
    return "now" if on == today and kind == "today" else "past"


def _day(on: date, start: date | None) -> int | None:
    return (on - start).days if start and on >= start else None
