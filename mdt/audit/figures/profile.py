"""What the indicators count from: flags and axes in one pass, and each span of days as how often it occurs."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, Expression, F, IntegerField, Value
from django.db.models.functions import Cast, Coalesce

from mdt.audit.conditions import DECIDED
from mdt.audit.rows.packed import unpack_axes, unpack_flags
from mdt.audit.scope import Scope
from mdt.audit.statistics.quantiles import quantile

ROOM = 8192
"""More than the number of all flags together."""


@dataclass(frozen=True)
class Group:
    """Rows that agree in everything that an indicator asks for. `flags`: by the names of the columns."""

    ended: str
    concordance: str
    implementation: str
    flags: Mapping[str, bool | None]
    number: int

    @property
    def is_decided(self) -> bool:
        return self.ended == "decided"

    @property
    def is_taken(self) -> bool:
        """Decided or deferred: the meeting spoke about it."""
        return self.ended in ("decided", "deferred")


def groups_of(scope: Scope) -> list[Group]:
    """One pass; some hundred groups, however many rows."""
    # one number to group by: SQLite sorts it much quicker than two
    packed = Cast("axes", IntegerField()) * ROOM + F("flags")
    found = scope.rows().annotate(packed=packed).values_list("packed").annotate(number=Count("*")).order_by("packed")
    groups = ((*divmod(key, ROOM), number) for key, number in found)
    return [Group(*unpack_axes(axes), unpack_flags(flags), number) for axes, flags, number in groups]


def count(groups: list[Group], fits: Callable[[Group], object]) -> int:
    """How many rows fit."""
    return sum(group.number for group in groups if fits(group))


@dataclass(frozen=True)
class Spans:
    """Days between two steps: how often each number of days occurs, and how many have no such number."""

    days: Mapping[int, int]
    unknown: int

    @property
    def known(self) -> int:
        return sum(self.days.values())

    def within(self, limit: int) -> int:
        return sum(number for days, number in self.days.items() if days <= limit)

    def quantile(self, share: float) -> float | None:
        """Interpolated between neighbours; None of nothing."""
        return quantile(self.days, share)


A_PASS = 3
"""So many spans make one number of 48 bits: a group by it takes hardly longer than one by a single span."""
ROOM_OF_DAYS, MIDDLE = 1 << 16, 1 << 15
UNKNOWN = MIDDLE - 1
"""A number of days beyond what a row holds."""


def spans_of(scope: Scope, columns: Sequence[str]) -> dict[str, Spans]:
    """The spans of these columns of the decisions, three in a pass."""
    found: dict[str, Counter[int]] = {column: Counter() for column in columns}
    for place in range(0, len(columns), A_PASS):
        some = columns[place : place + A_PASS]
        packed: Expression = Value(0)
        for column in some:
            packed = packed * ROOM_OF_DAYS + Cast(Coalesce(column, UNKNOWN), BigIntegerField()) + MIDDLE
        groups = scope.rows().filter(DECIDED).annotate(packed=packed).values_list("packed")
        for code, number in groups.annotate(number=Count("*")).order_by("packed"):
            for column in reversed(some):
                code, days = divmod(code, ROOM_OF_DAYS)
                found[column][days - MIDDLE] += number
    return {column: Spans(_known(days), days[UNKNOWN]) for column, days in found.items()}


def _known(days: Mapping[int, int]) -> dict[int, int]:
    return {number: times for number, times in days.items() if number != UNKNOWN}
