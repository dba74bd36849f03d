"""A flow of cases through stages: a case is as high everywhere, from what was said first to what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mdt.audit.pictures.shapes import Box, Drawing, Mark, Path, Words, number, words_width

WIDTH = 880.0
TOP = 28.0
HEIGHT = 380.0
NODE = 14.0
LEAST = 14.0
"""Room that a node takes at least, for its words."""
GAP = 5.0


@dataclass(frozen=True)
class Node:
    """A state of a stage. `css` is "" or "lost", for what is not known."""

    key: str
    name: str
    css: str = ""


@dataclass(frozen=True)
class Stage:
    """States in the order in which they stand from top to bottom."""

    title: str
    nodes: Sequence[Node]


@dataclass(frozen=True)
class Placed:
    """Where a node stands; `height` is the number of its cases times the height of one."""

    node: Node
    count: int
    x: float
    y: float
    height: float


Way = tuple[str, ...]
"""The states of a case, one for each stage."""


def flow_drawing(stages: Sequence[Stage], cases: Mapping[Way, int], css_of=lambda stage, one, two: "") -> Drawing:
    """`cases`: how many went this way. `css_of(stage, one, two)`: "", "moved" or "lost" for a band after a stage."""
    cases = {way: count for way, count in cases.items() if count}
    if not cases:
        return Drawing(TOP + HEIGHT, width=WIDTH)
    columns = placed(stages, cases)
    marks: list[Mark] = []
    for stage in range(len(stages) - 1):
        marks += _bands(stage, columns, cases, css_of)
    for stage, column in zip(stages, columns, strict=True):
        x = next(iter(column.values())).x
        is_too_long = x + words_width(stage.title) > WIDTH
        marks.append(Words("end" if is_too_long else "", WIDTH if is_too_long else x, 14, stage.title))
        for each in column.values():
            css = f"node {each.node.css}".strip()
            marks.append(Box(css, each.x, each.y, NODE, each.height, f"{each.node.name}: {each.count}"))
            marks.append(Words("strong", each.x + NODE + 6, each.y + each.height / 2 + 4, label_of(each)))
    return Drawing(TOP + HEIGHT + 6, tuple(marks), WIDTH)


def label_of(each: Placed) -> str:
    return f"{each.node.name} · {each.count}"


def placed(stages: Sequence[Stage], cases: Mapping[Way, int]) -> list[dict[str, Placed]]:
    """For each stage its nodes that hold a case, by key. One case is equally high in all stages."""
    totals = []
    for place, stage in enumerate(stages):
        counts = {node.key: 0 for node in stage.nodes}
        for way, count in cases.items():
            counts[way[place]] += count
        totals.append({key: count for key, count in counts.items() if count})
    unit = min(_unit(list(counts.values())) for counts in totals)
    lasting = max(words_width(f"{node.name} · {totals[-1].get(node.key, 0)}") for node in stages[-1].nodes)
    reach = WIDTH - NODE - 6 - lasting
    columns = []
    for place, (stage, counts) in enumerate(zip(stages, totals, strict=True)):
        x = reach * place / max(len(stages) - 1, 1)
        columns.append(_column(stage, counts, unit, x))
    return columns


def _unit(counts: Sequence[int]) -> float:
    """The height of one case at which a column with these nodes fills the picture."""
    low, high = 0.0, HEIGHT
    for _round in range(60):
        middle = (low + high) / 2
        if sum(max(count * middle, LEAST) + GAP for count in counts) - GAP > HEIGHT:
            high = middle
        else:
            low = middle
    return low


def _column(stage: Stage, counts: Mapping[str, int], unit: float, x: float) -> dict[str, Placed]:
    held = [node for node in stage.nodes if node.key in counts]
    used = sum(max(counts[node.key] * unit, LEAST) + GAP for node in held) - GAP
    y = TOP + (HEIGHT - used) / 2
    column = {}
    for node in held:
        height = counts[node.key] * unit
        room = max(height, LEAST)
        column[node.key] = Placed(node, counts[node.key], x, y + (room - height) / 2, height)
        y += room + GAP
    return column


def _bands(stage: int, columns: list[dict[str, Placed]], cases: Mapping[Way, int], css_of) -> list[Mark]:
    """Bands from one stage to the next, packed at either node in the order of the other side."""
    here, there = columns[stage], columns[stage + 1]
    pairs: dict[tuple[str, str], int] = {}
    for way, count in cases.items():
        pair = way[stage], way[stage + 1]
        pairs[pair] = pairs.get(pair, 0) + count
    order = [(one, two) for one in here for two in there if (one, two) in pairs]
    leaves = {key: node.y for key, node in here.items()}
    starts = {}
    for one, two in order:
        starts[one, two] = leaves[one]
        leaves[one] += here[one].height * pairs[one, two] / here[one].count
    arrives = {key: node.y for key, node in there.items()}
    marks: list[Mark] = []
    for one, two in sorted(order, key=lambda pair: (list(there).index(pair[1]), list(here).index(pair[0]))):
        height = here[one].height * pairs[one, two] / here[one].count
        note = f"{here[one].node.name} → {there[two].node.name}: {pairs[one, two]}"
        css = f"flow {css_of(stage, one, two)}".strip()
        marks.append(Path(css, ribbon(here[one].x + NODE, starts[one, two], there[two].x, arrives[two], height), note))
        arrives[two] += height
    return marks


def ribbon(x_from: float, y_from: float, x_to: float, y_to: float, height: float) -> str:
    """A band that is equally high everywhere: its area is the height times the way across."""
    bend = (x_from + x_to) / 2
    x0, y0, x1, y1, xm = (number(value) for value in (x_from, y_from, x_to, y_to, bend))
    low0, low1 = number(y_from + height), number(y_to + height)
    return f"M{x0} {y0}C{xm} {y0} {xm} {y1} {x1} {y1}V{low1}C{xm} {low1} {xm} {low0} {x0} {low0}Z"
