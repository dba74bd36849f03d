"""What is counted most, packed into small numbers: a group by them is several times quicker than by words.

The database derives all but `standards` from the row's own columns, so that they cannot part from them.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Case, Expression, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from mdt.meetings.concordance import Concordance
from mdt.meetings.models import Decision
from mdt.people.disciplines import Discipline

ENDED = ("decided", "deferred", "not_discussed", "open")
CONCORDANCE = ("", *Concordance.values)
IMPLEMENTATION = ("", "full", "partial", "different", "not_done", "pending", "lost", "unknown")
FLAGS = ("is_signed", "is_quorate", "is_late", "is_again", "has_preference", "has_comorbidity")
PROSPECTIVE, PROSPECTIVE_KNOWN = 64, 128
HAPPENED = {"died_on": 256, "treatment_began_on": 512, "resected_on": 1024}
R0 = 2048
CONTRADICTORY = 4096
BITS = {name: 1 << place for place, name in enumerate(FLAGS)} | HAPPENED
BITS |= {"is_prospective": PROSPECTIVE, "is_prospective_known": PROSPECTIVE_KNOWN}
BITS |= {"is_r0": R0, "is_contradictory": CONTRADICTORY}
ONCOLOGY_AND_RADIOLOGY = "oncology-and-radiology"
STANDARDS = (*Decision.Check.values, ONCOLOGY_AND_RADIOLOGY)
"""What standards ask of each case: gone through by the meeting, and both of these disciplines in the room."""


def _place(column: str, values: Sequence[str], step: int) -> Expression:
    cases = [When(**{column: value}, then=Value(place * step)) for place, value in enumerate(values) if place]
    return Case(*cases, default=Value(0), output_field=IntegerField())


def axes_expression() -> Expression:
    """How it ended, concordance and implementation, three bits each."""
    return (
        _place("ended", ENDED, 64) + _place("concordance", CONCORDANCE, 8) + _place("implementation", IMPLEMENTATION, 1)
    )


def flags_expression() -> Expression:
    """One bit for each flag and for each thing that is known to have happened; "treatment had not begun" has two, since
    it may be unknown."""
    total: Expression = Value(0)
    for bit, condition in _conditions().items():
        total = total + Case(When(condition, then=Value(bit)), default=Value(0))
    return total


def _conditions() -> dict[int, Q]:
    found = {BITS[name]: Q(**{name: True}) for name in FLAGS}
    found |= {PROSPECTIVE: Q(is_prospective=True), PROSPECTIVE_KNOWN: Q(is_prospective__isnull=False)}
    happened = {bit: Q(**{f"{column}__isnull": False}) for column, bit in HAPPENED.items()}
    return found | happened | {R0: Q(r_status="R0"), CONTRADICTORY: Q(is_contradictory=True)}


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


def observed_expression() -> Expression:
    """Days from the meeting until death, else until the last day on which the patient is known to have lived."""
    return DaysBetween(Coalesce("died_on", "last_seen_on"), "meeting_on")


def unpack_axes(axes: int) -> tuple[str, str, str]:
    """(ended, concordance, implementation) of a number made by `axes_expression`."""
    return ENDED[axes >> 6], CONCORDANCE[axes >> 3 & 7], IMPLEMENTATION[axes & 7]


def unpack_flags(flags: int) -> dict[str, bool | None]:
    """The flags of a number made by `flags_expression`, by their columns; of a day whether there is one."""
    found: dict[str, bool | None] = {name: bool(flags & bit) for name, bit in BITS.items()}
    if not found.pop("is_prospective_known"):
        found["is_prospective"] = None
    return found


def flag(name: str) -> Q:
    """Rows with this flag, or with a day in this column; read from the number that the index holds."""
    return Q(Exact(F("flags").bitand(BITS[name]), BITS[name]))


def pack_standards(checklist: Mapping[str, object], disciplines: Iterable[str]) -> int:
    """One bit for each of STANDARDS."""
    met = {*checklist}
    if {Discipline.ONCOLOGY, Discipline.RADIOLOGY} <= {*disciplines}:
        met.add(ONCOLOGY_AND_RADIOLOGY)
    return sum(1 << place for place, name in enumerate(STANDARDS) if name in met)


def unpack_standards(standards: int) -> set[str]:
    """Which of STANDARDS a number made by `pack_standards` holds."""
    return {name for place, name in enumerate(STANDARDS) if standards >> place & 1}


def axes_with(*, ended: str = "", concordance: str = "", implementation: str = "") -> list[int]:
    """Every number that holds what is asked for; what is "" may be anything."""
    return [
        axes
        for axes in range(len(ENDED) * 64)
        if (not ended or ENDED[axes >> 6] == ended)
        and (not concordance or _at(CONCORDANCE, axes >> 3 & 7) == concordance)
        and (not implementation or IMPLEMENTATION[axes & 7] == implementation)
    ]


def _at(values: Sequence[str], place: int) -> str | None:
    return values[place] if place < len(values) else None


def among(numbers: Sequence[int]) -> Q:
    """Rows whose axes are among these numbers; as a range where they follow on each other, which is quicker."""
    found = sorted(numbers)
    if found and found[-1] - found[0] == len(found) - 1:
        return Q(axes__range=(found[0], found[-1]))
    return Q(axes__in=found)
