"""Boundaries, readings, flags, options, statements and languages."""

import ast
import datetime as dt
from pathlib import Path

import pytest

import classification
from classification import Statement, classify, load_pathway, load_rulebook, readiness, reconcile

CLEAR = {
    "primary_status": "in_situ",
    "t_category": "T3",
    "primary_resectable_r0": True,
    "nodes_beyond_d2": [],
    "bulky_n2": False,
    "liver_lesion_count": 1,
    "liver_max_diameter_mm": 20,
    "liver_lobes": "left",
    "liver_major_vessel_or_duct_involved": False,
    "liver_diffuse": False,
    "liver_resectable_r0": True,
    "peritoneum": "P0",
    "distant_sites": [],
    "cytology": "CY0",
    "staging_laparoscopy_done": True,
    "before_any_systemic_therapy": True,
}


def system_of(changes, **keywords):
    return classify({**CLEAR, **changes}, **keywords).as_dict()["systems"]["c-gclm"]


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({}, "I"),
        ({"liver_lobes": "both", "liver_max_diameter_mm": 40}, "I"),
        ({"liver_lobes": "both", "liver_max_diameter_mm": 40.4}, "II"),
        ({"liver_lesion_count": 3}, "I"),
        ({"liver_lesion_count": 4}, "II"),
        ({"t_category": "T4a"}, "I"),
        ({"t_category": "T4b"}, "II"),
        ({"t_category": "T4b", "primary_resectable_r0": False}, "III"),
        ({"bulky_n2": True}, "II"),
        ({"nodes_beyond_d2": ["16a2"]}, "II"),
        ({"nodes_beyond_d2": ["16a2", "16b2"]}, "III"),
        ({"liver_major_vessel_or_duct_involved": True}, "II"),
        ({"liver_resectable_r0": False}, "III"),
        ({"cytology": "CY1"}, "III"),
        ({"distant_sites": [{"site": "bone"}]}, "III"),
        ({"primary_status": "resected", "t_category": {"not_applicable": True}}, "I"),
    ],
)
def test_a_complete_case_has_one_category(changes, category):
    system = system_of(changes)
    assert system["category"] == category
    assert system["provisional"]["assuming"] == {}


@pytest.mark.parametrize(
    ("count", "size", "lobes", "types", "flag"),
    [
        (3, 40, "left", "I I I", None),
        (3, 40, "both", "I I II", "AMBIG_LOBE"),
        (3, 41, "right", "I I II", "AMBIG_SIZE"),
        (3, 41, "both", "II II II", None),
        (4, 41, "left", "I II II", "AMBIG_NUMBER"),
        (4, 20, "both", "II II II", None),
    ],
)
def test_the_three_readings_of_the_and_or_wording(count, size, lobes, types, flag):
    liver = {"liver_lesion_count": count, "liver_max_diameter_mm": size, "liver_lobes": lobes}
    found = []
    for reading in "ABC":
        system = system_of(liver, rulebook=load_rulebook(readings={"c-gclm": reading}))
        found.append(system["category"])
        assert [name for name in system["flags"] if name.startswith("AMBIG")] == ([flag] if flag else [])
    assert found == types.split()


def test_kleene_logic_would_not_know_that_one_lesion_of_unknown_lobe_lies_in_one_lobe_or_is_small():
    assert system_of({"liver_lobes": None})["category"] == "I"


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"liver_metastasis": "suspected"}, "UNCONFIRMED"),
        ({"before_any_systemic_therapy": False}, "AFTER_THERAPY"),
        ({"cytology": "CY1"}, "CY1_ONLY"),
        ({"bulky_n2": True, "nodes_beyond_d2": ["16b1"]}, "BULKY_AND_PARAAORTIC"),
        ({"staging_laparoscopy_done": False}, "LAPAROSCOPY_NOT_DONE"),
        ({"staging_laparoscopy_done": None}, "LAPAROSCOPY_NOT_DONE"),
        ({"liver_lesions": [{"segments": ["1"], "nature": "metastasis"}]}, "CAUDATE"),
        ({"liver_lesions": [{"segments": ["5"], "nature": "metastasis"}]}, "INCONSISTENT_LIVER"),
        ({"liver_diffuse": True}, "INCONSISTENT_LIVER"),
        ({"primary_status": "local_recurrence"}, "LOCAL_RECURRENCE"),
    ],
)
def test_a_flag_is_raised_with_its_sentence(changes, flag):
    system = system_of(changes)
    assert flag in system["flags"]
    assert system["flag_texts"][flag]
    assert flag not in system_of({})["flags"]


