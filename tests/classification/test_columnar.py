"""The rules over a whole archive: on every case and for every scheme the answer of the scalar path."""

from __future__ import annotations

import random

import pytest

from classification import Outcome, load_rulebook
from classification.columnar import Archive
from classification.columns import Layout
from tests.classification.random_cases import random_case, random_restaging

RULES = load_rulebook()["gclm"]
CASES = 2_000


@pytest.fixture(scope="module")
def layout():
    return Layout(RULES.reader)


@pytest.fixture(scope="module")
def cases():
    rng = random.Random(20_261)
    return [(random_case(rng), random_restaging(rng)) for _ in range(CASES)]


@pytest.fixture(scope="module")
def records(layout, cases):
    return layout.unpack(b"".join(layout.pack(*case) for case in cases))


@pytest.fixture(scope="module")
def outcomes(cases):
    return [Outcome(RULES, facts, None, restaging) for facts, restaging in cases]


def test_the_random_cases_hold_both_kinds_of_record(records):
    odd = int(records["irregular"].sum())
    assert CASES // 20 < odd < CASES * 3 // 4, "neither path would be tested"


@pytest.mark.parametrize("scheme", RULES.schemes)
def test_the_archive_answers_every_case_as_the_scalar_path_does(scheme, layout, cases, records, outcomes):
    found = Archive(RULES, scheme, layout).decide(records, cases.__getitem__)
    wrong = []
    for place, outcome in enumerate(outcomes):
        answer = outcome.systems[scheme]
        if answer.state == "typed":
            expected = tuple(answer.decision[:3])
        else:
            scores = {category.id: category.score for category in answer.scheme.edition.categories}
            bits = sum(1 << scores[name] for name in answer.possible)
            expected = (bits, bits, 0)
        got = tuple(int(column[place]) for column in found)
        if got != expected:
            wrong.append((cases[place], expected, got))
    assert wrong[:1] == []


def test_a_moved_bit_is_seen(layout, cases, records):
    """The comparison can fail: peritoneal metastasis written into every record makes the worst type."""
    planted = records.copy()
    points = next(fact for fact in layout.bit_facts if fact.name == "peritoneum").exact_values
    planted["peritoneum"] = 1 << 15 | 1 << points.index("P1b")
    planted["irregular"] = False
    plain, other = (Archive(RULES, "c-gclm", layout).decide_regular(each) for each in (records, planted))
    assert (plain.possible != other.possible).any()


def test_a_record_of_another_layout_is_told_apart(layout):
    assert Layout(RULES.with_only(RULES.compiled[0]).reader).digest != layout.digest
    assert layout.unpack(layout.irregular)["irregular"].tolist() == [True]
