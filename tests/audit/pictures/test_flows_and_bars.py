"""Flows keep every case at the same height, bars their proportions; both against values reckoned by hand."""

import itertools
import re

import pytest

from mdt.audit.pictures.bars import Bar, Span, bars_drawing, spans_drawing
from mdt.audit.pictures.flows import GAP, HEIGHT, NODE, TOP, Node, Stage, flow_drawing, placed, ribbon
from mdt.audit.pictures.shapes import words_width

TYPES = [Node("I", "I"), Node("II", "II"), Node("III", "III")]
STAGES = [
    Stage("Proposed", TYPES),
    Stage("Confirmed", TYPES),
    Stage("Done", [Node("yes", "Yes"), Node("no", "No", "lost")]),
]
CASES = {("I", "I", "yes"): 30, ("I", "II", "yes"): 10, ("II", "II", "no"): 40, ("III", "III", "no"): 20}


def moved(stage, one, two) -> str:
    return "moved" if stage == 0 and one != two else "lost" if two == "no" else ""


def corners(d: str) -> tuple[float, ...]:
    x0, y0, _xm, _a, _b, y1, x1, _c, low1, _d, _e, _f, low0, _g, _h = (
        float(each) for each in re.findall(r"-?[\d.]+", d)
    )
    return x0, y0, x1, y1, low0, low1


def test_a_ribbon_is_equally_high_at_both_ends():
    assert ribbon(14, 30, 214, 80, 20) == "M14 30C114 30 114 80 214 80V100C114 100 114 50 14 50Z"


def test_every_case_is_equally_high_in_every_stage():
    columns = placed(STAGES, CASES)
    units = [node.height / node.count for column in columns for node in column.values()]
    # the fullest column has three nodes and two gaps: 380 - 2 × 5 for 100 cases
    assert units == pytest.approx([(HEIGHT - 2 * GAP) / 100] * len(units))
    assert [sum(node.count for node in column.values()) for column in columns] == [100, 100, 100]


def test_nodes_stand_below_each_other_in_their_order():
    first, _second, last = placed(STAGES, CASES)
    assert (first["I"].y, first["II"].y, first["III"].y) == pytest.approx(
        (TOP, TOP + 40 * 3.7 + 5, TOP + 80 * 3.7 + 10)
    )
    assert first["I"].height == pytest.approx(148)
    # two nodes and one gap are 375 high, and stand in the middle of the 380
    assert last["yes"].y == pytest.approx(TOP + 2.5)
    assert last["yes"].x == pytest.approx(880 - NODE - 6 - words_width("Yes · 40"))


def test_areas_of_the_bands_are_as_the_numbers_of_cases():
    drawing = flow_drawing(STAGES, CASES, moved)
    bands = {mark.note: corners(mark.d) for mark in drawing.marks if mark.css.startswith("flow")}
    assert {note: round((low0 - y0) / 3.7) for note, (_x, y0, _x1, _y1, low0, _l) in bands.items()} == {
        "I → I: 30": 30, "I → II: 10": 10, "II → II: 40": 40, "III → III: 20": 20,
        "I → Yes: 30": 30, "II → Yes: 10": 10, "II → No: 40": 40, "III → No: 20": 20,
    }  # fmt: skip
    for x0, y0, x1, y1, low0, low1 in bands.values():
        assert low0 - y0 == pytest.approx(low1 - y1, abs=0.02)
        assert x1 > x0


def test_bands_fill_their_nodes_without_overlap():
    drawing = flow_drawing(STAGES, CASES, moved)
    columns = placed(STAGES, CASES)
    bands = [corners(mark.d) for mark in drawing.marks if mark.css.startswith("flow")]
    node = columns[1]["II"]
    arriving = sorted(
        (y1, low1)
        for _x0, _y0, x1, y1, _l0, low1 in bands
        if abs(x1 - node.x) < 0.01 and node.y - 0.1 <= y1 < node.y + node.height - 0.1
    )
    assert arriving[0][0] == pytest.approx(node.y, abs=0.01)
    assert arriving[0][1] == pytest.approx(arriving[1][0], abs=0.02)
    assert arriving[1][1] == pytest.approx(node.y + node.height, abs=0.02)