def test_without_liver_metastasis_there_is_no_type():
    outcome = classify({**CLEAR, "liver_metastasis": "absent"}).as_dict()
    system = outcome["systems"]["c-gclm"]
    assert (system["possible"], system["category"], system["flags"]) == ([], None, ["NOT_GCLM"])
    assert outcome["missing"] == []


def test_after_therapy_the_type_is_open_and_what_can_be_resected_now_is_said_apart():
    outcome = classify({**CLEAR, "before_any_systemic_therapy": False}).as_dict()
    assert outcome["systems"]["c-gclm"]["possible"] == ["I", "II", "III"]
    assert outcome["current_resectability"]["possible"] == ["I"]
    assert outcome["current_resectability"]["note"]
    assert classify(CLEAR).as_dict()["current_resectability"] is None


def test_two_lesions_that_exclude_the_stated_number_keep_both_possible():
    lesions = [{"segments": ["2"], "diameter_mm": 10, "nature": "metastasis"}] * 4
    system = system_of({"liver_lesions": lesions, "liver_lesions_complete": True, "liver_lesion_count": 3})
    assert system["possible"] == ["I", "II"]
    assert "INCONSISTENT_LIVER" in system["flags"]


def test_an_indeterminate_fourth_lesion_is_a_missing_fact():
    sure = {"segments": ["2"], "diameter_mm": 10, "nature": "metastasis", "vessel_relation": "clear"}
    facts = {name: value for name, value in CLEAR.items() if not name.startswith("liver_l")}
    facts |= {"liver_lesions": [sure, sure, sure, {**sure, "nature": "indeterminate"}], "liver_lesions_complete": True}
    facts["liver_max_diameter_mm"] = None
    outcome = classify(facts).as_dict()
    assert outcome["systems"]["c-gclm"]["possible"] == ["I", "II"]
    missing = [entry for entry in outcome["missing"] if "c-gclm" in entry["decides"]]
    assert [entry["fact"] for entry in missing] == ["liver_lesions"]
    assert missing[0]["decides"]["c-gclm"] == {"lesion 4 is a metastasis": ["II"], "lesion 4 is not": ["I"]}


def test_each_answer_to_a_missing_fact_is_named_readably():
    facts = {**CLEAR, "liver_lesion_count": None, "nodes_beyond_d2": None, "liver_max_diameter_mm": None}
    decides = {entry["fact"]: entry["decides"].get("c-gclm") for entry in classify(facts).as_dict()["missing"]}
    assert decides["liver_lesion_count"] == {"1–3": ["I", "II", "III"], "≥ 4": ["II", "III"]}
    assert {"none", "16a2/16b1"} < set(decides["nodes_beyond_d2"])


def test_outside_every_edition_no_type_is_given():
    system = system_of({}, on=dt.date(2010, 1, 1))
    assert (system["edition"], system["status"], system["flags"]) == (None, "no_edition", ["NO_EDITION"])


