"""How far a case stands from the edges of its category: which other value of a known fact would move it.

"40 mm; from 41 mm type II unless one lobe": for every fact that is known, each other cell is tried while all else stays
as the assumptions leave it. If the category changes, the facts beside it that would undo the change are named too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from .decision import scores_of, together
from .describe import describe_standing
from .engine import SchemeResult
from .facts import Standing
from .partition import Partition, cell_labels
from .scheme import Group, Scheme

WORLD_LIMIT = 200
"""Groups that leave more worlds than this open have no position from which a distance could be told."""

_EDGE_OF_SCRIPT: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")
"""Where Chinese meets Latin letters or figures: a blank stands there, in a sentence put together as in any other."""


def boundaries(
    scheme: Scheme, result: SchemeResult, shown: Mapping[str, Standing], language: str
) -> list[dict[str, Any]]:
    """One entry for each fact and other value that would change the provisional categories, the nearest first."""
    entries = []
    reaches = [view.reach for view in result.views]
    present = together(reaches)
    for number, (group, view) in enumerate(zip(scheme.groups, result.views, strict=True)):
        if view.worlds.bit_count() > WORLD_LIMIT:
            continue
        others = [reach for at, reach in enumerate(reaches) if at != number]
        known = [at for at, name in enumerate(group.facts) if name in shown and _is_single(view.cells[at])]
        for at in known:
            for cell in range(group.partitions[at].size):
                if view.cells[at] >> cell & 1:
                    continue
                moved = _moved(group, view.worlds, at, cell)
                reached = together([*others, group.reach(moved)]) if moved else present
                if reached != present:
                    back = _undone_by(group, moved, [k for k in known if k != at], others, present)
                    entries.append(_entry(scheme, group, shown, at, cell, reached, back, language))
    entries = list({entry["text"]: entry for entry in entries}.values())
    return sorted(entries, key=lambda entry: (entry["distance"] is None, entry["distance"] or 0))


def _is_single(mask: int) -> bool:
    return not mask & (mask - 1)


def _moved(group: Group, worlds: int, position: int, cell: int) -> int:
    """The same worlds with another value of one fact; those that no patient can have are left out."""
    return group.folded(worlds, position) << cell * group.strides[position] & group.possible


def _undone_by(group: Group, moved: int, known: list[int], others: list[int], present: int) -> list[tuple[int, int]]:
    """Facts and cells that would bring the present categories back."""
    found = []
    for at in known:
        for cell in range(group.partitions[at].size):
            back = _moved(group, moved, at, cell)
            if back and back != moved and together([*others, group.reach(back)]) == present:
                found.append((at, cell))
    return found


def _entry(
    scheme: Scheme,
    group: Group,
    shown: Mapping[str, Standing],
    at: int,
    cell: int,
    reached: int,
    back: list[tuple[int, int]],
    language: str,
) -> dict[str, Any]:
    facts, name = scheme.pathway.facts, group.facts[at]
    ids = {category.score: category for category in scheme.edition.categories}
    labels = [ids[score].labels(language) for score in scores_of(reached)]
    value = describe_standing(facts[name], shown[name], language)
    step = _label(group.partitions[at], cell, language)
    # A number beyond counting has a cell of its own, and the words of the last one that can be counted.
    ways_back = [(group.facts[k], _label(group.partitions[k], c, language)) for k, c in back]
    unless = [(other, facts[other].label(language), words) for other, words in dict.fromkeys(ways_back)]
    is_english = language == "en"
    text = f"{value}; {step}: {' or '.join(labels)}" if is_english else f"{value}；{step}：{'或'.join(labels)}"
    if unless:
        ways = [f"{label}: {words}" if is_english else f"{label}：{words}" for _, label, words in unless]
        text += f", unless {' or '.join(ways)}" if is_english else f"，除非{'或'.join(ways)}"
    return {
        "fact": name,
        "label": facts[name].label(language),
        "value": value,
        "step": step,
        "distance": _distance(group.partitions[at], shown[name], cell),
        "categories": [ids[score].id for score in scores_of(reached)],
        "unless": [{"fact": other, "label": label, "value": words} for other, label, words in unless],
        "text": text if is_english else _EDGE_OF_SCRIPT.sub(" ", text),
    }


def _label(partition: Partition, cell: int, language: str) -> str:
    return next((label for label, mask in cell_labels(partition, language) if mask >> cell & 1), str(cell))


def _distance(partition: Partition, standing: Standing, cell: int) -> float | None:
    """How far a known number is from the edge of another cell; None for what is not counted."""
    if standing.kind != "known" or not partition.boundaries:
        return None
    own = partition.index(standing.value)
    edge = partition.boundaries[cell - 1 if cell > own else cell][0]
    return abs(edge - standing.value) if abs(edge) < 1e300 else None
