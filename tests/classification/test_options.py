"""The catalogue of options: what stands beside each, and what holds it back."""

import re
import tomllib

import pytest

from classification import LANGUAGES, classify, load_rulebook
from classification.options_file import DOSE
from classification.pathway import RULES

from .test_classify import CLEAR

METASTATIC = {"peritoneum": "P1"}
"""Type III."""
NEGATIVE = {**METASTATIC, "her2_ihc": "0", "mmr": "proficient"}
LATER = {**METASTATIC, "before_any_systemic_therapy": False}


def options(changes):
    return {each["id"]: each for each in classify({**CLEAR, **changes}).as_dict()["options"]}


def status(name, changes):
    return options(changes)[name]["status"]


CATALOGUE = load_rulebook()["gclm"].options


def of_kind(*kinds):
    return [option.id for option in CATALOGUE if option.kind in kinds]


def test_the_catalogue_holds_every_kind_of_treatment():
    assert {option.kind for option in CATALOGUE if option.kind} == {
        "curative_surgery", "perioperative", "conversion", "liver_directed", "systemic", "palliative", "supportive",
        "trial",
    }  # fmt: skip
    assert {option.line for option in CATALOGUE if option.kind == "systemic"} == {1, 2, 3}


@pytest.mark.parametrize("name", of_kind("curative_surgery", "perioperative"))
@pytest.mark.parametrize("changes", [{}, METASTATIC, {"liver_lesion_count": 6}, {"best_response": "PR"}])
def test_the_negative_rct_always_stands_beside_curative_surgery(name, changes):
    first = options(changes)[name]["against"][0]
    assert (first["rule"], first["kind"], first["label"]) == ("renaissance_negative", "RCT", "confirmed")


def test_none_of_these_ends_the_list():
    assert list(options({}))[-1] == "none_of_these"


def test_no_option_stands_alone():
    for changes in ({}, METASTATIC, {"liver_lesion_count": 6}, {"ecog": 4}, LATER):
        open_ones = [e for e in options(changes).values() if e["status"] not in ("not_recommended", "contraindicated")]
        assert len(open_ones) > 1


