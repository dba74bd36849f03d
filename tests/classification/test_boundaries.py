"""How far a case stands from the edges of its category: each entry is checked by asking the rules again."""

import random

import pytest

from classification import classify

from .random_cases import random_case

BASE = {
    "primary_status": "in_situ", "t_category": "T3", "primary_resectable_r0": True, "nodes_beyond_d2": [],
    "bulky_n2": False, "liver_lesion_count": 2, "liver_max_diameter_mm": 40, "liver_lobes": "both",
    "liver_diffuse": False, "liver_resectable_r0": True, "liver_major_vessel_or_duct_involved": False,
    "liver_vessel_contact": False, "peritoneum": "P0", "cytology": "CY0", "distant_sites": [],
}  # fmt: skip


def entries(facts, language="en"):
    return classify(facts).as_dict(language)["systems"]["c-gclm"]["boundaries"]


def test_a_diameter_at_the_limit_says_what_more_would_mean_and_what_would_undo_it():
    found = next(entry for entry in entries(BASE) if entry["fact"] == "liver_max_diameter_mm")
    assert (found["value"], found["step"], found["distance"], found["categories"]) == ("40 mm", "> 40 mm", 0, ["II"])
    assert [entry["fact"] for entry in found["unless"]] == ["liver_lobes"]
    assert found["text"].startswith("40 mm; > 40 mm: Type II, unless Lobes involved: ")


def test_the_chinese_sentence_says_the_same():
    found = next(entry for entry in entries(BASE, "zh-hans") if entry["fact"] == "liver_max_diameter_mm")
    assert "Ⅱ型，除非" in found["text"]


def test_the_nearest_edge_comes_first_and_nothing_is_said_twice():
    texts = [entry["text"] for entry in entries(BASE)]
    assert len(texts) == len(set(texts))
    distances = [entry["distance"] for entry in entries(BASE) if entry["distance"] is not None]
    assert distances == sorted(distances)


def test_a_fact_that_nobody_stated_has_no_distance():
    facts = {name: value for name, value in BASE.items() if name != "liver_max_diameter_mm"}
    assert "liver_max_diameter_mm" not in {entry["fact"] for entry in entries(facts)}


VALUES = {"liver_max_diameter_mm": (39, 41), "liver_lesion_count": (1, 3, 4), "t_category": ("T1", "T4a", "T4b")}


@pytest.mark.parametrize("fact", VALUES)
def test_a_value_changes_the_category_exactly_where_an_edge_says_so(fact):
    present = classify(BASE).systems["c-gclm"].provisional
    for value in VALUES[fact]:
        changed = classify({**BASE, fact: value}).systems["c-gclm"].provisional
        said = [entry["categories"] for entry in entries(BASE) if entry["fact"] == fact]
        assert (changed != present) == (list(changed) in said)


def test_edges_can_be_told_for_every_random_case():
    rng = random.Random(4)
    for _ in range(200):
        for entry in entries(random_case(rng)):
            assert entry["text"]
            assert entry["categories"]
