"""Exactly what a list of lesions leaves possible, as masks of cells of the six liver figures.

For each choice of natures (an open lesion counts or not) and each way to go on (nothing more, or at least one more
metastasis) the figures are masks of cells. Figures stated beside the list narrow them; a figure that excludes the
list is kept as possible beside it, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from .facts import INFINITY, Lesion, Standing
from .lesions import (
    ABUTS,
    BOTH,
    CLEAR,
    FIGURES,
    INVADES,
    LEFT,
    LOBES,
    RIGHT,
    alternatives,
    bits,
    codes,
    is_counted,
    join,
    lobe_codes,
    vessel_codes,
)
from .natures import Parts, nature_pairs
from .partition import Partition
from .ruler import Code, Ruler, ruler_of

Box = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class LiverInput:
    """What a list allows: for each choice of natures, the figures stated beside it that contradict it, and boxes."""

    classes: tuple[tuple[tuple[str, ...], tuple[Box, ...]], ...]
    inconsistent: bool
    work_out_pairs: Callable[[], frozenset[Parts]] | None = None

    @property
    def has_pairs(self) -> bool:
        """Whether some lesion may or may not be a metastasis."""
        return self.work_out_pairs is not None

    @cached_property
    def pairs(self) -> frozenset[Parts]:
        """Livers that differ only in what is a metastasis; worked out only where that can matter."""
        return frozenset() if self.work_out_pairs is None else self.work_out_pairs()

    @cached_property
    def box(self) -> Box | None:
        """The masks of the six figures if they say everything that the list says."""
        if len(self.classes) != 1 or self.work_out_pairs or self.inconsistent:
            return None
        at_odds, boxes = self.classes[0]
        return boxes[0] if not at_odds and len(boxes) == 1 else None


def larger(one: int, other: int) -> int:
    """Masks of sizes joined element by element with max: all of both, from the greater of the two least ones."""
    low = max(one & -one, other & -other)
    return (one | other) & -low


def _stated_lobes(stated: Standing) -> int:
    """Lobe codes that a stated figure allows."""
    values = stated.values if stated.kind == "one_of" else (stated.value,)
    if stated.kind not in ("known", "one_of"):
        return bits(tuple(LOBES))
    return bits(tuple(code for code, name in LOBES.items() if name in values))


def _lobe_mask(partition: Partition, mask: int) -> int:
    return bits(tuple(partition.cell_of.get(LOBES[code], 0) for code in codes(mask) if code))


def _vessel_masks(cells: list[Partition], mask: int) -> list[tuple[int, int]]:
    """Masks of "involved" and "in contact". Clear or invaded, but not merely touched, takes a box for each."""
    involved, contact = cells
    parts = [(code,) for code in codes(mask)] if codes(mask) == (CLEAR, INVADES) else [codes(mask)]
    return [
        (
            bits(tuple(involved.cell_of.get(code == INVADES, 0) for code in part)),
            bits(tuple(contact.cell_of.get(code != CLEAR, 0) for code in part)),
        )
        for part in parts
    ]


def code_of(lesion: Lesion, ruler: Ruler) -> Code | None:
    """What the rules can see of a lesion; None for one that does not count."""
    counted = is_counted(lesion)
    if counted is False:
        return None
    sizes = ruler.of(lesion.diameter_mm)
    return Code(bool(counted), counted is None, sizes, bits(lobe_codes(lesion)), bits(vessel_codes(lesion)))


def liver_input(
    lesions: tuple[Lesion, ...],
    is_complete: bool,
    stated: tuple[Standing, ...],
    partitions: tuple[Partition, ...],
) -> LiverInput:
    """All that a list and the six figures stated beside it allow. Partitions and standings follow ``FIGURES``."""
    ruler = ruler_of(partitions[1], stated[1])
    seen = [code for code in (code_of(lesion, ruler) for lesion in lesions) if code is not None]
    return liver_of_codes(seen, is_complete, stated, partitions)


def liver_of_codes(seen: Iterable[Code], is_complete: bool, stated: tuple, partitions: tuple) -> LiverInput:
    """The same from what the rules can see. Two lists that look alike to the rules share one answer."""
    folded, still_open = NO_LESION, []
    for code in seen:
        if code.is_open:
            still_open.append(code)
        else:
            folded = with_one_more(folded, code)
    return liver_of_folded(folded, is_complete, stated, partitions, tuple(sorted(still_open)))


Folded = tuple[int, int, int, int]
"""Lesions that all count: their number, and masks of the largest size, of the lobes and of vessel relations."""
NO_LESION: Folded = (0, 1, 1, 1)


def with_one_more(folded: Folded, code: Code) -> Folded:
    number, sizes, lobes, vessels = folded
    return number + 1, larger(sizes, code.sizes), join(lobes, code.lobes), join(vessels, code.vessels)


def liver_of_folded(
    folded: Folded, is_complete: bool, stated: tuple, partitions: tuple, still_open: tuple[Code, ...] = ()
) -> LiverInput:
    """The same for lesions that count, of which only their sum matters, and those of open nature, in order."""
    return _liver(still_open, folded, is_complete, stated, partitions)


@lru_cache(maxsize=10_000)
def _liver(
    still_open: tuple[Code, ...],
    folded: Folded,
    is_complete: bool,
    stated: tuple[Standing, ...],
    partitions: tuple[Partition, ...],
) -> LiverInput:
    unsaid = alternatives(stated)
    if unsaid:
        found = [_liver(still_open, folded, is_complete, each, partitions) for each in unsaid]
        no = 1 << partitions[5].cell_of.get(False, 0)  # where a liver can only be diffuse, no listed lesion matters
        counting = [own for own in found if any(box[5] & no for _, boxes in own.classes for box in boxes)]
        classes = tuple(sorted({each for own in found for each in own.classes}))
        return LiverInput(classes, True, lambda: frozenset().union(*(own.pairs for own in counting)))
    count_cells, size_cells, _, *flag_cells = partitions
    ruler = ruler_of(size_cells, stated[1])
    states = {folded}
    for code in still_open:
        states |= {with_one_more(state, code) for state in states}

    stated_masks = [p.mask(s) for p, s in zip(partitions, stated, strict=True)]
    counts = count_cells.intervals(stated[0]) if stated[0].kind != "not_applicable" else [(1, INFINITY)]
    figures = (ruler, *flag_cells)
    raw = {state: _boxes(state, is_complete, figures) for state in sorted(states)}
    every = [box for boxes in raw.values() for box in boxes]
    sides = [counts, ruler.stated, _stated_lobes(stated[2]), *stated_masks[3:]]
    clash = [
        bool(every) and not any(_meets(figure, box[figure], sides[figure]) for box in every) for figure in range(6)
    ]
    if not every:  # a complete list without any metastasis says nothing about the metastases
        return LiverInput((((), (tuple(stated_masks),)),), True)
    classes = _classes(raw, sides, ruler, stated_masks, partitions, clash)
    if not classes:
        clash = [True] * 6
        classes = _classes(raw, sides, ruler, stated_masks, partitions, clash)
    pairs = partial(nature_pairs, folded, still_open, is_complete, sides, ruler, stated_masks, partitions, clash)
    return LiverInput(tuple(sorted(classes)), any(clash), pairs if still_open else None)


def _boxes(state: tuple, is_complete: bool, figures: tuple) -> list[tuple]:
    """Figures of one choice of natures: nothing more, and (unless complete) at least one more metastasis."""
    ruler, *vessel_cells, diffuse_cells = figures
    number, sizes, lobes, vessels = state
    no, yes = diffuse_cells.cell_of.get(False, 0), diffuse_cells.cell_of.get(True, 0)
    boxes = []
    if number:
        boxes += [((number, number), sizes, lobes, *masks, 1 << no) for masks in _vessel_masks(vessel_cells, vessels)]
    if not is_complete:
        more_sizes = larger(sizes, ruler.full) if number else ruler.full
        more_lobes = join(lobes, bits((LEFT, RIGHT, BOTH)))
        diffuse = 1 << no | 1 << yes if codes(more_lobes)[-1] == BOTH else 1 << no
        more_vessels = join(vessels, bits((CLEAR, ABUTS, INVADES)))
        boxes += [
            ((number + 1, INFINITY), more_sizes, more_lobes, *masks, diffuse)
            for masks in _vessel_masks(vessel_cells, more_vessels)
        ]
    return boxes


def _meets(figure: int, box_side, stated_side) -> bool:
    if figure == 0:
        return any(low <= box_side[1] and box_side[0] <= high for low, high in stated_side)
    return bool(box_side & stated_side)


def _count_mask(cells: Partition, span: tuple, counts: list) -> int:
    mask = 0
    for low, high in counts:
        if low <= span[1] and span[0] <= high:
            mask |= cells.between(max(low, span[0]), min(high, span[1]))
    return mask


def _apart(boxes: list[tuple], flag_cells: Sequence[Partition]) -> list[tuple]:
    """The same livers with those that are diffuse, and those with a vessel involved, in boxes of their own: then no tie
    is needed to keep what the list shows true.
    """
    involved, touched, diffuse = (1 << cells.cell_of.get(True, 0) for cells in flag_cells)
    found = []
    for span, sizes, lobes, inv, con, dif in boxes:
        vessels = [(inv, con)]
        if inv & involved and inv & ~involved:
            vessels = [(inv & ~involved, con), (involved, con & touched)]
        for pair in vessels:
            if dif & diffuse and dif & ~diffuse:
                found.append(((INFINITY, INFINITY), sizes, 1 << BOTH, *pair, diffuse))
            found.append((span, sizes, lobes, *pair, dif & ~diffuse or dif))
    return found


def _classes(raw, sides, ruler, stated_masks, partitions, clash) -> set:
    """Boxes of every choice of natures, narrowed by the stated figures, or widened by those that clash."""
    count_cells, lobe_cells = partitions[0], partitions[2]
    at_odds = tuple(name for name, is_clash in zip(FIGURES, clash, strict=True) if is_clash)
    classes = set()
    for boxes in raw.values():
        kept = []
        for span, sizes, lobes, *rest in _apart(boxes, partitions[3:]) if at_odds else boxes:
            count = _count_mask(count_cells, span, sides[0])
            masks = (
                count_cells.between(*span) | stated_masks[0] if clash[0] else count,
                ruler.cell_mask(sizes | ruler.stated if clash[1] else sizes & ruler.stated),
                _lobe_mask(lobe_cells, lobes | sides[2] if clash[2] else lobes & sides[2]),
                *(m | sides[f] if clash[f] else m & sides[f] for f, m in enumerate(rest, 3)),
            )
            if all(masks):
                kept.append(masks)
        if kept:
            classes.add((at_odds, tuple(dict.fromkeys(kept))))
    return classes
