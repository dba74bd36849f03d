"""Control charts: every point, limit and mark stands where it was reckoned by hand to stand."""

import pytest

from mdt.audit.pictures.control_lines import Period, control_drawing, rule_numbers
from mdt.audit.pictures.shapes import Words
from mdt.audit.statistics import p_chart, xmr_chart


def drawn(counts, **options):
    periods = [Period(f"P{place}", total) for place, (_count, total) in enumerate(counts)]
    return control_drawing(periods, p_chart(counts), is_share=True, **options)


def of(drawing, css) -> list:
    return [mark for mark in drawing.marks if mark.css == css]


def test_points_of_a_share_stand_at_their_height_and_in_the_middle_of_their_period():
    """8 of 16 and 4 of 16: centre 0.375, sigma 0.12103, limits 0.0119 and 0.7381; the scale runs from 0 to 0.8."""
    drawing = drawn([(8, 16), (4, 16)])
    points = of(drawing, "pt")
    # two periods of 268 each; heights 226 - 206 × 0.5 / 0.8 = 97.25 and 226 - 206 × 0.25 / 0.8 = 161.625
    assert [(point.x, point.y) for point in points] == [(182, pytest.approx(97.25)), (450, pytest.approx(161.625))]
    (centre,) = of(drawing, "centre")
    assert centre.d == "M48 129.44H584"  # 226 - 206 × 0.375 / 0.8
    high, low = of(drawing, "limit")
    assert high.d == "M48 35.94H316V35.94H584"  # 226 - 206 × 0.738087 / 0.8
    assert low.d == "M48 222.93H316V222.93H584"


def test_a_period_without_cases_is_a_gap_in_line_and_limits():
    drawing = drawn([(8, 16), (0, 0), (4, 16), (6, 16)])
    assert len(of(drawing, "pt")) == 3
    assert len(of(drawing, "ln")) == 1
    assert all(limit.d.count("M") == 2 for limit in of(drawing, "limit"))


def test_a_point_beyond_the_limit_is_hollow_and_carries_the_number_of_its_rule():
    counts = [(2, 20), (4, 20), (2, 20), (4, 20), (2, 20), (18, 20)]
    drawing = drawn(counts)
    (bad,) = of(drawing, "pt bad")
    assert bad.x == pytest.approx(48 + 536 / 6 * 5.5)
    assert [mark.text for mark in of(drawing, "mid strong")] == ["1"]
    assert rule_numbers(p_chart(counts).points[-1]) == [1]


def test_seven_on_one_side_are_marked_by_the_second_rule():
    counts = [(12, 20)] * 7 + [(8, 20)] * 7
    assert {tuple(rule_numbers(point)) for point in p_chart(counts).points} == {(2,)}
    assert len(of(drawn(counts), "pt bad")) == 14


def test_single_values_have_a_scale_of_their_own():
    values = [4.0, 6.0, None, 5.0]
    drawing = control_drawing([Period("P", 9)] * 4, xmr_chart(values, at_least=0), is_share=False, target=7)
    # centre 5; moving ranges 2 and 1, mean 1.5; upper limit 5 + 3 × 1.5 / 1.128 = 8.989, lower 1.011; ticks 0 to 10
    assert [point.y for point in of(drawing, "pt")] == pytest.approx([226 - 206 * value / 10 for value in (4, 6, 5)])
    assert of(drawing, "target")[0].d == "M48 81.8H584"
    assert [mark.text for mark in of(drawing, "end")] == ["0", "2", "4", "6", "8", "10"]


@pytest.mark.parametrize("counts", [[(5, 5)], [(0, 5)], [(1, 1), (1, 1)], [(0, 1)]])
def test_all_or_none_still_has_a_height(counts):
    drawing = drawn(counts)
    assert all(20 <= point.y <= 226 for point in of(drawing, "pt"))


@pytest.mark.parametrize("counts", [[], [(0, 0), (0, 0)]])
def test_no_case_in_any_period_draws_nothing(counts):
    assert drawn(counts).marks == ()


def test_names_of_many_periods_are_thinned_out_from_the_newest():
    drawing = drawn([(8, 10)] * 60)
    names = [mark.text for mark in drawing.marks if isinstance(mark, Words) and mark.text.startswith("P")]
    assert names[0] == "P59"
    assert 10 < len(names) < 40


def test_a_year_stands_once_under_the_months_that_belong_to_it_and_leaves_each_month_its_room():
    months = [("Nov", "2025"), ("Dec", "2025"), *((name, "2026") for name in ("Jan", "Feb", "Mar", "Apr"))]
    periods = [Period(name, 9, year=year) for name, year in months]
    drawing = control_drawing(periods, p_chart([(3, 9)] * 6), is_share=True)
    under = {mark.text: (mark.x, mark.y) for mark in drawing.marks if isinstance(mark, Words)}
    assert {"Nov", "Dec", "Jan", "Feb", "Mar", "Apr"} <= set(under)
    assert under["2025"][0] == under["Nov"][0]
    assert under["2026"][0] == under["Jan"][0]
    assert under["Nov"][1] < under["2025"][1] < under["9"][1] < drawing.height
