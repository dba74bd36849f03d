"""What may be stated, what is refused and in which words."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classification import FactError, classify, describe, facts_to_json, load_pathway, parse_facts
from classification.facts import LANGUAGES

FACTS = load_pathway("gclm").facts


def values_of(fact):
    """Everything that may be stated of a fact."""
    if fact.type == "choice":
        exact = st.sampled_from(fact.values)
    elif fact.type == "yes_no":
        exact = st.booleans()
    elif fact.type in ("integer", "number"):
        low = int(fact.min if fact.min is not None else fact.above + 1)
        exact = st.integers(low, int(fact.max))
        if fact.type == "number":
            exact |= st.floats(low, fact.max)
    elif fact.type == "date":
        exact = st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)).map(str)
    elif fact.type == "set":
        exact = st.lists(st.sampled_from(fact.values), max_size=4)
    elif fact.type == "sites":
        exact = st.lists(st.fixed_dictionaries({"site": st.sampled_from(fact.values)}), max_size=3)
    elif fact.type == "lesions":
        exact = st.lists(LESION, max_size=3)
    else:
        exact = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
    partial = st.just({"not_applicable": True}) | st.none()
    if fact.type in ("choice", "yes_no", "integer", "number", "set"):
        partial |= st.lists(exact, min_size=1, max_size=3).map(lambda found: {"one_of": found})
    if fact.type in ("integer", "number", "date"):
        partial |= exact.map(lambda end: {"at_least": end}) | exact.map(lambda end: {"at_most": end})
        partial |= st.tuples(exact, exact).map(lambda ends: {"at_least": min(ends), "at_most": max(ends)})
    return exact | partial


LESION = st.fixed_dictionaries(
    {},
    optional={
        "segments": st.lists(st.sampled_from(["1", "2", "4", "4a", "5", "8"]), max_size=2),
        "diameter_mm": st.floats(0.1, 200) | st.just({"at_most": 40}) | st.none(),
        "nature": st.sampled_from(["metastasis", "indeterminate", "benign", "second_primary"]),
        "vessel_relation": st.sampled_from(["clear", "abuts", "invades"]),
        "vessel": st.sampled_from(["portal_vein", "ivc"]),
    },
)
ANY_CASE = st.fixed_dictionaries({}, optional={name: values_of(fact) for name, fact in FACTS.items()})
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50, deadline=None)
@given(ANY_CASE)
def test_valid_facts_never_raise_and_survive_a_round_trip(facts):
    answer = classify(facts).as_dict()
    assert json.loads(json.dumps(answer)) == answer
    read = parse_facts(facts, FACTS)
    assert parse_facts(json.loads(json.dumps(facts_to_json(read))), FACTS) == read
    for language in LANGUAGES:
        assert all(describe(FACTS[name], value, language) for name, value in facts.items())


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(FACTS)), ANYTHING)
def test_anything_else_is_read_or_refused_in_one_line_with_the_name_of_the_fact(name, value):
    text = f"{name}: "
    try:
        classify({name: value}).as_dict()
    except FactError as error:
        text = str(error)
    assert text.startswith(f"{name}: ")
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("t_category", "T5", "one of T0"),
        ("t_category", ["T3"], "one of T0"),
        ("t_category", {"one_of": []}, "one_of needs"),
        ("t_category", {"at_least": "T3"}, "one of T0"),
        ("t_category", {"not_applicable": False}, "one of T0"),
        ("bulky_n2", "no", "true or false"),
        ("bulky_n2", 0, "true or false"),
        ("liver_lesion_count", 0, "from 1"),
        ("liver_lesion_count", 2.5, "whole number"),
        ("liver_lesion_count", True, "whole number"),
        ("liver_lesion_count", {"at_least": 4, "at_most": 2}, "more than at_most"),
        ("liver_lesion_count", {"at_least": None}, "needs at_least"),
        ("liver_max_diameter_mm", 0, "above 0"),
        ("liver_max_diameter_mm", -3, "above 0"),
        ("liver_max_diameter_mm", 4000, "up to 400 mm"),
        ("liver_max_diameter_mm", "40", "a number"),
        ("liver_max_diameter_mm", float("nan"), "a number"),
        ("gastrectomy_on", "2024-02-30", "YYYY-MM-DD"),
        ("gastrectomy_on", "1024-02-20", "YYYY-MM-DD"),
        ("nodes_beyond_d2", ["16c"], "16a1"),
        ("nodes_beyond_d2", "16a2", "a list of"),
        ("distant_sites", [{"count": 2}], "site is missing"),
        ("distant_sites", [{"site": "liver"}], "lung"),
        ("liver_lesions", [{"segment": ["2"]}], "entry 1: 'segment'"),
        ("liver_lesions", [{}, {"diameter_mm": -1}], "entry 2"),
        ("liver_lesions", [{"segments": ["9"]}], "segments"),
        ("liver_lesions", {"one_of": []}, "a list of lesions"),
        ("ecog", 5, "up to 4"),
        ("comorbidity_note", 3, "a text"),
        ("ecgo", 1, "did you mean ecog"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(name, value, words):
    with pytest.raises(FactError) as error:
        classify({name: value})
    assert error.value.fact == name
    assert words in str(error.value)


def test_a_date_in_the_future_is_refused_when_today_is_known():
    fact, today = FACTS["liver_imaging_on"], dt.date(2026, 11, 23)
    assert fact.parse("2026-11-23", today).value == today
    with pytest.raises(FactError, match="future"):
        fact.parse("2026-11-24", today)


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("t_category", "T4", "T4a or T4b", "T4a 或 T4b"),
        ("t_category", {"one_of": ["T4a", "T4b"]}, "T4a or T4b", "T4a 或 T4b"),
        ("t_category", {"not_applicable": True}, "does not apply", "不适用"),
        ("t_category", None, "not stated", "未说明"),
        ("liver_lesion_count", {"at_least": 2, "at_most": 4}, "2 to 4", "2–4"),
        ("liver_lesion_count", {"at_least": 2}, "at least 2", "至少 2"),
        ("liver_max_diameter_mm", {"at_most": 40}, "up to 40 mm", "至多 40 mm"),
        ("liver_max_diameter_mm", 40.4, "40.4 mm", "40.4 mm"),
        ("nodes_beyond_d2", [], "looked for, none", "已查，无"),
        ("distant_sites", [{"site": "lung", "count": 2}], "Lung (2)", "肺（2）"),
        ("bulky_n2", False, "no", "无"),
        ("ascites", True, "yes", "有"),
        ("portal_vein_patent", False, "no", "否"),
        ("her2_ihc", {"one_of": ["0", "1+", "2+"]}, "0 or 1+ or 2+", "0 或 1+ 或 2+"),
        ("gastrectomy_on", "2026-03-05", "5 Mar 2026", "2026年3月5日"),
        ("gastrectomy_on", {"at_least": "2026-03-05"}, "from 5 Mar 2026 on", "不早于2026年3月5日"),
        ("gastrectomy_on", {"at_most": "2026-12-01"}, "until 1 Dec 2026", "不晚于2026年12月1日"),
        ("flr_percent", 35, "35% of standard liver volume", "35%（占标准肝体积）"),
    ],
)
def test_a_value_is_read_back_in_words(name, value, english, chinese):
    assert describe(FACTS[name], value) == english
    assert describe(FACTS[name], value, "zh-hans") == chinese


def test_a_list_of_lesions_is_read_back_as_a_summary():
    lesions = [{"segments": ["4"], "diameter_mm": 54, "nature": "metastasis"}, {"nature": "indeterminate"}]
    assert describe(FACTS["liver_lesions"], lesions) == (
        "1 metastasis, 1 indeterminate; largest stated 54 mm; segment 4"
    )
    assert "性质不定 1 处" in describe(FACTS["liver_lesions"], lesions, "zh-hans")


@pytest.mark.parametrize("pathway", ["gclm", "hcc"])
def test_the_name_of_a_fact_can_stand_in_a_list_of_what_is_not_stated(pathway):
    waiting = [fact.label() for fact in load_pathway(pathway).facts.values() if fact.label().endswith((" is", " are"))]
    assert waiting == [], "“Not stated: Primary tumour is.” ends in the middle"


def test_every_fact_has_its_words_and_an_owner():
    for fact in FACTS.values():
        assert fact.owner
        for language in LANGUAGES:
            assert fact.label(language)
            assert fact.help(language)
            assert all(fact.value_label(value, language) for value in fact.values)
