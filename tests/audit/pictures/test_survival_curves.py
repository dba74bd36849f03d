"""Where a survival curve is drawn, against coordinates reckoned by hand, and what an outsider reads back from it."""

import re

import pytest

from mdt.audit.pictures.shapes import Box, Path, Words
from mdt.audit.pictures.survival_curves import DAYS_IN_MONTH, Arm, Published, months_shown, survival_drawing
from mdt.audit.statistics import kaplan_meier

# Months: one dies at 3, one is last seen at 6, one dies at 9, one is last seen at 12. By hand: 4 at risk, then
# 3/4 = 0.75 from month 3; 2 at risk at month 9, so 0.75 × 1/2 = 0.375.
FOUR = [(3, True), (6, False), (9, True), (12, False)]
# "I" is 6.6 wide: the axis runs from 50 + 6.6 to 640 - 16 - 6.6, which is 46.7333 a month; heights from 300 to 14.
A_MONTH = (617.4 - 56.6) / 12


def arm(patients, mark="I", name=None) -> Arm:
    return Arm(mark, name or mark, kaplan_meier((months * DAYS_IN_MONTH, died) for months, died in patients))


def of(drawing, css) -> list:
    return [mark for mark in drawing.marks if mark.css == css]


def test_the_curve_has_the_corners_reckoned_by_hand():
    (curve,) = of(survival_drawing([arm(FOUR)]), "ln ln1")[:1]
    assert round(A_MONTH, 4) == 46.7333
    # 0.75 → 300 - 286 × 0.75 = 85.5; 0.375 → 192.75; months 3, 6, 9, 12 → 196.8, 337, 477.2, 617.4
    assert curve.d == "M56.6 14H196.8V85.5H337V85.5H477.2V192.75H617.4V192.75H617.4V192.75"


def test_the_area_under_the_curve_is_the_mean_survival_that_was_observed():
    """Up to month 12: 3 + 0.75 × 6 + 0.375 × 3 = 8.625 months."""
    d = of(survival_drawing([arm(FOUR)]), "ln ln1")[0].d
    area, x, y = 0.0, 56.6, 14.0
    for command, value in re.findall(r"([HV])([\d.]+)", d):
        if command == "H":
            area += (float(value) - x) * (300 - y) / 286
            x = float(value)
        else:
            y = float(value)
    assert area / A_MONTH == pytest.approx(8.625, abs=1e-3)


def test_who_is_still_observed_is_marked_where_the_curve_stands():
    ticks = [mark.d for mark in of(survival_drawing([arm(FOUR)]), "cens")]
    assert ticks == ["M337 81.5V89.5", "M617.4 188.75V196.75"]


def test_the_band_encloses_the_curve_and_ends_with_it():
    found = arm(FOUR)
    (band,) = of(survival_drawing([found]), "band")
    step = found.curve.at(3 * DAYS_IN_MONTH)
    assert f"H196.8V{300 - 286 * step.high:.2f}".rstrip("0") in band.d
    assert f"V{300 - 286 * step.low:.2f}" in band.d
    assert band.d.startswith("M56.6 14H196.8")
    assert band.d.endswith("H56.6Z")


def test_numbers_still_observed_are_those_just_before_each_tick():
    drawing = survival_drawing([arm(FOUR)])
    foot = max(mark.y for mark in drawing.marks if isinstance(mark, Words))
    numbers = [mark.text for mark in drawing.marks if isinstance(mark, Words) and mark.y == foot and mark.css == "mid"]
    assert numbers == ["4", "4", "3", "2", "1"]  # at 0, 3, 6, 9, 12 months: who dies at 3 is still at risk there


def test_a_curve_ends_where_its_last_patient_was_seen():
    short = arm([(2, False), (1, True)], "II")
    curve, _key = of(survival_drawing([arm(FOUR), short]), "ln ln2")
    # "II" is 13.2 wide: the axis runs from 50 + 13.2 = 63.2 to 610.8; month 2 lies a sixth of the way
    assert curve.d == "M63.2 14H108.83V157H154.47V157H154.47V157"


def test_all_censored_is_a_level_line_without_a_band():
    drawing = survival_drawing([arm([(5, False), (8, False)])])
    assert of(drawing, "ln ln1")[0].d.count("V14") == 3
    assert of(drawing, "band") == []


