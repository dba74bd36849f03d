"""Hepatocellular carcinoma: a pathway that was added as rule files alone."""

import re
from pathlib import Path

import pytest

from classification import classify, load_rulebook, readiness, reconcile
from classification.examples import run_examples
from classification.facts import DISCIPLINES
from classification.statements import Statement

ROOT = Path(__file__).parents[2]
PRESERVED = {"hepatocellular_carcinoma": "clinical", "liver_function": "preserved", "ecog": 0}


def stage(**facts):
    return classify(PRESERVED | facts, pathway="hcc").systems["bclc"]


def test_no_python_outside_the_tests_names_it():
    named = [
        str(path.relative_to(ROOT))
        for folder in ("cases", "classification", "mdt")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"hcc|bclc", path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert named == []


def test_every_example_of_the_edition_and_the_pathway_holds():
    rules = load_rulebook(pathway="hcc")["hcc"]
    verdicts = [verdict for edition in rules.editions for verdict in run_examples(rules, edition)]
    assert len(verdicts) >= 10
    assert [verdict for verdict in verdicts if not verdict.has_passed] == []


@pytest.mark.parametrize(
    ("facts", "possible", "provisional"),
    [
        ({"liver_lesion_count": 1, "liver_max_diameter_mm": 20}, {"0", "C"}, ("0",)),
        ({"liver_lesion_count": 1, "liver_max_diameter_mm": 20.4}, {"A", "C"}, ("A",)),
        ({"liver_lesion_count": 3, "liver_max_diameter_mm": 30}, {"A", "C"}, ("A",)),
        ({"liver_lesion_count": 3, "liver_max_diameter_mm": 30.1}, {"B", "C"}, ("B",)),
        ({"liver_lesion_count": 4, "liver_max_diameter_mm": 5}, {"B", "C"}, ("B",)),
        ({"liver_lesion_count": 1, "macrovascular_invasion": ["portal_branch"]}, {"C"}, ("C",)),
        ({"liver_lesion_count": 1, "extrahepatic_spread": [{"site": "lung"}]}, {"C"}, ("C",)),
        ({"liver_lesion_count": 1, "ecog": 3}, {"D"}, ("D",)),
        ({"liver_lesion_count": 2, "liver_max_diameter_mm": 9, "ecog": {"one_of": [0, 1]}}, {"A", "C"}, ("A", "C")),
    ],
)
def test_stages_at_their_boundaries(facts, possible, provisional):
    answer = stage(**facts)
    assert set(answer.possible) == possible
    assert answer.provisional == provisional


def test_an_empty_case_leaves_every_stage_open():
    assert set(classify({}, pathway="hcc").systems["bclc"].possible) == {"0", "A", "B", "C", "D"}


def test_a_list_of_lesions_gives_the_figures_as_in_the_other_pathway():
    lesions = [
        {"segments": ["5"], "diameter_mm": 24, "nature": "metastasis", "vessel_relation": "clear"},
        {"segments": ["8"], "diameter_mm": 12, "nature": "metastasis", "vessel_relation": "clear"},
    ]
    assert stage(liver_lesions=lesions, liver_lesions_complete=True).provisional == ("A",)
    assert set(stage(liver_lesions=lesions).provisional) == {"A", "B"}


def test_what_is_no_hepatocellular_carcinoma_gets_no_stage():
    answer = classify({"hepatocellular_carcinoma": "absent"}, pathway="hcc").systems["bclc"]
    assert (answer.possible, answer.flags) == ((), ("NOT_HEPATOCELLULAR",))


def test_every_row_of_the_staging_says_that_nobody_has_verified_it():
    rules = load_rulebook()["hcc"]
    (edition,) = rules.editions
    cited = [rule.citation for component in edition.components for rule in component.rules]
    cited += [flag.citation for flag in edition.flags]
    cited += [argument.citation for option in rules.options for argument in (*option.pro, *option.con)]
    assert edition.status == "draft"
    assert {citation.label for citation in cited} == {"unverified"}


def test_options_follow_the_stage():
    def status(**facts):
        outcome = classify(PRESERVED | facts, pathway="hcc").as_dict("en")
        return {option["id"]: option["status"] for option in outcome["options"]}

    early = status(liver_lesion_count=1, liver_max_diameter_mm=40, portal_hypertension=False)
    assert (early["resection"], early["systemic"]) == ("recommended", "not_recommended")
    advanced = status(liver_lesion_count=1, liver_max_diameter_mm=40, macrovascular_invasion=["portal_trunk"])
    assert (advanced["systemic"], advanced["resection"]) == ("recommended", "not_recommended")
    assert (
        status(liver_lesion_count=1, liver_max_diameter_mm=15, accepts_surgery=False)["resection"] == "contraindicated"
    )
    terminal = status(liver_lesion_count=1, liver_function="decompensated", transplant_candidate=False)
    assert terminal["supportive_care"] == "recommended"


def test_every_required_item_is_asked_of_a_discipline_that_has_a_form():
    pathway = load_rulebook()["hcc"].pathway
    asked = {fact.name for discipline in DISCIPLINES for fact in pathway.facts_for(discipline)}
    for item in pathway.required:
        if not item.case_field:
            followed = {source for name in item.facts for source in (name, *pathway.facts[name].derived_from)}
            assert followed & asked, item.id
    answered_elsewhere = {name for name, fact in pathway.facts.items() if fact.derived_from or fact.record}
    assert set(pathway.facts) - asked == answered_elsewhere


def test_a_case_with_everything_required_is_ready():
    pathway = load_rulebook()["hcc"].pathway
    facts = PRESERVED | {
        "liver_lesion_count": 1, "liver_max_diameter_mm": 18, "macrovascular_invasion": [], "extrahepatic_spread": [],
        "child_pugh": "A", "portal_hypertension": False, "afp_ng_ml": 12, "comorbidity_note": "none",
        "patient_preference": "Wants the tumour out.",
    }  # fmt: skip
    reconciled = reconcile([Statement(name, value, "oncology") for name, value in facts.items()], pathway)
    states = {item.as_dict()["state"] for item in readiness(reconciled, pathway, {"question": "Resection?"}, ())}
    assert states == {"known"}
