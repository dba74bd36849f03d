"""What a list of lesions leaves open contradicts nothing, and what somebody stated of them holds."""

import datetime as dt

import pytest

from classification import Statement, classify
from classification.statements import reconcile

DAY = dt.date(2026, 11, 18)
S6 = {"segments": ["6"], "diameter_mm": 50}
S8 = {"segments": ["8"], "diameter_mm": 20}
METASTASIS, CYST = {"nature": "metastasis"}, {"nature": "benign"}


def of(radiology: list, surgery: list, *others: list):
    said = [Statement("liver_lesions", radiology, "radiology", DAY, "Dr R", "2026-11-18", 1)]
    said += [Statement("liver_lesions", surgery, "surgery", DAY, "Dr S", "2026-11-19", 2)]
    return reconcile([*said, *(Statement("liver_lesions", each, "oncology", DAY, "Dr O", "", 3) for each in others)])


@pytest.mark.parametrize(
    ("radiology", "surgery"), [([S6], [S6 | METASTASIS]), ([S6 | METASTASIS], [S6])], ids=["surgery", "radiology"]
)
def test_a_nature_that_only_one_stated_holds_and_contradicts_nobody(radiology, surgery):
    found = of(radiology, surgery)
    assert found.contradictions == ()
    assert found.facts["liver_lesions"] == [S6 | METASTASIS]
    assert found.sources["liver_lesions"].discipline == "radiology"


def test_whose_word_the_nature_is_stands_beside_the_list_that_holds():
    entries = of([S6], [S6 | METASTASIS]).as_dict()["liver_lesions"]
    assert [(entry["by"], entry["holds"], entry.get("adds")) for entry in entries] == [
        ("Dr R", True, None),
        ("Dr S", False, ["nature"]),
    ]
    same = of([S6 | METASTASIS], [S6]).as_dict()["liver_lesions"]
    assert not any("adds" in entry for entry in same)


@pytest.mark.parametrize(
    ("radiology", "surgery"),
    [
        ([S6 | METASTASIS], [S6 | CYST]),
        ([S6], [S8]),
        ([S6], [S6 | {"diameter_mm": 40}]),
        ([S6], [S6, S8]),
        ([S6], [{"segments": ["6"]}]),
        ([S6], []),
        ([S6 | {"vessel_relation": "clear"}], [S6 | {"vessel_relation": "invades"}]),
        ([S6 | METASTASIS, S8], [S6 | CYST, S8 | METASTASIS]),
        ([S6 | METASTASIS, S6 | METASTASIS], [S6, S6 | CYST]),
    ],
)
def test_what_two_people_say_differently_is_still_a_contradiction(radiology, surgery):
    found = of(radiology, surgery)
    assert [entry.fact for entry in found.contradictions] == ["liver_lesions"]
    assert found.facts["liver_lesions"] == radiology


def test_two_others_who_call_it_two_things_contradict_each_other_though_the_first_says_nothing():
    found = of([S6], [S6 | METASTASIS], [S6 | CYST])
    assert [entry.fact for entry in found.contradictions] == ["liver_lesions"]


def test_each_lesion_takes_what_was_said_of_it_in_whatever_order_it_was_listed():
    found = of([S6 | METASTASIS, S8], [S8 | CYST, S6])
    assert found.contradictions == ()
    assert found.facts["liver_lesions"] == [S6 | METASTASIS, S8 | CYST]


def test_of_two_lesions_alike_nobody_says_which_is_which():
    found = of([S6, S6], [S6 | METASTASIS, S6 | CYST])
    assert found.contradictions == ()
    assert found.facts["liver_lesions"] == [S6, S6]
    assert of([S6, S6], [S6 | METASTASIS] * 2).facts["liver_lesions"] == [S6 | METASTASIS] * 2


def test_the_type_is_no_less_sure_for_a_second_report_that_leaves_the_nature_open():
    rest = {"t_category": "T3", "n_category": "N1", "nodes_beyond_d2": [], "liver_lesions_complete": True}
    rest |= {"liver_metastasis": "clinical", "peritoneum": "P0", "distant_sites": []}
    alone, both = [S6 | METASTASIS], of([S6], [S6 | METASTASIS]).facts["liver_lesions"]
    one, other = (
        classify(rest | {"liver_lesions": lesions}).as_dict()["systems"]["c-gclm"] for lesions in (alone, both)
    )
    assert one == other
