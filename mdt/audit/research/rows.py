"""From the audit's rows to those of the export, in an order that says nothing of when they were decided."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cases.models import Case, Proposal
from mdt.audit.queries import harmless
from mdt.audit.research.variables import HIDDEN, VARIABLES, Raw, Variable, facts_of
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.meetings.models import Decision

AT_ONCE = 400
MOST_ROWS = 50_000
"""House rule: larger exports are asked for in parts."""
SMALL_CELL = 5
"""House rule, and a usual one of statistical offices: groups of fewer are a warning."""
QUASI = ("site", "meeting_year", "age_band", "sex", "confirmed")
"""What somebody who knows a patient may know of them."""
HIDES = ("age_band", "sex")


@dataclass(frozen=True)
class Export:
    """The rows of an export in the order of its columns. `small`: rows that share what may be known with too few."""

    variables: tuple[Variable, ...]
    rows: list[list[Any]]
    small: int
    smallest: int
    hides: bool


def variables_for(scope: Scope, *, with_facts: bool) -> tuple[Variable, ...]:
    """The columns; facts only where the scope asks for one pathway, whose words they are."""
    return (*VARIABLES, *(facts_of(scope.pathway) if with_facts and scope.pathway else ()))


def export_of(scope: Scope, *, with_facts: bool, hides_small: bool) -> Export:
    """Every decision of the scope, sorted by pseudonym. Age and sex of small groups are left out if asked for."""
    variables = variables_for(scope, with_facts=with_facts)
    rows = [[_plain(variable.read(raw)) for variable in variables] for raw in _read(scope, with_facts)]
    names = [variable.name for variable in variables]
    places = [names.index(name) for name in QUASI]
    sizes = Counter(tuple(row[place] for place in places) for row in rows)
    small = [row for row in rows if sizes[tuple(row[place] for place in places)] < SMALL_CELL]
    if hides_small:
        for row in small:
            for name in HIDES:
                row[names.index(name)] = HIDDEN
    return Export(
        variables=variables,
        rows=sorted(rows, key=lambda row: [str(value) for value in row]),
        small=len(small),
        smallest=min(sizes.values(), default=0),
        hides=hides_small,
    )


def _plain(value: Any) -> Any:
    return "" if value is None else harmless(value) if isinstance(value, str) else value


def decided(scope: Scope):
    return scope.rows().filter(ended=AuditRow.Ended.DECIDED)


def _read(scope: Scope, with_facts: bool) -> Iterable[Raw]:
    rows: list[AuditRow] = []
    for row in decided(scope).order_by("item_id").iterator(chunk_size=AT_ONCE):
        rows.append(row)
        if len(rows) == AT_ONCE:
            yield from _raw(rows, with_facts)
            rows = []
    yield from _raw(rows, with_facts)


def _raw(rows: Sequence[AuditRow], with_facts: bool) -> Iterable[Raw]:
    cases = Case.objects.select_related("patient").in_bulk({row.case_id for row in rows})
    facts: dict[int, dict] = {}
    if with_facts:
        seen = dict(Decision.objects.filter(pk__in=[r.decision_id for r in rows]).values_list("pk", "proposal_id"))
        found = Proposal.objects.only("facts", "restaging_facts", "statements", "restaging_statements", "case")
        proposals = found.in_bulk({pk for pk in seen.values() if pk})
        facts = {pk: proposals[own].current_facts for pk, own in seen.items() if own in proposals}
    for row in rows:
        yield Raw(row, cases[row.case_id], facts.get(row.decision_id, {}))
