"""Nodes and peritoneum as drawn: only what was recorded, and nothing that nobody said looks like "no"."""

import pytest
from django.utils.translation import override

from cases.pictures.spread import draw_spread
from cases.spread_page import remnant_of, spread_of
from tests.builders import make_finding


def looks(facts: dict) -> dict[str, str]:
    spread = draw_spread(facts)
    return {mark.label: mark.look for mark in (*spread.nodes, *spread.abdomen)}


def test_of_a_case_of_which_nobody_spoke_everything_is_open():
    assert set(looks({}).values()) == {"unknown"}
    assert {mark.word for mark in draw_spread({}).nodes} == {"not stated"}


def test_looked_for_and_none_is_another_thing_than_not_named():
    assert looks({"nodes_beyond_d2": []})["16a2"] == "none"
    named = looks({"nodes_beyond_d2": ["16a2"]})
    assert (named["16a2"], named["16b1"], named["Mediastinal"]) == ("found", "unnamed", "unnamed")


def test_para_aortic_without_its_station_may_be_any_of_them_and_no_other():
    drawn = looks({"nodes_beyond_d2": ["para_aortic_unspecified"]})
    assert [drawn[station] for station in ("16a1", "16a2", "16b1", "16b2")] == ["possible"] * 4
    assert drawn["Supraclavicular"] == "unnamed"


def test_of_several_lists_only_what_all_share_is_certain():
    drawn = looks({"nodes_beyond_d2": {"one_of": [["16a2"], ["16a2", "16b1"]]}})
    assert (drawn["16a2"], drawn["16b1"], drawn["16a1"]) == ("found", "possible", "unnamed")


@pytest.mark.parametrize(
    ("fact", "value", "label", "look"),
    [
        ("peritoneum", "P0", "Peritoneum", "none"),
        ("peritoneum", "P1b", "Peritoneum", "found"),
        ("peritoneum", "PX", "Peritoneum", "unknown"),
        ("peritoneum", {"one_of": ["P0", "P1a"]}, "Peritoneum", "possible"),
        ("peritoneum", {"one_of": ["P1a", "P1b"]}, "Peritoneum", "found"),
        ("cytology", "CY1", "Lavage cytology", "found"),
        ("cytology", "CYX", "Lavage cytology", "unknown"),
        ("n_category", "N0", "Regional nodes (D2 field)", "none"),
        ("n_category", "N+", "Regional nodes (D2 field)", "found"),
        ("n_category", "NX", "Regional nodes (D2 field)", "unknown"),
        ("n_category", {"not_applicable": True}, "Regional nodes (D2 field)", "unnamed"),
        ("bulky_n2", True, "Bulky N2", "found"),
        ("bulky_n2", False, "Bulky N2", "none"),
        ("ascites", None, "Ascites", "unknown"),
    ],
)
def test_a_fact_is_drawn_as_it_stands(fact, value, label, look):
    assert looks({fact: value})[label] == look


def test_the_picture_is_told_in_words_in_both_languages():
    facts = {"nodes_beyond_d2": ["16b1"], "peritoneum": "P1a", "pci": 7}
    spread = draw_spread(facts)
    assert "16b1: involved." in spread.nodes_described
    assert spread.abdomen_described.startswith("Peritoneum: P1a, involved.")
    assert spread.abdomen_described.endswith("Peritoneal cancer index: 7.")
    with override("zh-hans"):
        assert "16b1：受累。" in draw_spread(facts).nodes_described


@pytest.mark.django_db
def test_the_page_says_who_stated_each_place_and_whom_to_ask(client, case, radiologist, surgeon):
    make_finding(case, radiologist, {"nodes_beyond_d2": ["16a2"], "n_category": "N2"})
    make_finding(case, surgeon, {"peritoneum": "P0"}, discipline="surgery")
    rows = {row["label"]: row for row in spread_of(case.pathway, case.latest_proposal)["spread_rows"]}
    assert (rows["16a2"]["said"]["discipline"], rows["Peritoneum"]["said"]["discipline"]) == ("radiology", "surgery")
    assert (rows["Lavage cytology"]["said"], rows["Lavage cytology"]["owner"]) == (None, "pathology")
    client.force_login(radiologist)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "16a2: involved. 16b1: not among those named." in page
    assert 'id="spread-nd"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(34, 34, 34), ({"at_least": 30}, 30, None), ({"at_most": 40}, None, 40), (None, None, None)],
)
def test_the_liver_remnant_is_drawn_as_measured_and_never_worked_out(case, radiologist, value, low, high):
    facts = {"liver_lesions": [{"segments": ["6"], "diameter_mm": 30, "nature": "metastasis"}]}
    make_finding(case, radiologist, facts | ({} if value is None else {"flr_percent": value}))
    remnant = remnant_of(case.pathway, case.latest_proposal)
    assert (remnant["low"], remnant["high"]) == (low, high)
    assert bool(remnant["text"]) is (value is not None)
