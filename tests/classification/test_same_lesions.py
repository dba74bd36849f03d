"""What a list of lesions leaves open contradicts nothing, and what somebody stated of them holds."""

import datetime as dt
from itertools import product

import pytest

from classification import Statement, classify, load_pathway
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


def said_by(*lists: tuple, on: dt.date | None = None):
    """Lists as (discipline, day, lesions), each by another person."""
    said = [Statement("liver_lesions", lesions, who, day, f"Dr {who}") for who, day, lesions in lists]
    return reconcile(said, on=on)


CLEAR, INVADES = {"vessel_relation": "clear"}, {"vessel_relation": "invades", "vessel": "portal_vein"}


@pytest.mark.parametrize(
    ("one", "other"),
    [(METASTASIS, CYST), (CLEAR, INVADES), (CLEAR, {"vessel": "portal_vein"})],
    ids=["nature", "vessel", "half each"],
)
def test_where_two_others_differ_nothing_is_added_and_the_owner_is_not_named_as_the_reason(one, other):
    for first, second in ((one, other), (other, one)):
        found = of([S6], [S6 | first], [S6 | second])
        assert found.facts["liver_lesions"] == [S6]
        assert found.adds == ()
        (entry,) = found.contradictions
        assert (entry.fact, entry.reason, entry.prevails.discipline) == ("liver_lesions", "open", "radiology")
        assert "leaves open" in entry.why()
        assert "未说明" in entry.why("zh")


def test_where_the_owner_is_contradicted_too_the_owner_is_the_reason():
    found = of([S6 | METASTASIS, S8], [S6 | CYST, S8 | CYST], [S6, S8 | METASTASIS])
    assert [entry.reason for entry in found.contradictions] == ["owner"]
    assert found.facts["liver_lesions"] == [S6 | METASTASIS, S8]


def test_a_list_of_other_lesions_adds_nothing_but_keeps_others_from_adding_what_it_denies():
    found = of([S6], [S6 | METASTASIS], [S6 | CYST, S8])
    assert found.facts["liver_lesions"] == [S6]
    assert [entry.reason for entry in found.contradictions] == ["owner"]


def test_two_who_agree_add_the_more_exact_of_their_words():
    either = {"nature": {"one_of": ["metastasis", "indeterminate"]}}
    found = of([S6], [S6 | either], [S6 | METASTASIS])
    assert (found.contradictions, found.facts["liver_lesions"]) == ((), [S6 | METASTASIS])
    assert [(each.by, names) for each, names in found.adds] == [("Dr O", ("nature",))]
    half = of([S6], [S6 | either], [S6 | {"nature": {"one_of": ["indeterminate", "benign"]}}])
    assert half.facts["liver_lesions"] == [S6], "nobody said indeterminate"


@pytest.mark.parametrize(
    "lesion",
    [{}, {"segments": ["6"]}, {"diameter_mm": 50}, {"segments": ["6"], "diameter_mm": {"at_least": 10}}],
    ids=["neither", "no size", "no segment", "no exact size"],
)
def test_without_segment_and_size_nothing_shows_that_it_is_the_same_lesion(lesion):
    found = of([lesion], [lesion | METASTASIS])
    assert found.facts["liver_lesions"] == [lesion]
    assert (found.adds, found.contradictions) == ((), ())
    assert of([lesion | CLEAR], [lesion | {"vessel": "portal_vein"}]).contradictions == ()
    differing = of([lesion | CYST], [lesion | METASTASIS])
    assert [entry.reason for entry in differing.contradictions] == ["owner"]


