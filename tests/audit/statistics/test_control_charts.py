"""Control charts against the worked examples of the NIST/SEMATECH e-Handbook of Statistical Methods, and the rules."""

import pytest

from mdt.audit.statistics import Signal, p_chart, xmr_chart

# Section 6.3.3.2: chips rejected on 30 wafers of 50 chips.
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# Section 6.3.2.2: flow rate of ten batches.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]


def test_shares_have_the_published_centre_and_limits():
    points = p_chart([(count, 50) for count in WAFERS]).points
    assert (points[0].centre, points[0].low, points[0].high) == pytest.approx((0.2313, 0.0524, 0.4102), abs=5e-5)
    beyond = [place for place, point in enumerate(points, 1) if Signal.BEYOND_LIMIT in point.signals]
    assert beyond == [15, 23]  # wafers with 22 and 24 rejected chips


def test_single_values_have_the_published_centre_and_limits():
    first = xmr_chart(FLOW).points[0]
    assert (first.centre, first.low, first.high) == pytest.approx((50.81, 45.8159, 55.8041), abs=1e-3)
    assert not any(Signal.BEYOND_LIMIT in point.signals for point in xmr_chart(FLOW).points)


def test_seven_points_on_one_side_are_a_shift_and_six_are_not():
    low_then_high = [1.0, 2.0] * 6
    seven = [*low_then_high, 2.1, 2.3, 2.2, 2.4, 2.1, 2.3, 2.2, 1.0]
    assert any(Signal.SHIFT in point.signals for point in xmr_chart(seven).points)
    centre = sum(low_then_high) / len(low_then_high)
    assert all(Signal.SHIFT not in point.signals for point in xmr_chart(low_then_high).points)
    assert xmr_chart(low_then_high).points[0].centre == centre


def test_six_points_that_only_rise_are_a_trend_and_five_are_not():
    rising = [5.0, 1, 2, 3, 4, 5, 6, 2]
    trend = [Signal.TREND in point.signals for point in xmr_chart(rising).points]
    assert trend == [False, True, True, True, True, True, True, False]
    assert not any(Signal.TREND in point.signals for point in xmr_chart([5.0, 1, 2, 3, 4, 5, 2]).points)


def test_two_of_three_in_the_outer_third_are_marked():
    values = [0.0, 1.0] * 12 + [0.5, 3.0, 3.1, 0.5]
    marked = [place for place, point in enumerate(xmr_chart(values).points) if Signal.OUTER_THIRD in point.signals]
    assert marked == [25, 26]


def test_an_empty_month_is_a_gap_and_breaks_no_run():
    points = p_chart([(1, 10), (0, 0), (2, 10)]).points
    assert [point.value for point in points] == [0.1, None, 0.2]
    assert p_chart([]).points == []
    assert p_chart([(0, 0)]).points[0].value is None
    assert xmr_chart([None, None]).points[0].value is None


def test_one_value_says_nothing_about_change():
    assert not xmr_chart([4.0]).has_changed
    assert not p_chart([(5, 5)]).has_changed


def test_limits_of_shares_stay_between_nought_and_one():
    for point in p_chart([(1, 3), (0, 2), (3, 3)]).points:
        assert 0 <= point.low <= point.high <= 1


def test_a_count_above_its_total_is_refused():
    with pytest.raises(ValueError, match="above its total"):
        p_chart([(3, 2)])
