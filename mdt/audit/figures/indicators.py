"""How well the meetings work: shares with the target that somebody published, or none.

A target says where it comes from and whether its source was read. None of them is a rule of this system.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Count, F, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mdt.audit.conditions import CONDITIONS
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.figures.profile import Group, count, groups_of
from mdt.audit.rows.packed import FLAGS, HAPPENED, R0
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table, percent, share_cell, source_cell

AGAIN, RESECTED = 1 << FLAGS.index("is_again"), HAPPENED["resected_on"]


@dataclass(frozen=True)
class Target:
    """A published number to reach (`at_least`), or to stay under. `is_read`: whether its source was read.

    `is_comparison`: what another hospital reached, and nobody's standard.
    """

    share: float
    way: Literal["at_least", "under"]
    source: Promise
    is_read: bool = True
    is_comparison: bool = False

    def is_met(self, share: float) -> bool:
        return share >= self.share if self.way == "at_least" else share < self.share

    @property
    def words(self) -> str:
        limit = percent(self.share)
        return (
            gettext("at least %(limit)s") % {"limit": limit}
            if self.way == "at_least"
            else gettext("under %(limit)s") % {"limit": limit}
        )


@dataclass(frozen=True)
class Indicator:
    """A share: rows that `counts` out of those that it is `of`. Both also name conditions, which open the cases."""

    key: str
    title: Promise
    counts: tuple[str, Callable[[Group], object]]
    of: tuple[str, Callable[[Group], object]]
    target: Target | None = None


def _decided(group: Group) -> bool:
    return group.is_decided


def _taken(group: Group) -> bool:
    return group.is_taken


DECIDED = ("decided", _decided)
TAKEN = ("taken", _taken)
INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "quorate",
        _("Quorate"),
        ("quorate", lambda group: group.is_taken and group.flags["is_quorate"]),
        TAKEN,
        Target(0.95, "at_least", _("UK peer review, of meetings"), is_read=False),
    ),
    Indicator(
        "prospective",
        _("Before treatment began (prospective)"),
        ("prospective", lambda group: group.is_decided and group.flags["is_prospective"]),
        DECIDED,
        Target(0.80, "at_least", _("ACS Commission on Cancer, standard 2.5")),
    ),
    Indicator(
        "prospective_unknown",
        _("Not known whether treatment had begun"),
        ("prospective_unknown", lambda group: group.is_decided and group.flags["is_prospective"] is None),
        DECIDED,
    ),
    Indicator("signed", _("Signed"), ("signed", lambda group: group.is_taken and group.flags["is_signed"]), TAKEN),
    Indicator(
        "deferred",
        _("Deferred"),
        ("deferred", lambda group: group.ended == "deferred"),
        ("closed", lambda group: group.ended != "open"),
    ),
    Indicator(
        "not_discussed",
        _("Listed but not discussed"),
        ("not_discussed", lambda group: group.ended == "not_discussed"),
        ("closed", lambda group: group.ended != "open"),
        Target(
            0.10,
            "under",
            _("one hospital found 69 of 726 (BIR 2019); a comparison, not a standard"),
            is_comparison=True,
        ),
    ),
    Indicator(
        "late",
        _("Listed late or not ready"),
        ("late", lambda group: group.flags["is_late"]),
        ("", lambda group: True),
    ),
    Indicator(
        "again", _("Discussed again"), ("again", lambda group: group.is_taken and group.flags["is_again"]), TAKEN
    ),
    Indicator(
        "no_preference",
        _("Decided without the patient's recorded wish"),
        ("no_preference", lambda group: group.is_decided and not group.flags["has_preference"]),
        DECIDED,
    ),
    Indicator(
        "no_comorbidity",
        _("Decided without recorded comorbidity"),
        ("no_comorbidity", lambda group: group.is_decided and not group.flags["has_comorbidity"]),
        DECIDED,
    ),
    Indicator(
        "unknown",
        _("Not known whether it was carried out"),
        ("unknown", lambda group: group.implementation == "unknown"),
        DECIDED,
        Target(0.05, "under", _("target of this system, after Bonn's 13,050 recommendations; no standard")),
    ),
)
BY_KEY: Final = {indicator.key: indicator for indicator in INDICATORS}


def indicators(scope: Scope, groups: list[Group] | None = None) -> Table:
    """Every share, with its interval, its target and the target's source."""
    groups = groups_of(scope) if groups is None else groups
    return Table(
        key="indicators",
        title=gettext("How the meetings work"),
        how_counted=str(DEFINITIONS["indicators"]),
        columns=(
            Column("indicator", gettext("Indicator")),
            Column("count", gettext("Cases"), "count"),
            Column("of", gettext("Of"), "count"),
            Column("share", gettext("Share"), "share"),
            Column("target", gettext("Published number")),
            Column("source", gettext("Source")),
        ),
        rows=tuple(_row(scope, indicator, groups) for indicator in INDICATORS),
        notes=(gettext("The published numbers are for comparison. “Not verified”: the source itself was not read."),),
    )


def _row(scope: Scope, indicator: Indicator, groups: list[Group]) -> Row:
    number, total = count(groups, indicator.counts[1]), count(groups, indicator.of[1])
    target = indicator.target
    url = cases_url(scope.narrowed(only=indicator.counts[0]))
    return (
        Cell(str(indicator.title)),
        Cell(number, url=url),
        Cell(total, url=cases_url(scope.narrowed(only=indicator.of[0]))),
        share_cell(number, total),
        Cell(target.words if target else ""),
        source_cell(str(target.source), is_read=target.is_read) if target else Cell(""),
    )


def conversion(scope: Scope) -> Table:
    """Of the cases that were type II at their first decision: how many were resected since, how many with R0."""
    total, resected, clear = _converted(scope)
    here = [cases_url(scope.narrowed(only=name)) for name in ("first_type_ii", "converted", "converted_r0")]
    return Table(
        key="conversion",
        title=gettext("Conversion of type II"),
        how_counted=str(DEFINITIONS["conversion"]),
        columns=(
            Column("group", gettext("First decision, type II")),
            Column("cases", gettext("Cases"), "count"),
            Column("share", gettext("Share"), "share"),
        ),
        rows=(
            (Cell(gettext("All")), Cell(total, url=here[0]), Cell(None)),
            (Cell(gettext("Resected since")), Cell(resected, url=here[1]), share_cell(resected, total)),
            (Cell(gettext("Resected since with R0")), Cell(clear, url=here[2]), share_cell(clear, total)),
        ),
        notes=(
            gettext(
                "Cases of the last months had little time to be resected. The sources give no time after which to "
                "count."
            ),
        ),
    )


def _converted(scope: Scope) -> tuple[int, int, int]:
    """All, resected, resected with R0; by the flags, which the index holds."""
    flag = {
        name: F("flags").bitand(bit) / bit for name, bit in (("again", AGAIN), ("resected", RESECTED), ("clear", R0))
    }
    rows = scope.rows().filter(CONDITIONS["decided"], confirmed="II").annotate(**flag).filter(again=0).order_by()
    found = rows.aggregate(all=Count("*"), resections=Sum("resected"), cleared=Sum("clear"))
    return found["all"], found["resections"] or 0, found["cleared"] or 0