def test_a_detail_that_is_too_old_is_not_added():
    old = dt.date(2024, 3, 1)
    lists = ("radiology", DAY, [S6]), ("surgery", old, [S6 | CYST])
    for on in (DAY, None):
        found = said_by(*lists, on=on)
        assert found.facts["liver_lesions"] == [S6]
        assert (found.adds, found.contradictions) == ((), ())
    both = said_by(*lists, ("oncology", DAY, [S6 | CYST]), on=DAY)
    assert both.facts["liver_lesions"] == [S6 | CYST]
    assert [each.by for each, _ in both.adds] == ["Dr oncology"]
    against = said_by(*lists, ("oncology", DAY, [S6 | METASTASIS]), on=DAY)
    assert against.facts["liver_lesions"] == [S6]
    assert [entry.reason for entry in against.contradictions] == ["open"]


def test_the_day_on_which_a_detail_grows_too_old_is_foretold():
    limit = dt.timedelta(days=load_pathway("gclm").age_limits["liver_lesions"])
    lists = ("radiology", DAY, [S6]), ("surgery", DAY - dt.timedelta(days=10), [S6 | METASTASIS])
    found = said_by(*lists, on=DAY)
    last = DAY - dt.timedelta(days=10) + limit
    assert found.next_stale_on == last + dt.timedelta(days=1)
    assert said_by(*lists, on=last).facts["liver_lesions"] == [S6 | METASTASIS]
    after = said_by(*lists, on=found.next_stale_on)
    assert after.facts["liver_lesions"] == [S6]
    assert (after.stale, after.next_stale_on) == ({}, DAY + limit + dt.timedelta(days=1))


def test_relation_and_vessel_are_one_detail_and_come_from_one_person():
    assert of([S6], [S6 | INVADES]).facts["liver_lesions"] == [S6 | INVADES]
    halves = of([S6 | CLEAR], [S6 | {"vessel": "portal_vein"}])
    assert halves.facts["liver_lesions"] == [S6 | CLEAR]
    assert [entry.reason for entry in halves.contradictions] == ["owner"]
    whole = of([S6 | {"vessel_relation": "invades"}], [S6 | INVADES])
    assert (whole.contradictions, whole.facts["liver_lesions"]) == ((), [S6 | INVADES])
    assert [names for _, names in whole.adds] == [("vessel",)]
    either = S6 | {"vessel_relation": {"one_of": ["abuts", "invades"]}}
    assert of([either], [S6 | INVADES]).facts["liver_lesions"] == [either], "the vessel was named for one of the two"


def test_of_lesions_alike_what_is_said_of_all_of_them_holds_though_the_rest_differs():
    found = of([S6, S6], [S6 | METASTASIS | CLEAR, S6 | METASTASIS | INVADES])
    assert found.facts["liver_lesions"] == [S6 | METASTASIS] * 2


ABUTS = {"vessel_relation": "abuts"}
WAYS = [{}, CLEAR, ABUTS, ABUTS | {"vessel": "ivc"}, {"vessel": "ivc"}, METASTASIS, CYST, METASTASIS | CLEAR]


def the(said: dict, parts: set) -> dict:
    return {name: said[name] for name in parts & set(said)}


def test_whatever_three_people_say_nothing_holds_that_nobody_said_or_that_somebody_denies():
    """Worked out anew from the words alone, without the code under test."""
    every = {"nature"}, {"vessel_relation", "vessel"}

    def do_fit(one: dict, other: dict) -> bool:
        pairs = [(the(one, parts), the(other, parts)) for parts in every]
        return all(a.items() <= b.items() or b.items() <= a.items() for a, b in pairs)

    for own, *others in product(WAYS, repeat=3):
        expected = dict(own)
        for parts in every:
            whole = max((the(each, parts) for each in (own, *others) if do_fit(own, each)), key=len)
            if all(the(each, parts).items() <= whole.items() for each in (own, *others)):
                expected |= whole
        found = of([S6 | own], *([S6 | each] for each in others))
        assert found.facts["liver_lesions"] == [S6 | expected], (own, others)
        assert {name for _, names in found.adds for name in names} == set(expected) - set(own)
        fitting = do_fit(own, others[0]) and do_fit(own, others[1])
        reasons = ["owner"] if not fitting else [] if do_fit(*others) else ["open"]
        assert [entry.reason for entry in found.contradictions] == reasons, (own, others)