def test_one_patient_who_died_brings_the_curve_to_nought():
    drawing = survival_drawing([arm([(4, True)])])
    assert of(drawing, "ln ln1")[0].d == "M56.6 14H243.53V300H243.53V300"
    assert of(drawing, "band") == []


def test_who_was_never_seen_again_counts_at_the_start_and_draws_nothing():
    drawing = survival_drawing([arm([(0, False)])])
    assert of(drawing, "cens") == []
    assert [mark.text for mark in of(drawing, "mid")][-5:] == ["1", "0", "0", "0", "0"]


@pytest.mark.parametrize("arms", [[], [arm([])]])
def test_nobody_gives_an_empty_drawing_even_beside_published_figures(arms):
    assert survival_drawing(arms, [Published("RECORD", 12, 0.42)]).marks == ()


def test_published_figures_are_symbols_at_their_place_and_join_nothing():
    published = [Published("all", 12, 0.42), Published("all", 36, 0.164), Published("type I", 36, 0.33)]
    drawing = survival_drawing([arm(FOUR)], published)
    symbols = [mark for mark in drawing.marks if mark.css == "ref" and mark.note]
    assert [type(mark) for mark in symbols] == [Path, Path, Box]
    # the axis ends at 36 now: month 12 is a third of 560.8; 300 - 286 × 0.42 = 179.88, less half the diamond's height
    assert symbols[0].d.startswith(f"M{56.6 + 560.8 / 3:.2f} 172.88")
    assert (symbols[2].x + 6, symbols[2].y + 6) == pytest.approx((617.4, 300 - 286 * 0.33))
    assert [mark.text for mark in drawing.marks if isinstance(mark, Words) and mark.css == ""] == ["all", "type I"]


@pytest.mark.parametrize(
    ("months", "shown"), [(1, (12, 3)), (21, (21, 3)), (22, (24, 6)), (50, (60, 12)), (300, (120, 24))]
)
def test_the_axis_ends_on_a_tick_behind_the_last_patient(months, shown):
    assert months_shown([arm([(months, False)])], []) == shown


def test_marks_of_curves_that_end_together_do_not_cover_each_other():
    twins = [arm(FOUR, mark) for mark in ("I", "II", "III")]
    places = [
        mark.y
        for mark in survival_drawing(twins).marks
        if isinstance(mark, Words) and mark.x > 600 and mark.css == "strong"
    ]
    assert sorted(places)[1] - sorted(places)[0] >= 14
    assert sorted(places)[2] - sorted(places)[1] >= 14


def test_nothing_but_the_mark_of_a_curve_stands_beyond_the_last_patient_seen():
    """Published figures stretch the axis to 36 months; the curves end at 12, and so does every line at their height."""
    both = [arm(FOUR), arm(FOUR, "II")]
    drawing = survival_drawing(both, [Published("RECORD", 36, 0.33)])
    end = float(of(drawing, "ln ln1")[0].d.rpartition("H")[2].partition("V")[0])
    reached = [float(x) for lead in of(drawing, "lead") for x in re.findall(r"[ML]([\d.]+) ", lead.d)]
    assert reached
    assert max(reached) <= end + 8
    assert {round(mark.x - end, 1) for mark in of(drawing, "strong") if mark.text in ("I", "II") and mark.x > 100} == {
        12
    }


def test_a_curve_of_thousands_of_steps_keeps_its_course_in_fewer_corners():
    many = arm([(day / DAYS_IN_MONTH, day % 3 == 0) for day in range(1, 3001)])
    drawing = survival_drawing([many])
    corners = re.findall(r"H([\d.]+)V([\d.]+)", of(drawing, "ln ln1")[0].d)
    assert len(many.curve.steps) > 2 * len(corners) > 1000
    last, _step = months_shown([many], [])
    for x, y in corners[:: len(corners) // 20]:
        days = (float(x) - 56.6) / (617.4 - 56.6) * last * DAYS_IN_MONTH
        assert 300 - 286 * many.curve.at(days + 1e-6).survival == pytest.approx(float(y), abs=0.6)
    assert float(corners[-1][1]) == pytest.approx(300 - 286 * many.curve.steps[-1].survival, abs=0.01)
    assert len(of(drawing, "cens")) < 1200