def test_bands_that_moved_and_bands_that_were_lost_are_told_apart():
    css = {mark.note: mark.css for mark in flow_drawing(STAGES, CASES, moved).marks if mark.css.startswith("flow")}
    assert (css["I → II: 10"], css["I → I: 30"], css["II → No: 40"]) == ("flow moved", "flow", "flow lost")


def test_one_case_flows_through():
    drawing = flow_drawing(STAGES, {("I", "II", "no"): 1}, moved)
    assert [mark.height for mark in drawing.marks if mark.css.startswith("node")] == pytest.approx([HEIGHT] * 3)


def test_many_small_nodes_leave_room_for_their_words():
    many = [Node(str(place), f"state {place}") for place in range(12)]
    cases = {("0", str(place)): 1 if place else 5000 for place in range(12)}
    columns = placed([Stage("One", many[:1]), Stage("Two", many)], cases)
    middles = [node.y + node.height / 2 for node in columns[1].values()]
    assert min(later - earlier for earlier, later in itertools.pairwise(middles)) >= 14
    assert max(node.y + node.height for node in columns[1].values()) <= TOP + HEIGHT + 1e-6


@pytest.mark.parametrize("cases", [{}, {("I", "I", "yes"): 0}])
def test_no_case_draws_no_flow(cases):
    assert flow_drawing(STAGES, cases).marks == ()


def test_bars_are_to_each_other_as_their_counts():
    drawing = bars_drawing([Bar("wish", 12, "12 (60 %)"), Bar("new", 3, "3 (15 %)"), Bar("other", 0, "0")])
    wide, narrow = (mark for mark in drawing.marks if mark.css == "bar")
    # names: 5 letters of 6.6 and 10; words behind: 9 letters and 8
    assert (wide.x, wide.width) == pytest.approx((43, 640 - 67.4 - 43))
    assert narrow.width == pytest.approx(wide.width / 4)
    assert [mark.text for mark in drawing.marks if mark.css == "end"] == ["wish", "new", "other"]


def test_no_reason_at_all_draws_no_bars():
    assert bars_drawing([]).marks == bars_drawing([Bar("wish", 0, "0")]).marks == ()


def test_spans_stand_on_one_scale_of_days():
    drawing = spans_drawing(
        [Span("Wait", 9, (2, 4, 7), target=7), Span("Told", 0, None), Span("Begun", 5, (8, 12, 20))]
    )
    # names of 5 letters: from 45 to 578 for 0 to 20 days, 26.65 a day
    boxes = [mark for mark in drawing.marks if mark.css == "iqr"]
    assert [(box.x, box.width) for box in boxes] == [
        pytest.approx((45 + 26.65 * 2, 26.65 * 5)), pytest.approx((45 + 26.65 * 8, 26.65 * 12)),
    ]  # fmt: skip
    medians = [mark.x + 2.5 for mark in drawing.marks if mark.css == "bar"]
    assert medians == pytest.approx([45 + 26.65 * 4, 45 + 26.65 * 12])
    assert [mark.d for mark in drawing.marks if mark.css == "target"] == ["M231.55 12V48"]
    (said,) = (mark for mark in drawing.marks if getattr(mark, "text", "") == "target 7 d")
    assert said.x == pytest.approx(237.55)
    assert "not known" in [mark.text for mark in drawing.marks if mark.css == ""]


def test_days_before_the_step_are_drawn_left_of_nought():
    drawing = spans_drawing([Span("Begun", 3, (-4, -1, 2))])
    (box,) = (mark for mark in drawing.marks if mark.css == "iqr")
    ticks = [mark.text for mark in drawing.marks if mark.css == "mid"]
    assert ticks[0] == "-4"
    assert box.x == pytest.approx(45)


def test_all_on_the_same_day_still_has_a_scale():
    drawing = spans_drawing([Span("Wait", 3, (0, 0, 0))])
    assert [mark.width for mark in drawing.marks if mark.css == "iqr"] == [0]


def test_no_days_known_draws_no_spans():
    assert spans_drawing([Span("Wait", 0, None)]).marks == spans_drawing([]).marks == ()
