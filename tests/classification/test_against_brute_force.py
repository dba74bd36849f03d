"""The engine equals brute force over every completion, on seeded random incomplete cases."""

import random

import pytest

from classification import classify, load_rulebook, reach

from . import oracle
from .random_cases import random_case

CASES = 10_000
SCORE = {"I": 1, "II": 2, "III": 3}


def answer_of(facts, rulebook=None):
    outcome = classify(facts, rulebook)
    system = outcome.systems["c-gclm"]
    return (
        {SCORE[name] for name in system.possible},
        {SCORE[name] for name in system.provisional},
        set(outcome.missing),
        "INCONSISTENT_LIVER" in system.flags,
    )


def differing(seed, number, rulebook=None, reading="B"):
    rng = random.Random(seed)
    for _ in range(number):
        facts = random_case(rng)
        if answer_of(facts, rulebook) != oracle.solve(facts, reading):
            yield facts


def test_ten_thousand_incomplete_cases_equal_brute_force():
    assert next(differing(20261123, CASES), None) is None


@pytest.mark.parametrize("reading", ["A", "C"])
def test_the_other_readings_equal_brute_force_too(reading):
    rulebook = load_rulebook(readings={"c-gclm": reading})
    assert next(differing(1, 600, rulebook, reading), None) is None


def test_treating_components_as_independent_is_itself_right():
    """The oracle's own shortcut against the plain product of everything, where that is small enough."""
    rng, checked = random.Random(5), 0
    while checked < 60:
        facts = random_case(rng)
        if oracle.size_of(facts) <= 4000:
            possible, _, missing, _ = oracle.solve(facts)
            assert (possible, missing) == oracle.solve_whole(facts)
            checked += 1


def test_the_assumptions_named_are_enough_and_none_can_be_spared():
    rng = random.Random(9)
    for _ in range(300):
        facts = random_case(rng)
        system = classify(facts).as_dict()["systems"]["c-gclm"]
        named, reached = set(system["provisional"]["assuming"]), oracle.solve(facts)[1]
        assert oracle.solve(facts, assuming=named)[1] == reached
        assert all(oracle.solve(facts, assuming=named - {fact})[1] != reached for fact in named)


def test_the_oracle_sees_a_planted_wrong_boundary(monkeypatch):
    monkeypatch.setattr(oracle, "SIZES", (20, 40, 60))
    monkeypatch.setattr(oracle, "score_liver", lambda f, r, reading="B": 3 if f[4] or not r else 1 if f[0] < 3 else 2)
    assert next(differing(3, 300), None) is not None


def test_the_oracle_sees_a_planted_missing_fact(monkeypatch):
    real = reach._top
    scheme = load_rulebook()["gclm"].compiled[0]
    monkeypatch.setattr(scheme, "memo", {})
    for group in scheme.groups:
        monkeypatch.setattr(group, "memo", {})
    monkeypatch.setattr(reach, "_top", lambda group, worlds, at: real(group, worlds, at) if at else 0)
    assert next(differing(4, 300), None) is not None
