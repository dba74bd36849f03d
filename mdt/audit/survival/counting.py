"""From the audit's rows to patients under observation: each once, from their first decision, under what it said.

Time runs from that meeting until death, or until the last day on which the patient is known to have lived. Nobody is
left out in silence: who was not seen again counts on the first day, and whose follow-up contradicts itself is counted
apart.
"""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import BigIntegerField, Count, F
from django.db.models.functions import Cast, Coalesce

from mdt.audit.conditions import DECIDED
from mdt.audit.rows.packed import BITS, CONCORDANCE, CONTRADICTORY
from mdt.audit.scope import Scope
from mdt.audit.statistics import Curve, kaplan_meier
from mdt.audit.statistics.survival import Patient


@dataclass
class Group:
    """Patients of one value of the column that was asked for."""

    key: str
    observed: Counter[Patient] = field(default_factory=Counter)
    not_seen_again: int = 0
    contradictory: int = 0

    @property
    def patients(self) -> int:
        """Those in the curve."""
        return self.observed.total()

    @property
    def all(self) -> int:
        return self.patients + self.contradictory

    @property
    def deaths(self) -> int:
        return sum(number for (_days, died), number in self.observed.items() if died)

    @cached_property
    def curve(self) -> Curve:
        """In days; of all who were added until it is first asked for."""
        return kaplan_meier(self.observed)

    @property
    def followed_days(self) -> float | None:
        """Median time of follow-up: the curve in which being lost is the event (Control Clin Trials 1996;17:343)."""
        return kaplan_meier({(days, not died): number for (days, died), number in self.observed.items()}).median


@dataclass
class Observed:
    """All of a scope: its decisions, how many were not the first of their case, and the patients by either column."""

    decisions: int = 0
    again: int = 0
    groups: dict[str, dict[str, Group]] = field(default_factory=lambda: {name: {} for name in COLUMNS})
    pathways: set[str] = field(default_factory=set)

    def by(self, column: str) -> dict[str, Group]:
        """Value of the column → its patients."""
        return self.groups[column]

    def add(self, keys: dict[str, str], number: int, days: int, *, is_dead: bool, is_contradictory: bool) -> None:
        """So many patients with the same values and days."""
        for column, key in keys.items():
            group = self.groups[column].setdefault(key, Group(key))
            if is_contradictory:
                group.contradictory += number
            elif not is_dead and days <= 0:
                group.not_seen_again += number
                group.observed[0.0, False] += number
            else:
                group.observed[float(days), is_dead] += number


COLUMNS = ("confirmed", "concordance")
ROOM = 1 << 16
"""More than the bits that stand below the days."""
KEPT = BITS["is_again"] | BITS["died_on"] | CONTRADICTORY


def observed(scope: Scope) -> Observed:
    """Counted in one pass over the rows: at most one line for each day, end and group."""
    days = Cast(Coalesce("observed_days", 0), BigIntegerField())
    packed = days * ROOM + F("flags").bitand(KEPT) * 8 + F("axes").bitrightshift(3)  # the axes of decisions: no end
    told_apart = ("confirmed", "pathway", "packed")
    lines = scope.rows().filter(DECIDED).annotate(packed=packed).values_list(*told_apart)
    found = Observed()
    for confirmed, pathway, code, number in lines.annotate(number=Count("*")).order_by(*told_apart):
        days, rest = divmod(code, ROOM)
        flags, concordance = divmod(rest, 8)
        found.decisions += number
        if flags & BITS["is_again"]:
            found.again += number
            continue
        found.pathways.add(pathway)
        keys = {"confirmed": confirmed, "concordance": CONCORDANCE[concordance]}
        is_dead, is_contradictory = bool(flags & BITS["died_on"]), bool(flags & CONTRADICTORY)
        found.add(keys, number, days, is_dead=is_dead, is_contradictory=is_contradictory)
    return found
