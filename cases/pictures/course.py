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


def build_course(points: Iterable[Mapping[str, Any]], case: Any = None) -> tuple[CoursePoint, ...]:
    """Points of ``{"on", "label", "text"}``; of a case that is still open also today, its target and its meeting."""
    today = timezone.localdate()
    start = as_day(getattr(case, "referred_on", None))
    rows = [(as_day(point["on"]), point["label"], point.get("text") or "") for point in points]
    if case is not None and case.is_open:
        rows.append((today, gettext("Today"), ""))
        if meeting := as_day(case.meets_at):
            rows.append((meeting, gettext("Meeting"), ""))
        elif target := as_day(case.target_on):
            rows.append((target, gettext("To be discussed by"), ""))
    return tuple(
        CoursePoint(on, _when(on, today, label), label, text, _day(on, start))
        for on, label, text in sorted((row for row in rows if row[0] is not None), key=lambda row: row[0])
    )


def _when(on: date, today: date, label: str) -> Literal["past", "now", "ahead"]:
    if on > today:
        return "ahead"
    return "now" if on == today and label == gettext("Today") else "past"


def _day(on: date, start: date | None) -> int | None:
    return (on - start).days if start and on >= start else None
