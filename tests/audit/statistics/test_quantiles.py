"""Quantiles of counted days equal those of the days one by one, as the standard library has them."""

import random
import statistics
from collections import Counter

import pytest

from mdt.audit.statistics.quantiles import quantile, quartiles


@pytest.mark.parametrize("seed", range(20))
def test_quartiles_equal_those_of_the_standard_library(seed):
    draw = random.Random(seed)
    days = [draw.randint(-3, 25) for _case in range(draw.randint(2, 60))]
    assert quartiles(Counter(days)) == pytest.approx(statistics.quantiles(days, n=4, method="inclusive"))


def test_one_case_is_its_own_quartiles():
    assert quartiles({4: 1}) == (4, 4, 4)


def test_nothing_has_no_quartiles():
    assert quartiles({}) is None
    assert quantile({3: 0}, 0.5) is None


def test_ends_are_least_and_most():
    assert (quantile({1: 5, 9: 1}, 0), quantile({1: 5, 9: 1}, 1)) == (1, 9)
