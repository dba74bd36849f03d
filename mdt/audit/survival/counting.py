"""From the audit's rows to patients under observation: each once, from their first decision, under what it said.

Time runs from that meeting until death, or until the last day on which the patient is known to have lived. Nobody is
left out in silence: who was not seen again counts on the first day, and whose follow-up contradicts itself is counted
apart.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Case, Count, DateField, F, Func, IntegerField, Q, Value, When

from mdt.audit.conditions import FIRST
from mdt.audit.rows.models import AuditRow
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


def first_decisions(scope: Scope):
    """Of each case the decision of the first meeting that decided on it, where the scope holds that one."""
    return scope.rows().filter(FIRST)


def groups_by(scope: Scope, column: str) -> dict[str, Group]:
    """Value of the column → its patients, counted in one pass over the rows."""
    end = Case(When(died_on__isnull=False, then=F("died_on")), default=F("last_seen_on"), output_field=DateField())
    lines = (
        first_decisions(scope)
        .annotate(
            is_dead=Case(When(died_on__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField()),
            days=DaysBetween(end, F("meeting_on")),
        )
        .values_list(column, "is_contradictory", "is_dead", "days")
        .annotate(number=Count("*"))
        .order_by(column, "is_contradictory", "is_dead", "days")
    )
    groups: dict[str, Group] = {}
    for key, is_contradictory, is_dead, days, number in lines:
        group = groups.setdefault(key, Group(key))
        if is_contradictory:
            group.contradictory += number
        elif not is_dead and (days is None or days <= 0):
            group.not_seen_again += number
            group.observed[0.0, False] += number
        else:
            group.observed[float(days), bool(is_dead)] += number
    return groups


def pathways_of(scope: Scope) -> set[str]:
    return set(first_decisions(scope).values_list("pathway", flat=True).distinct())


def counted(scope: Scope) -> tuple[int, int]:
    """Decisions of the scope, and how many of them were not the first of their case."""
    again = Count("pk", filter=Q(is_again=True))
    found = scope.rows().filter(ended=AuditRow.Ended.DECIDED).aggregate(number=Count("*"), again=again)
    return found["number"], found["again"]