def option_of(name, changes):
    return next(each for each in classify({**CLEAR, **changes}).as_dict()["options"] if each["id"] == name)


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("perioperative_then_surgery", {}, "recommended"),
        ("perioperative_then_surgery", {"staging_laparoscopy_done": None}, "undetermined"),
        ("perioperative_then_surgery", {"accepts_surgery": False}, "contraindicated"),
        ("perioperative_then_surgery", {"ecog": 3}, "not_recommended"),
        ("perioperative_then_surgery", {"peritoneum": "P1"}, "not_recommended"),
        ("upfront_surgery", {}, "consider"),
        ("conversion", {"liver_lesion_count": 5}, "recommended"),
        ("conversion", {}, "not_recommended"),
        ("systemic_by_biomarker", {"peritoneum": "P1"}, "recommended"),
        ("systemic_by_biomarker", {"peritoneum": "P1", "accepts_systemic_therapy": False}, "contraindicated"),
        ("ablation", {"liver_vessel_contact": False}, "consider"),
        ("ablation", {"liver_max_diameter_mm": 31}, "not_recommended"),
        ("palliative_procedure", {"symptoms": []}, "not_recommended"),
        ("supportive_care", {"ecog": 4}, "recommended"),
        ("none_of_these", {}, "consider"),
    ],
)
def test_an_option_has_its_status(name, changes, status):
    assert option_of(name, changes)["status"] == status


def test_the_negative_trial_stands_against_every_operation_for_cure():
    for name in ("perioperative_then_surgery", "upfront_surgery", "resection_after_response"):
        against = option_of(name, {})["against"]
        assert any(each["kind"] == "RCT" and each["citation"]["source"] == "renaissance" for each in against)


def test_an_option_that_rests_on_a_provisional_type_says_so():
    assert option_of("conversion", {"liver_lesion_count": 5, "cytology": None})["depends_on"] == "II"


def test_what_the_patient_refuses_is_not_said_to_hang_on_the_type():
    refused = option_of("conversion", {"liver_lesion_count": 5, "cytology": None, "accepts_systemic_therapy": False})
    assert (refused["status"], refused["depends_on"]) == ("contraindicated", None)


def test_a_finding_about_single_lesions_does_not_speak_for_ablating_several():
    for count, speaks in ((1, True), (2, False)):
        option = option_of("ablation", {"timing": "metachronous", "liver_lesion_count": count})
        assert ("rfa_single" in [each["rule"] for each in option["for"]]) is speaks


def test_every_sentence_exists_in_both_languages():
    def words(part):
        if isinstance(part, dict):
            return [
                word for key, value in part.items() if key in ("text", "label", "why", "note") for word in [value]
            ] + [word for value in part.values() if isinstance(value, dict | list) for word in words(value)]
        return [word for value in part for word in words(value)] if isinstance(part, list) else []

    outcome = classify({**CLEAR, "cytology": None, "symptoms": ["bleeding"], "ecog": 3})
    assert all(words(outcome.as_dict(language)) for language in classification.LANGUAGES)
    assert "{" not in str(words(outcome.as_dict("en"))) + str(words(outcome.as_dict("zh-hans")))
    with pytest.raises(ValueError, match="language"):
        outcome.as_dict("fr")


DAY = dt.date(2026, 11, 18)


def test_the_larger_diameter_prevails_and_both_are_kept():
    said = [Statement("liver_max_diameter_mm", size, "radiology", DAY) for size in (54, 50)]
    found = reconcile(said, on=DAY)
    assert found.facts == {"liver_max_diameter_mm": 54}
    assert found.contradictions[0].reason == "larger"
    assert [side["holds"] for side in found.contradictions[0].as_dict()["sides"]].count(True) == 1


def test_the_owner_prevails_over_a_later_statement_of_another_discipline():
    said = [
        Statement("peritoneum", "P0", "surgery", DAY),
        Statement("peritoneum", "P1", "radiology", DAY + dt.timedelta(days=3)),
    ]
    found = reconcile(said)
    assert (found.facts["peritoneum"], found.contradictions[0].reason) == ("P0", "owner")


