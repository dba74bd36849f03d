"""Of what a "no" is said: a lesion, a change of it, a part of the liver, another organ."""

import pytest

from mdt.reading import EARLIER, UNCERTAIN
from tests.reading.test_read_report import facts


@pytest.mark.parametrize(
    "text",
    [
        "No liver metastases.",
        "No evidence of liver metastasis on CT.",
        "No lung or liver metastases.",
        "No hepatic or pulmonary metastases seen.",
        "No sign of metastatic disease in the liver.",
        "Liver metastases: none.",
        "Liver metastases were not seen.",
        "肝脏未见明确转移灶。",
        "肝内无转移。",
        "未见肺、肝转移。",
        "未见明确肝转移征象，未见腹水。",
    ],
)
def test_that_there_are_no_liver_metastases_is_read_where_it_is_said(text):
    assert facts(text)["liver_metastasis"] == "absent"


@pytest.mark.parametrize(
    "text",
    [
        "No change in the liver metastases.",
        "No significant change in size of liver metastases.",
        "No new liver metastases.",
        "No other liver metastases.",
        "No progression of the liver metastases.",
        "No biopsy of the liver metastases was taken.",
        "No metastasis outside of the liver.",
        "No disease other than liver metastases.",
        "No extrahepatic metastases.",
        "Not all liver metastases are resectable.",
        "Portal vein is not invaded by the liver metastasis.",
        "No metastases in the left lobe of the liver.",
        "肝转移灶未见明显变化。",
        "肝转移灶未见明显强化。",
        "肝内未见新发转移灶。",
        "肝外未见转移。",
        "除肝转移外未见其他远处转移。",
        "既往CT未见肝转移。",
        "CT未见肝转移，MRI示S6转移灶9mm。",
        "Liver metastases were not seen on the last scan.",
        "余肝未见转移。",
        "肝左叶未见转移。",
    ],
)
def test_a_no_that_is_of_something_else_does_not_make_the_liver_free(text):
    assert "liver_metastasis" not in facts(text)


@pytest.mark.parametrize(
    "text", ["No change in ascites.", "腹水未见增多。", "无腹水增多。", "未见大量腹水。", "No ascites was drained."]
)
def test_a_no_of_a_change_does_not_deny_what_has_not_changed(text):
    assert facts(text).get("ascites") is not False


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Para-aortic nodes are no longer enlarged.", "nodes_beyond_d2"),
        ("Metastasis in segment 4 no longer seen.", "liver_lesions"),
        ("HER2 discordant: primary 3+, liver metastasis 0.", "liver_metastasis"),
        ("No. 16b1 node 5 mm, not avid; node 16a2 is small.", "nodes_beyond_d2"),
        ("腹主动脉旁(16b1)小淋巴结代谢不高。", "nodes_beyond_d2"),
        ("16b1组淋巴结（短径8mm）未见肿大。", "nodes_beyond_d2"),
        ("腹主动脉旁（No.16）淋巴结情况待查。", "nodes_beyond_d2"),
        ("HER2阳性可能性小。", "her2_status"),
        ("MSI-H可能性小。", "msi"),
        ("No evidence of dMMR.", "mmr"),
        ("排除dMMR。", "mmr"),
        ("免疫组化不支持dMMR。", "mmr"),
        ("MSI-H（-）。", "msi"),
        ("No evidence of HER2 positivity.", "her2_status"),
        ("CPS ≥5 is needed for nivolumab.", "pdl1_cps"),
        ("不考虑肝转移。", "liver_metastasis"),
        ("左锁骨上淋巴结未触及肿大。", "nodes_beyond_d2"),
        ("Supraclavicular nodes: not enlarged.", "nodes_beyond_d2"),
        ("纵隔淋巴结肿大，考虑反应性。", "nodes_beyond_d2"),
        ("Left supraclavicular node enlarged, biopsy benign.", "nodes_beyond_d2"),
        ("门静脉不通畅。", "portal_vein_patent"),
        ("Portal vein patent apart from the right branch.", "portal_vein_patent"),
        ("Segment 8 is free of metastasis.", "liver_lesions"),
        ("Lavage cytology: negative in 1 of 2, positive in 1.", "cytology"),
        ("MSI-H not confirmed.", "msi"),
        ("Not MSI-H.", "msi"),
        ("非MSI-H。", "msi"),
        ("未检测到MSI-H。", "msi"),
        ("Adrenal metastasis was resected.", "distant_sites"),
        ("左侧肾上腺转移已切除。", "distant_sites"),
        ("卵巢转移可能性小。", "distant_sites"),
        ("除肝转移外未见其他远处转移。", "distant_sites"),
    ],
)
def test_what_is_denied_taken_back_or_gone_is_not_stated(text, fact):
    assert fact not in facts(text) | facts(text, UNCERTAIN)


def test_a_name_or_a_size_in_brackets_does_not_part_the_nodes_from_their_no():
    for text in (
        "No para-aortic lymphadenopathy.",
        "腹主动脉旁（第16组）未见肿大淋巴结。",
        "Para-aortic nodes (station 16) are not enlarged.",
    ):
        assert facts(text)["nodes_beyond_d2"] == []
    assert facts("腹主动脉旁（No.16）淋巴结肿大。").get("nodes_beyond_d2") != []  # No. is no "no"


def test_a_vessel_that_a_lesion_does_not_reach_is_no_part_of_it():
    for text in (
        "肝S7转移瘤，3.2cm，未侵犯肝静脉。",
        "Metastasis in segment 7, 32 mm, does not invade the hepatic vein.",
    ):
        lesion = facts(text)["liver_lesions"]
        assert (lesion["segments"], lesion["diameter_mm"]) == (["7"], 32)
        assert not {"vessel", "vessel_relation"} & set(lesion)


def test_what_was_before_is_not_what_is_now():
    assert facts("HER2 was 3+ before, now negative.", EARLIER) == {"her2_ihc": "3+"}
    assert facts("ECOG 2 before, 1 now.") == {}
