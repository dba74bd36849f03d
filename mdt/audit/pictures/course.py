"""From proposed over confirmed and chosen to carried out, as a flow, with the same numbers in three tables."""

from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.utils.translation import gettext as _

from cases.option_page import KINDS
from cases.reasoning import categories_of
from classification import load_rulebook
from mdt.audit.conditions import DECIDED
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.pictures.flows import Node, Stage, flow_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.rows.models import AuditRow
from mdt.audit.rows.packed import unpack_axes
from mdt.audit.scope import NONE, Scope
from mdt.audit.tables import Cell, Column, Table, count_cell
from mdt.audit.words import code_in_words, title_of
from mdt.meetings.documents.wording import capital

STAGES = ("proposed", "confirmed", "treatment", "implementation")
NOT_KNOWN = {("proposed", ""), ("confirmed", ""), ("treatment", ""), ("implementation", "lost")}
NOT_KNOWN |= {("implementation", "unknown")}

Way = tuple[str, str, str, str]


def ways_of(scope: Scope) -> dict[Way, int]:
    """How many decisions went each way, counted in the database."""
    told_apart = (*STAGES[:-1], "axes")
    lines = scope.rows().filter(DECIDED).values_list(*told_apart).annotate(number=Count("*")).order_by(*told_apart)
    found: dict[Way, int] = {}
    for proposed, confirmed, treatment, axes, number in lines:
        _ended, _concordance, implementation = unpack_axes(axes)
        way = proposed, confirmed, treatment, implementation
        found[way] = found.get(way, 0) + number
    return found


def flow_picture(scope: Scope) -> Picture:
    """All decisions of the scope as one flow."""
    ways = ways_of(scope)
    stages = [Stage(_title(name), _nodes(name, _held(ways, place))) for place, name in enumerate(STAGES)]

    def css_of(stage: int, one: str, two: str) -> str:
        if stage == 0 and one and one != two:
            return "moved"
        return "lost" if (STAGES[stage + 1], two) in NOT_KNOWN else ""

    description = _(
        "Each decision is a band from the proposed type over the confirmed one and the treatment that was chosen to "
        "what was reported of it. Bands of another colour: the meeting confirmed another type than the one proposed; "
        "grey: not known. The figures stand in the tables."
    )
    tables = tuple(_table(scope, ways, place) for place in range(len(STAGES) - 1))
    drawing = flow_drawing(stages, ways, css_of)
    return Picture("flow", _("From proposal to treatment"), description, drawing, tables, layout="wide")


def proposed_confirmed(scope: Scope) -> Table:
    return _table(scope, ways_of(scope), 0)


def confirmed_treatment(scope: Scope) -> Table:
    return _table(scope, ways_of(scope), 1)


def treatment_implementation(scope: Scope) -> Table:
    return _table(scope, ways_of(scope), 2)


def _titles() -> tuple[str, ...]:
    return (
        _("Confirmed type against the proposed one"),
        _("Treatment chosen, by confirmed type"),
        _("What became of it, by treatment chosen"),
    )


def _title(name: str) -> str:
    return _("Treatment chosen") if name == "treatment" else title_of(name)


def _held(ways: Mapping[Way, int], place: int) -> list[str]:
    """Codes that occur at a stage, in the order in which pages list them; unknown and empty ones last."""
    found = {way[place] for way in ways}
    order = _order(STAGES[place])
    return sorted(found, key=lambda code: (order.index(code) if code in order else len(order), not code, code))


def _order(name: str) -> list[str]:
    if name == "treatment":
        return list(KINDS)
    if name == "implementation":
        return list(AuditRow.Implementation.values)
    return [category for pathway in load_rulebook().pathways for category in categories_of(pathway)]


def _nodes(name: str, codes: Sequence[str]) -> list[Node]:
    names = {code: capital(code_in_words(name, code)) for code in codes}
    return [Node(code, names[code], "lost" if (name, code) in NOT_KNOWN else "") for code in codes]


def _table(scope: Scope, ways: Mapping[Way, int], place: int) -> Table:
    """Rows: a stage; columns: the next one."""
    one, two = STAGES[place], STAGES[place + 1]
    rows, columns = _held(ways, place), _held(ways, place + 1)
    numbers: dict[tuple[str, str], int] = {}
    for way, number in ways.items():
        pair = way[place], way[place + 1]
        numbers[pair] = numbers.get(pair, 0) + number
    decided = scope.narrowed(only="decided")

    def url(**changes: str) -> str:
        return cases_url(decided.narrowed(**{name: code or NONE for name, code in changes.items()}))

    lines = []
    for row in rows:
        total = sum(numbers.get((row, column), 0) for column in columns)
        cells = [count_cell(numbers.get((row, column), 0), total, url(**{one: row, two: column})) for column in columns]
        lines.append((Cell(capital(code_in_words(one, row))), *cells, Cell(total, url=url(**{one: row}), is_sum=True)))
    return Table(
        key=f"flow-{one}-{two}",
        title=_titles()[place],
        how_counted=str(DEFINITIONS["flow"]),
        columns=(
            Column(one, _title(one)),
            *(Column(column or "none", capital(code_in_words(two, column)), "count") for column in columns),
            Column("all", _("All"), "count"),
        ),
        rows=tuple(lines),
    )
