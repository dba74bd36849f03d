"""Shares and their intervals against Newcombe's published table and against the equation they solve."""

from math import sqrt

import pytest

from mdt.audit.statistics import Proportion

# Newcombe, Stat Med 1998;17:857, table I, method 3 (score without continuity correction).
PUBLISHED = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0, 0.1611),
    (1, 29): (0.0061, 0.1718),
}


@pytest.mark.parametrize(("counted", "limits"), PUBLISHED.items())
def test_intervals_equal_the_published_ones(counted, limits):
    assert Proportion(*counted).interval() == pytest.approx(limits, abs=5e-5)


@pytest.mark.parametrize("total", [1, 7, 40, 1000])
def test_each_limit_is_the_share_from_which_what_was_seen_lies_exactly_z_away(total):
    for count in range(total + 1):
        low, high = Proportion(count, total).interval()
        assert 0 <= low <= count / total <= high <= 1
        for limit in (low, high):
            if 0 < limit < 1:
                away = abs(count / total - limit) / sqrt(limit * (1 - limit) / total)
                assert away == pytest.approx(1.959963984540054, rel=1e-9)


def test_a_share_of_nobody_has_no_value_and_no_interval():
    assert (Proportion(0, 0).value, Proportion(0, 0).interval()) == (None, None)


@pytest.mark.parametrize(("count", "total"), [(-1, 4), (5, 4), (1, 0)])
def test_what_is_no_share_is_refused(count, total):
    with pytest.raises(ValueError, match="no share"):
        Proportion(count, total)


def test_small_denominators_are_marked():
    assert Proportion(3, 19).is_small
    assert not Proportion(3, 20).is_small
