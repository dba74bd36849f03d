"""Reading facts: what was read before never changes whether and how a value is read now; memory has an end."""

import random

import pytest

from classification import Decider, FactError, classify, load_rulebook
from classification.memory import Memory
from classification.pathway import RULES

from .random_cases import random_case

LESION = {"segments": ["2", "3"], "diameter_mm": 1, "nature": "metastasis", "vessel_relation": "clear"}


@pytest.fixture
def decide():
    return Decider(load_rulebook(RULES)["gclm"], "c-gclm").decide


@pytest.mark.parametrize(
    ("part", "value"),
    [("segments", "23"), ("diameter_mm", True), ("nature", ["metastasis"]), ("vessel_relation", "near"), ("size", 4)],
)
def test_a_wrong_part_of_a_lesion_is_refused_whatever_was_read_before(decide, part, value):
    decide({"liver_lesions": [LESION]})
    for lesions in ([{**LESION, part: value}], [LESION, {**LESION, part: value}]):
        for _ in range(2):
            with pytest.raises(FactError, match=f"entry {len(lesions)}"):
                decide({"liver_lesions": lesions})


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("bulky_n2", True, 1),
        ("liver_lesion_count", 1, True),
        ("t_category", "T1", ["T1"]),
        ("nodes_beyond_d2", ["other"], "other"),
        ("distant_sites", [], "bone"),
        ("bulky_n2", {"one_of": [True, False]}, {"one_of": [1, 0]}),
    ],
)
def test_a_wrong_value_is_refused_though_its_equal_was_read_before(decide, name, right, wrong):
    for ask in (decide, classify):
        ask({name: right})
        for _ in range(2):
            with pytest.raises(FactError, match=name):
                ask({name: wrong})


def test_the_order_of_lesions_and_a_table_in_another_fact_change_nothing(decide):
    rng = random.Random(4)
    for _ in range(300):
        facts = random_case(rng)
        lesions = facts.get("liver_lesions") or []
        expected = decide(facts)
        assert decide({**facts, "liver_lesions": lesions[::-1]} if lesions else facts) == expected
        # a table cannot be looked up: the whole case is read in the slow way then
        assert decide({"staging_laparoscopy_done": {"one_of": [True, False]}, **facts}) == expected


def test_what_is_asked_for_again_and_again_is_not_forgotten_and_the_rest_is():
    worked_out = []
    memory = Memory(10, lambda key: worked_out.append(key) or key)
    for number in range(100):
        assert (memory[number], memory["often"]) == (number, "often")
    assert worked_out.count("often") == 1
    assert len(memory) + len(memory.older) <= 10
    assert (memory[3], worked_out[-1]) == (3, 3)
