"""Survival against a published trial and, to the ninth digit, against another implementation."""

import random
import warnings
from collections import Counter

import pytest

from mdt.audit.statistics import kaplan_meier, log_rank
from mdt.audit.statistics.survival import chi_square_tail

# Freireich and others, Blood 1963;21:699: weeks of remission in leukaemia; True: relapse.
TREATED = [
    *((6, True), (6, True), (6, True), (7, True), (10, True), (13, True), (16, True), (22, True), (23, True)),
    *((6, False), (9, False), (10, False), (11, False), (17, False), (19, False), (20, False), (25, False)),
    *((32, False), (32, False), (34, False), (35, False)),
]
PLACEBO = [
    (week, True) for week in (1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
]  # fmt: skip


def test_the_published_trial_comes_out():
    curve = kaplan_meier(TREATED)
    assert [round(curve.at(week).survival, 3) for week in (6, 7, 10, 13, 16, 22, 23)] == [
        *(0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448)
    ]
    assert (curve.median, kaplan_meier(PLACEBO).median) == (23, 8)
    result = log_rank({"6-MP": TREATED, "placebo": PLACEBO})
    assert (round(result.chi_square, 2), result.degrees) == (16.79, 1)
    assert result.p == pytest.approx(4.17e-5, rel=1e-2)


def random_patients(seed: int, size: int) -> list[tuple[float, bool]]:
    """With ties, and with people who are lost on the day on which others die."""
    draw = random.Random(seed)
    return [(float(draw.randint(0, 40)), draw.random() < 0.6) for _patient in range(size)]


@pytest.mark.parametrize("seed", range(25))
def test_curve_and_band_equal_another_implementation(seed):
    patients = random_patients(seed, 3 + seed * 4)
    curve = kaplan_meier(patients)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter  # two seconds, and only where it is asked

        other = KaplanMeierFitter().fit([time for time, _ in patients], [event for _, event in patients])
    table = other.survival_function_["KM_estimate"]
    band = other.confidence_interval_
    for step in curve.steps:
        assert step.survival == pytest.approx(table.loc[step.time], abs=1e-9)
        if 0 < step.survival < 1:
            limits = band.loc[step.time].to_list()
            assert (step.low, step.high) == pytest.approx(limits, abs=1e-9)
        assert step.at_risk == other.event_table.loc[step.time, "at_risk"]
    assert len(curve.steps) == len(table)


@pytest.mark.parametrize("seed", range(15))
def test_log_rank_equals_another_implementation(seed):
    groups = {name: random_patients(seed * 10 + place, 12 + seed) for place, name in enumerate("ABCD"[: 2 + seed % 3])}
    ours = log_rank(groups)
    times, events, names = [], [], []
    for name, patients in groups.items():
        times += [time for time, _ in patients]
        events += [event for _, event in patients]
        names += [name] * len(patients)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines.statistics import multivariate_logrank_test

        other = multivariate_logrank_test(times, names, events)
    assert ours.chi_square == pytest.approx(other.test_statistic, rel=1e-9)
    assert ours.p == pytest.approx(other.p_value, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("degrees", range(1, 9))
def test_the_tail_of_chi_square_equals_another_implementation(degrees):
    from scipy.stats import chi2

    for value in (0.0, 0.1, 1.0, 3.84, 12.5, 80.0):
        assert chi_square_tail(value, degrees) == pytest.approx(chi2.sf(value, degrees), rel=1e-9)


def test_nobody_one_patient_and_nobody_dead_are_told_without_inventing():
    assert kaplan_meier([]).steps == []
    one = kaplan_meier([(5, True)])
    assert [(step.time, step.survival) for step in one.steps] == [(0, 1), (5, 0)]
    alive = kaplan_meier([(5, False), (9, False)])
    assert (alive.median, alive.at(9).survival, alive.at(9).low) == (None, 1, 1)
    assert log_rank({"I": [(5, True)]}) is None
    assert log_rank({"I": [(5, False)], "II": [(4, False)]}) is None
    assert log_rank({"I": [], "II": [(4, True)]}) is None


def test_a_patient_who_died_on_the_day_of_entry_is_counted():
    curve = kaplan_meier([(0, True), (3, False)])
    assert (curve.at(0).survival, curve.at_risk(0), curve.at_risk(1)) == (0.5, 2, 1)


def test_a_time_before_entry_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        kaplan_meier([(-1, True)])


def test_patients_counted_are_the_same_as_patients_one_by_one():
    """A million rows come from the database as a few thousand counts."""
    patients = random_patients(7, 300)
    assert kaplan_meier(Counter(patients)) == kaplan_meier(patients)
    groups = {"one": patients[:140], "two": patients[140:], "nobody": []}
    assert log_rank({name: Counter(some) for name, some in groups.items()}) == log_rank(groups)
    assert kaplan_meier({(3.0, True): 0}) == kaplan_meier([])
