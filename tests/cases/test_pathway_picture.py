"""The way to the type: on the level of the worst component so far, sure only as far as everything is known."""

import pytest

from cases.pictures.ladder import Ladder, LadderRow
from cases.pictures.pathway import draw_pathway

I_KNOWN = ("known", "out", "out")
II_KNOWN = ("out", "known", "out")
II_ASSUMED = ("out", "assumed", "possible")
OPEN = ("possible", "possible", "possible")


def draw(*rungs, total):
    rows = tuple(LadderRow(f"Part {number}: more", each, "") for number, each in enumerate(rungs, 1))
    return draw_pathway(Ladder(("I", "II", "III"), rows, total))


def levels(picture) -> list[int]:
    """The level at which each leg ends, from 0."""
    heights = [y for _mark, y in picture.lanes]
    return [heights.index(int(leg.path.split()[-1])) for leg in picture.legs]


def test_the_line_stays_on_the_worst_level_once_reached():
    picture = draw(I_KNOWN, II_KNOWN, I_KNOWN, total=II_KNOWN)
    assert levels(picture) == [1, 1, 1]
    assert all(leg.is_sure for leg in picture.legs)


def test_from_the_first_assumption_on_the_line_is_dashed():
    picture = draw(I_KNOWN, I_KNOWN, II_ASSUMED, I_KNOWN, total=II_ASSUMED)
    assert [leg.is_sure for leg in picture.legs] == [True, False, False, False]
    assert levels(picture) == [0, 1, 1, 1]


def test_nothing_is_drawn_beyond_a_component_that_stands_nowhere():
    picture = draw(I_KNOWN, OPEN, I_KNOWN, total=OPEN)
    assert picture.legs == ()
    assert [len(column.stops) for column in picture.columns] == [1, 3, 1, 3]


def test_it_is_told_in_words():
    picture = draw(I_KNOWN, II_ASSUMED, total=II_ASSUMED)
    assert picture.description == (
        "Part 1: more: I (known). Part 2: more: II (assumed) or III (still possible)."
        " Type: II (assumed) or III (still possible)."
    )
    assert [column.lines for column in picture.columns] == [("Part", "1"), ("Part", "2"), ("Type",)]


@pytest.mark.parametrize("count", [0, 1])
def test_without_components_there_is_no_way_to_draw(count):
    assert draw(*[I_KNOWN] * count, total=I_KNOWN) is None
