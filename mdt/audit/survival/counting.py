"""From the audit's rows to patients under observation: each once, from their first decision, under what it said.

Time runs from that meeting until death, or until the last day on which the patient is known to have lived. Nobody is
left out in silence: who was not seen again counts on the first day, and whose follow-up contradicts itself is counted
apart.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Case, Count, DateField, F, Func, IntegerField, Value, When

from mdt.audit.conditions import DECIDED
from mdt.audit.scope import Scope
from mdt.audit.statistics import Curve, kaplan_meier
from mdt.audit.statistics.survival import Patient


class DaysBetween(Func):
    """Whole days from the second date to the first, which is the later one."""

    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **context):
        return super().as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )

    def as_postgresql(self, compiler, connection, **context):
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context)


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

    @property
    def curve(self) -> Curve:
        """In days."""
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

    def add(
        self, keys: dict[str, str], number: int, days: int | None, *, is_dead: bool, is_contradictory: bool
    ) -> None:
        """So many patients with the same values and days."""
        for column, key in keys.items():
            group = self.groups[column].setdefault(key, Group(key))
            if is_contradictory:
                group.contradictory += number
            elif not is_dead and (days is None or days <= 0):
                group.not_seen_again += number
                group.observed[0.0, False] += number
            else:
                group.observed[float(days), is_dead] += number


COLUMNS = ("confirmed", "concordance")


def observed(scope: Scope) -> Observed:
    """Counted in one pass over the rows: at most one line for each day, end and group."""
    end = Case(When(died_on__isnull=False, then=F("died_on")), default=F("last_seen_on"), output_field=DateField())
    told_apart = (*COLUMNS, "pathway", "is_again", "is_contradictory", "is_dead", "days")
    lines = (
        scope.rows()
        .filter(DECIDED)
        .annotate(
            is_dead=Case(When(died_on__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField()),
            days=DaysBetween(end, F("meeting_on")),
        )
        .values_list(*told_apart)
        .annotate(number=Count("*"))
        .order_by(*told_apart)
    )
    found = Observed()
    for confirmed, concordance, pathway, is_again, is_contradictory, is_dead, days, number in lines:
        found.decisions += number
        if is_again:
            found.again += number
            continue
        found.pathways.add(pathway)
        keys = {"confirmed": confirmed, "concordance": concordance}
        found.add(keys, number, days, is_dead=bool(is_dead), is_contradictory=is_contradictory)
    return found
