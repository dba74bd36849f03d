"""The systems beside C-GCLM: their examples hold, a moved limit is caught, and silence is never an answer."""

import re
import shutil

import pytest

from classification import classify, load_rulebook
from classification.examples import run_examples
from classification.pathway import RULES

FOLDER = RULES / "gclm"
CLEAR = {
    "liver_metastasis": "clinical",
    "before_any_systemic_therapy": True,
    "primary_status": "in_situ",
    "t_category": "T3",
    "primary_resectable_r0": True,
    "nodes_beyond_d2": [],
    "peritoneum": "P0",
    "cytology": "CY0",
    "ascites": False,
    "distant_sites": [],
    "ecog": 0,
    "liver_lesion_count": 1,
    "liver_max_diameter_mm": 20,
    "liver_lobes": "left",
    "liver_major_vessel_or_duct_involved": False,
    "liver_vessel_contact": False,
    "liver_diffuse": False,
    "liver_resectable_r0": True,
}


def broken_examples(folder, **readings):
    rules = load_rulebook(folder, readings=readings)["gclm"]
    return [
        (edition.scheme, verdict.example)
        for edition in rules.editions
        for verdict in run_examples(rules, edition)
        if not verdict.has_passed
    ]


def possible(system, restaging=None, **changes):
    return classify({**CLEAR, **changes}, restaging=restaging).systems[system].possible


@pytest.mark.parametrize("readings", [{}, {"c-gclm": "A"}], ids=["own readings", "reading A of C-GCLM"])
def test_every_worked_example_of_every_system_holds(readings):
    assert broken_examples(FOLDER, **readings) == []


def test_the_table_holds_the_fifteen_cases_and_every_system_of_it():
    cases = load_rulebook()["gclm"].cases
    assert [case.id for case in cases] == list("ABCDEFGHIJKLMNO")
    systems = {"c-gclm", "c-gclm@A", "jgca", "yoshida", "flot3-b", "renaissance", "omec", "bertinoro"}
    systems |= {"nct03399253", "jcog2301", "tnm", "nccn", "csco"}
    assert all(set(case.provisional) == systems for case in cases)


MOVED = {
    "yoshida": ("yoshida-2016.toml", "50 }", "60 }", "E"),
    "flot3-b": ("flot3-b-2017.toml", ("le = 4", "ge = 5"), ("le = 5", "ge = 6"), "D"),
    "renaissance": ("renaissance-2017.toml", ("le = 5", "ge = 6"), ("le = 4", "ge = 5"), "D"),
    "omec": ("omec-2023.toml", ("le = 3 } }", "ge = 4"), ("le = 4 } }", "ge = 5"), "C"),
    "bertinoro": ("bertinoro-2024.toml", ("le = 3", "ge = 4"), ("le = 4", "ge = 5"), "C"),
    "nct03399253": ("nct03399253-2018.toml", ("le = 40", "gt = 40"), ("le = 60", "gt = 60"), "E"),
    "jcog2301": ("jcog2301-2024.toml", ("le = 3 }", "ge = 4"), ("le = 4 }", "ge = 5"), "C"),
    "jgca": ("jgca-2021.toml", ("le = 3", "ge = 4"), ("le = 4", "ge = 5"), "C"),
}


@pytest.mark.parametrize("system", MOVED)
def test_a_moved_limit_breaks_a_worked_case(tmp_path, system):
    file, old, new, case = MOVED[system]
    path = shutil.copytree(FOLDER, tmp_path / "gclm") / file
    text = path.read_text(encoding="utf-8")
    pairs = [(old, new)] if isinstance(old, str) else list(zip(old, new, strict=True))
    for was, becomes in pairs:
        assert was in text
        text = text.replace(was, becomes)
    path.write_text(text, encoding="utf-8")
    assert (system, case) in broken_examples(path.parent)


@pytest.mark.parametrize("system", ["nccn", "csco", "esmo", "kgca"])
def test_a_guideline_without_a_number_answers_one_and_thirty_lesions_alike(system):
    assert possible(system) == possible(system, liver_lesion_count=30, liver_lobes="both") == ("no_upfront_surgery",)
    stances = {c.stance for e in load_rulebook()["gclm"].editions if e.scheme == system for c in e.categories}
    assert stances == {"silent"}


@pytest.mark.parametrize(
    "system", ["flot3-b", "renaissance", "omec", "regatta", "shizuoka", "surgigast", "nct03399253"]
)
def test_a_source_that_is_silent_on_lone_positive_cytology_is_not_made_to_speak(system):
    facts = {"cytology": "CY1", "age_years": 60, "tumour_site": "lower", "liver_lesion_count": 2}
    treated = {"before_any_systemic_therapy": False, "best_response": "PR", "months_on_therapy": 3, "ecog": 0}
    assert possible(system, treated, **facts) == ("cannot_say",)


def test_cytology_that_nobody_did_is_not_read_as_negative():
    assert possible("jgca", cytology=None) == ("resection", "no_resection")


def test_anatomy_stays_as_at_presentation_while_the_response_is_that_of_restaging():
    shrunken = {"before_any_systemic_therapy": False, "best_response": "PR", "liver_lesion_count": 2}
    for system, answer in (("omec", "not_oligometastatic"), ("bertinoro", "not_oligometastatic")):
        assert possible(system, shrunken, liver_lesion_count=8) == (answer,)


def test_bertinoro_waits_for_a_response_before_it_answers():
    assert possible("bertinoro") == ("pending",)
    assert possible("bertinoro", {"before_any_systemic_therapy": False, "best_response": "SD"}) == ("oligometastatic",)


def test_progression_ends_the_oligometastatic_state_and_leaves_the_type_at_presentation():
    progressed = {"before_any_systemic_therapy": False, "best_response": "PD"}
    outcome = classify({**CLEAR, "bulky_n2": False}, restaging=progressed)
    assert outcome.systems["omec"].category == "not_oligometastatic"
    assert outcome.systems["c-gclm"].category == "I"


def test_a_trial_never_calls_anybody_eligible():
    trials = [edition for edition in load_rulebook()["gclm"].editions if edition.question == "trial"]
    assert {edition.scheme for edition in trials} == {"renaissance", "surgigast", "nct03399253", "jcog2301"}
    for edition in trials:
        words = [text for c in edition.categories for text in (c.labels.en, c.texts.en)]
        words += [rule.texts.en for component in edition.components for rule in component.rules]
        assert edition.trial is not None
        assert not any(re.search(r"\beligible\b", text, re.IGNORECASE) for text in words)


def test_the_negative_trial_always_says_that_it_was_negative():
    for facts in ({}, {"liver_metastasis": "clinical"}, CLEAR):
        assert "NEGATIVE_OVERALL" in classify(facts).systems["renaissance"].flags


def test_a_choice_of_this_system_is_never_labelled_as_confirmed_by_a_source():
    for edition in load_rulebook()["gclm"].editions:
        for component in edition.components:
            for rule in component.rules:
                assert not (rule.citation.source == "house" and rule.citation.label == "confirmed"), rule.id