def test_a_vague_statement_does_not_contradict_an_exact_one():
    said = [
        Statement("liver_lesion_count", {"at_least": 2}, "radiology", DAY),
        Statement("liver_lesion_count", 3, "oncology", DAY),
    ]
    found = reconcile(said)
    assert (found.facts["liver_lesion_count"], found.contradictions) == (3, ())


def test_a_fact_grows_stale_after_its_limit():
    said = [Statement("afp_ng_ml", 12, "oncology", DAY)]
    fresh, old = (reconcile(said, on=DAY + dt.timedelta(days=days)) for days in (28, 29))
    assert (fresh.stale, fresh.next_stale_on) == ({}, DAY + dt.timedelta(days=29))
    assert old.stale == {"afp_ng_ml": 29}


def test_a_required_figure_grows_stale_with_the_list_that_it_follows_from():
    lesions = [{"segments": ["3"], "diameter_mm": 15, "nature": "metastasis", "vessel_relation": "clear"}]
    said = [
        Statement("liver_lesions", lesions, "radiology", DAY),
        Statement("liver_lesions_complete", True, "radiology", DAY),
        Statement("liver_max_diameter_mm", 15, "radiology", DAY + dt.timedelta(days=1)),
        Statement("t_category", "T3", "radiology", DAY),
    ]
    fresh, old = (reconcile(said, on=DAY + dt.timedelta(days=days)) for days in (42, 43))
    assert (fresh.stale, fresh.next_stale_on) == ({}, DAY + dt.timedelta(days=43))
    state = {item.id: item.state for item in readiness(old)}
    assert (state["liver_lesion_count"], state["liver_max_diameter_mm"], state["t_category"]) == (
        "stale", "known", "known",
    )  # fmt: skip


def test_readiness_names_seventeen_items_with_owner_and_state():
    items = readiness({"msi": "stable", "t_category": "TX", "ecog": {"at_least": 3}}, case_fields={"question": "?"})
    state = {item.id: item.state for item in items}
    assert len(items) == 17
    assert (state["question"], state["mmr_or_msi"], state["t_category"], state["ecog"]) == (
        "known", "known", "missing", "missing",
    )  # fmt: skip
    assert next(item for item in items if item.id == "peritoneum").is_assumable


def test_every_discipline_has_a_form_and_its_facts_are_in_the_vocabulary():
    pathway = load_pathway("gclm")
    for discipline in classification.DISCIPLINES:
        assert pathway.facts_for(discipline)
    assert pathway.quorum == ("surgery", "hepatobiliary", "oncology", "radiology", "pathology")
    asked = {fact.name for discipline in classification.DISCIPLINES for fact in pathway.facts_for(discipline)}
    assert set(pathway.facts) - asked == {"albi_grade", "mmr_msi_status", "age_years"}


def test_the_package_knows_nothing_of_the_web_side():
    for path in Path(classification.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not {name.partition(".")[0] for name in names} & {"django", "cases", "mdt"}


@pytest.mark.parametrize(
    ("first", "provisional"),
    [
        ({}, ("I",)),
        ({"peritoneum": "P0", "distant_sites": []}, ("I",)),
        ({"peritoneum": "P1"}, ("I", "III")),
        ({"peritoneum": {"one_of": ["P0", "P1"]}}, ("I", "III")),
        ({"distant_sites": [{"site": "lung"}]}, ("I", "III")),
        ({"nodes_beyond_d2": ["16b1"]}, ("I", "II", "III")),
    ],
)
def test_what_the_first_staging_found_is_not_assumed_to_be_gone_at_a_restaging(first, provisional):
    liver = {"liver_metastasis": "clinical", "t_category": "T3", "liver_lesion_count": 1, "liver_max_diameter_mm": 20}
    seen = {**liver, "liver_lobes": "left", "liver_diffuse": False}
    assert classify({**seen, **first}, restaging=seen).current.provisional == provisional
    assert classify({**seen, **first}, restaging={**seen, "peritoneum": "P1"}).current.provisional == ("III",)