def test_nothing_in_the_catalogue_says_a_dose():
    for name in ("options.toml", "arguments.toml", "gates.toml"):
        sentences = re.findall(r'(?:en|zh) = "([^"]*)"', (RULES / "gclm" / name).read_text(encoding="utf-8"))
        assert len(sentences) > 50
        assert [words for words in sentences if DOSE.search(words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_argument_has_a_kind_a_label_and_a_citation(language):
    for option in classify({**CLEAR, **METASTATIC, "her2_ihc": "3+"}).as_dict(language)["options"]:
        for each in (*option["for"], *option["against"], *option["gates"]):
            assert each["kind"]
            assert each["label"] in ("confirmed", "unverified")
            assert each["citation"]["text"]
            assert each["citation"]["locator"]


def test_a_trial_in_disease_without_metastasis_is_said_to_be_extrapolated():
    table = tomllib.loads((RULES / "gclm" / "arguments.toml").read_text(encoding="utf-8"))["arguments"]
    without_metastasis = [key for key, entry in table.items() if "without metastasis" in entry["text"]["en"]]
    assert sorted(without_metastasis) == ["flot4_m0", "matterhorn_m0", "neonipiga_m0"]
    assert {table[key]["kind"] for key in without_metastasis} == {"extrapolated"}


def test_a_regimen_is_only_for_the_marker_that_it_needs():
    positive = {**METASTATIC, "her2_ihc": "3+", "pdl1_cps": 3, "mmr": "proficient", "cldn18_2_percent": 80}
    assert status("her2_trastuzumab", positive) == "recommended"
    assert status("her2_trastuzumab_pembrolizumab", positive) == "recommended"
    assert status("her2_trastuzumab_pembrolizumab", {**positive, "pdl1_cps": 0}) == "not_recommended"
    for name in ("nivolumab_chemotherapy", "cadonilimab_chemotherapy", "zolbetuximab_chemotherapy"):
        assert status(name, positive) == "not_recommended"


@pytest.mark.parametrize(
    ("name", "changes", "expected"),
    [
        ("nivolumab_chemotherapy", {"pdl1_cps": 1}, "consider"),
        ("nivolumab_chemotherapy", {"pdl1_cps": 0.9}, "not_recommended"),
        ("sintilimab_chemotherapy", {"pdl1_cps": 5}, "consider"),
        ("sintilimab_chemotherapy", {"pdl1_cps": 4.9}, "not_recommended"),
        ("tislelizumab_chemotherapy", {"pdl1_tap_percent": 5}, "consider"),
        ("tislelizumab_chemotherapy", {"pdl1_tap_percent": 4.9, "pdl1_cps": 50}, "not_recommended"),
        ("cadonilimab_chemotherapy", {"pdl1_cps": 0}, "consider"),
        ("zolbetuximab_chemotherapy", {"cldn18_2_percent": 75}, "consider"),
        ("zolbetuximab_chemotherapy", {"cldn18_2_percent": 74}, "not_recommended"),
        ("immunotherapy_msi_high", {"mmr": "deficient"}, "recommended"),
        ("immunotherapy_msi_high", {"mmr": None, "msi": "high"}, "recommended"),
        ("immunotherapy_msi_high", {"msi": "high"}, "undetermined"),
    ],
)
def test_first_line_follows_the_marker_to_its_boundary(name, changes, expected):
    assert status(name, {**NEGATIVE, **changes}) == expected


@pytest.mark.parametrize(
    "name",
    ["her2_trastuzumab", "her2_trastuzumab_pembrolizumab", "her2_zanidatamab", "nivolumab_chemotherapy",
     "pembrolizumab_chemotherapy", "cadonilimab_chemotherapy", "zolbetuximab_chemotherapy", "satri_cel"],
)  # fmt: skip
def test_her2_2_plus_without_ish_holds_regimens_for_positive_and_for_negative_disease(name):
    doubtful = {**LATER, "prior_systemic_lines": 2} if name == "satri_cel" else METASTATIC
    markers = {"her2_ihc": "2+", "pdl1_cps": 20, "mmr": "proficient", "cldn18_2_percent": 90}
    option = options({**doubtful, **markers})[name]
    assert option["status"] == "undetermined"
    assert "her2_ish_first" in [gate["rule"] for gate in option["gates"]]
    assert "her2_ish_first" not in [
        gate["rule"] for gate in options({**doubtful, **markers, "her2_ish": "positive"})[name]["gates"]
    ]


def test_a_first_line_regimen_is_not_offered_after_an_earlier_line():
    assert status("cadonilimab_chemotherapy", {**NEGATIVE, **LATER, "prior_systemic_lines": 1}) == "not_recommended"


def test_later_lines_wait_for_their_line_and_their_history():
    history = {"prior_trastuzumab": True, "her2_status_after_trastuzumab": "positive"}
    assert status("t_dxd_second_line", METASTATIC) == "not_recommended"
    assert status("t_dxd_second_line", {**LATER, **history, "prior_systemic_lines": 1}) == "recommended"
    lost = {**LATER, **history, "prior_systemic_lines": 1, "her2_status_after_trastuzumab": "negative"}
    assert status("t_dxd_second_line", lost) == "not_recommended"
    assert status("trifluridine_tipiracil", {**LATER, "prior_systemic_lines": 1}) == "not_recommended"
    assert status("trifluridine_tipiracil", {**LATER, "prior_systemic_lines": 2}) == "consider"
    treated = {**LATER, "prior_systemic_lines": 2, "prior_checkpoint_inhibitor": True}
    assert status("nivolumab_third_line", treated) == "not_recommended"


@pytest.mark.parametrize(
    ("gate", "name", "changes", "expected"),
    [
        ("P-1", "conversion", {"liver_lesion_count": 6, "ecog": 3}, "not_recommended"),
        ("P-1-surgery", "resection_simultaneous", {"ecog": 2}, "not_recommended"),
        ("P-2", "upfront_surgery", {"asa": 4}, "not_recommended"),
        ("P-3", "upfront_surgery", {"child_pugh": "C"}, "contraindicated"),
        ("P-3-major", "resection_anatomical", {"child_pugh": "B"}, "not_recommended"),
        ("P-4", "upfront_surgery", {"albi_grade": "2"}, "consider"),
        ("P-4-major", "resection_anatomical", {"bilirubin_umol_l": 60, "albumin_g_l": 25}, "contraindicated"),
        ("P-5", "cadonilimab_chemotherapy", {**NEGATIVE, "platelets_10e9_l": 99}, "undetermined"),
        ("P-5", "cadonilimab_chemotherapy", {**NEGATIVE, "ast_alt_x_uln": 5.1}, "undetermined"),
        ("P-6", "conversion", {"liver_lesion_count": 6, "creatinine_clearance_ml_min": 59}, "recommended"),
        ("P-7", "cadonilimab_chemotherapy", {**NEGATIVE, "neuropathy_grade": 2}, "consider"),
        ("P-8", "cadonilimab_chemotherapy", {**NEGATIVE, "creatinine_clearance_ml_min": 29}, "consider"),
        ("P-9", "perioperative_then_surgery", {"ast_alt_x_uln": 1.6, "alp_x_uln": 2.6}, "recommended"),
        ("P-10", "cadonilimab_chemotherapy", {**NEGATIVE, "dpyd_activity_score": 0}, "contraindicated"),
        ("P-10-reduced", "cadonilimab_chemotherapy", {**NEGATIVE, "dpyd_activity_score": 1.5}, "consider"),
        ("P-11", "her2_trastuzumab", {**METASTATIC, "her2_ihc": "3+", "lvef_percent": 49}, "undetermined"),
        ("P-11", "her2_trastuzumab", {**METASTATIC, "her2_ihc": "3+", "lvef_fall_points": 16}, "undetermined"),
        ("P-12", "t_dxd_second_line", {**LATER, "conditions": ["ild"]}, "contraindicated"),
        ("P-13", "cadonilimab_chemotherapy", {**NEGATIVE, "conditions": ["steroids"]}, "undetermined"),
        ("P-14", "apatinib", {**LATER, "prior_systemic_lines": 2, "symptoms": ["bleeding"]}, "contraindicated"),
        ("P-15", "zolbetuximab_chemotherapy",
         {**NEGATIVE, "cldn18_2_status": "positive", "conditions": ["outlet_obstruction"]}, "consider"),
        ("P-16", "cadonilimab_chemotherapy", {**NEGATIVE, "hbsag": "positive"}, "consider"),
        ("remnant", "upfront_surgery", {"liver_background": "normal", "flr_percent": 19}, "not_recommended"),
        ("portal_vein", "tace", {**METASTATIC, "portal_vein_patent": False}, "not_recommended"),
    ],
)  # fmt: skip
def test_a_gate_closes_at_its_cut_off(gate, name, changes, expected):
    option = options(changes)[name]
    assert {each["rule"]: each["state"] for each in option["gates"]}.get(gate) == "closed"
    assert option["status"] == expected


def test_gates_p_1_to_p_16_are_all_there_and_say_that_their_cut_offs_are_defaults():
    gates = {gate.id: gate for option in CATALOGUE for gate in option.gates}
    for number in range(1, 17):
        assert gates[f"P-{number}"].is_default_cutoff


@pytest.mark.parametrize(("just_inside", "gate", "name"), [
    ({"platelets_10e9_l": 100, "anc_10e9_l": 1.5, "haemoglobin_g_dl": 9, "bilirubin_x_uln": 1.5, "ast_alt_x_uln": 5,
      "albumin_g_l": 25}, "P-5", "cadonilimab_chemotherapy"),
    ({"lvef_percent": 50, "lvef_fall_points": 15.9}, "P-11", "her2_trastuzumab"),
    ({"ast_alt_x_uln": 2, "alp_x_uln": 2.5, "bilirubin_x_uln": 1}, "P-9", "perioperative_then_surgery"),
    ({"liver_background": "chemotherapy_injured", "flr_percent": 30}, "remnant", "upfront_surgery"),
])  # fmt: skip
def test_a_value_on_the_cut_off_does_not_close_the_gate(just_inside, gate, name):
    assert gate not in [each["rule"] for each in options({**NEGATIVE, **just_inside})[name]["gates"]]


def test_a_gate_about_an_unknown_fact_waits_and_changes_nothing():
    option = options(NEGATIVE)["cadonilimab_chemotherapy"]
    assert {each["rule"]: each["state"] for each in option["gates"]}["P-13"] == "waiting"
    assert option["status"] == "consider"


def test_an_undetermined_option_waits_for_what_keeps_it_so_and_not_for_all_that_is_worth_knowing():
    found = options({"staging_laparoscopy_done": None, "cytology": None})["upfront_surgery"]
    assert found["status"] == "undetermined"
    assert found["waits_for"] == ["staging_laparoscopy_done", "cytology"]
    assert {"ecog", "asa", "flr_percent"} <= set(found["missing"])
    assert options(METASTATIC)["nivolumab_chemotherapy"]["waits_for"] == ["her2_status", "pdl1_cps"]
    assert options({**METASTATIC, "her2_ihc": "2+"})["her2_trastuzumab"]["waits_for"] == ["her2_status"]


def test_an_option_that_has_its_status_waits_for_nothing():
    for changes in ({}, METASTATIC, LATER, {"liver_lesion_count": None}):
        settled = [each for each in options(changes).values() if each["status"] != "undetermined"]
        assert any(each["missing"] for each in settled)
        assert [each["id"] for each in settled if each["waits_for"]] == []


def test_options_that_turn_on_an_open_type_wait_for_the_facts_that_decide_it():
    found = options({"liver_lesion_count": None})
    assert found["upfront_surgery"]["waits_for"] == ["liver_lesion_count"]
    assert found["nivolumab_chemotherapy"]["waits_for"] == ["her2_status", "pdl1_cps", "liver_lesion_count"]
    assert found["neoadjuvant_immunotherapy"]["waits_for"] == ["mmr_msi_status"], "the same whatever the type"


def test_once_all_that_is_awaited_is_stated_no_option_waits():
    stated = {
        "liver_lesion_count": 6, "her2_status": "negative", "pdl1_cps": 10, "pdl1_tap_percent": 10, "ecog": 1,
        "cldn18_2_percent": 80, "mmr": "proficient", "symptoms": [], "liver_vessel_contact": False,
    }  # fmt: skip
    before, after = options({"liver_lesion_count": None}), options(stated)
    assert sum(bool(each["waits_for"]) for each in before.values()) > 20
    assert {name: each["waits_for"] for name, each in after.items() if each["waits_for"]} == {}


def test_a_procedure_for_a_symptom_is_for_that_symptom():
    bleeding = options({"symptoms": ["bleeding"]})
    assert bleeding["palliation_bleeding"]["status"] == "recommended"
    assert bleeding["palliation_obstruction"]["status"] == "not_recommended"


def test_an_operation_for_cure_is_not_offered_where_r0_is_out_of_reach_or_disease_progressed():
    for changes in ({"primary_resectable_r0": False}, {"best_response": "PD"}):
        for name in of_kind("curative_surgery"):
            assert status(name, changes) in ("not_recommended", "contraindicated"), (name, changes)


def test_who_must_be_at_the_table_is_said():
    needs = {option.id: option.needs for option in CATALOGUE}
    assert "hepatobiliary" in needs["upfront_surgery"]
    assert "interventional" in needs["haic"]


@pytest.mark.parametrize("cytology", [None, "CYX"])
def test_cytology_that_nobody_read_holds_every_operation_for_cure(cytology):
    for name in of_kind("curative_surgery"):
        option = options({"cytology": cytology})[name]
        assert "cytology" in [gate["rule"] for gate in option["gates"]]
        assert option["status"] in ("undetermined", "not_recommended")


def test_first_line_is_over_after_two_lines():
    assert status("systemic_by_biomarker", {**LATER, "prior_systemic_lines": 2}) == "not_recommended"
    assert status("systemic_by_biomarker", METASTATIC) == "recommended"


def test_resection_with_ablation_needs_two_lesions_and_before_response_type_i():
    assert status("ablation_with_resection", {"liver_lesion_count": 1}) == "not_recommended"
    assert status("ablation_with_resection", {"liver_lesion_count": 2}) == "consider"
    assert status("ablation_with_resection", {"liver_lesion_count": 6}) == "not_recommended"


BEGUN = {"before_any_systemic_therapy": False, "prior_systemic_lines": 1}


def test_stable_disease_on_treatment_is_not_operated_on_for_cure_by_default():
    for name in ("perioperative_then_surgery", *of_kind("curative_surgery")):
        assert status(name, {**BEGUN, "best_response": "SD"}) == "not_recommended", name
    assert status("resection_after_response", {**BEGUN, "best_response": "PR"}) == "consider"


def test_surgery_is_no_longer_first_once_systemic_treatment_has_begun():
    assert status("upfront_surgery", {}) == "consider"
    assert status("upfront_surgery", {**BEGUN, "best_response": "PR"}) == "not_recommended"
    assert status("perioperative_then_surgery", {}) == "recommended"
    assert status("perioperative_then_surgery", {**BEGUN, "best_response": "PR"}) == "consider"


def test_progression_ends_conversion():
    type_ii = {"liver_lesion_count": 6}
    assert status("conversion", type_ii) == "recommended"
    assert status("conversion", {**type_ii, **BEGUN, "best_response": "PD"}) == "not_recommended"


def test_a_later_line_waits_for_progression():
    treated = {**LATER, "prior_systemic_lines": 1}
    assert status("ramucirumab_paclitaxel", {**treated, "best_response": "PD"}) == "consider"
    assert status("ramucirumab_paclitaxel", {**treated, "best_response": "PR"}) == "undetermined"


def test_nothing_is_offered_against_a_liver_metastasis_that_is_only_suspected_or_absent():
    against_it = of_kind("curative_surgery", "perioperative", "conversion", "liver_directed", "systemic")
    for standing in ("suspected", "absent"):
        for name in against_it:
            assert status(name, {"liver_metastasis": standing}) not in ("recommended", "consider"), (standing, name)


def test_no_gate_waits_for_the_response_to_a_treatment_that_was_not_given():
    gates = {each["rule"] for each in options({})["perioperative_then_surgery"]["gates"]}
    assert not gates & {"progressed", "stable", "suspected"}
    treated = options({**BEGUN, "best_response": None})["perioperative_then_surgery"]
    assert {each["rule"]: each["state"] for each in treated["gates"]}["progressed"] == "waiting"


def test_the_facts_that_a_waiting_gate_asks_for_are_missing_facts():
    option = options({"ecog": None})["approach_open"]
    assert {each["rule"]: each["state"] for each in option["gates"]}["P-1"] == "waiting"
    assert "ecog" in option["missing"]


def test_fitness_holds_what_the_type_alone_would_offer():
    small = {"liver_max_diameter_mm": 20, "liver_vessel_contact": False}
    assert status("ablation", small) == "consider"
    assert status("ablation", {**small, "ecog": 4}) == "not_recommended"
    assert status("ablation", {**small, "liver_vessel_contact": True}) == "not_recommended"
    assert status("ablation", {**small, "liver_vessel_contact": None}) == "undetermined"
    for name in ("perioperative_then_surgery", "upfront_surgery"):
        assert status(name, {"ecog": 2}) == "undetermined"


def test_a_patient_who_refuses_surgery_is_not_offered_an_operation_for_perforation():
    changes = {"symptoms": ["perforation"]}
    assert status("palliation_perforation", changes) == "recommended"
    assert status("palliation_perforation", {**changes, "accepts_surgery": False}) == "contraindicated"


def test_no_gastrectomy_is_planned_where_the_primary_was_removed():
    removed = {"primary_status": "resected", "t_category": None, "symptoms": ["bleeding"]}
    for name in ("resection_simultaneous", "resection_staged", "palliative_procedure"):
        assert status(name, {"symptoms": ["bleeding"]}) == "consider", name
        assert status(name, removed) == "not_recommended", name
    assert status("perioperative_then_surgery", removed) == "recommended"


def test_local_treatment_first_is_named_for_a_late_metachronous_metastasis_only():
    for months, speaks in ((24, False), (25, True)):
        late = {"timing": "metachronous", "disease_free_interval_months": months, "primary_status": "resected"}
        option = options(late)["upfront_surgery"]
        assert ("late_metachronous" in [each["rule"] for each in option["for"]]) is speaks
