"""The commonest ways to say in Chinese and English that something is free: what that offers, and why it offers no more.

The sentences are our own, in the manner of reports; the answers were written down before the patterns were run on them.
"""

import pytest

from classification import load_pathway
from mdt.reading import STATED, read_left_out, read_report

VOCABULARY = load_pathway("gclm").facts
VESSELS, SITES, NODES = "liver_major_vessel_or_duct_involved", "distant_sites", "nodes_beyond_d2"
FREE, NONE = {VESSELS: False}, {}

SENTENCES = [
    # vessels and ducts
    ("门静脉、肝静脉及肝内胆管未见受侵。", FREE, ""),
    ("门静脉、肝静脉及胆管均未见侵犯。", FREE, ""),
    ("门静脉主干、肝静脉及肝内外胆管未受累。", FREE, ""),
    ("门静脉、肝静脉、下腔静脉及胆管未见明显受侵征象。", FREE, ""),
    ("门静脉、肝静脉及肝内胆管未见明显异常。", FREE, ""),
    ("肝内大血管及胆管未见侵犯。", FREE, ""),
    ("病灶与门静脉、肝静脉及肝内胆管分界清晰。", FREE, ""),
    ("肝S6病灶未侵犯门静脉、肝静脉及胆管。", FREE, ""),
    ("门静脉未见受侵，肝静脉未见受侵，肝内胆管未见受侵。", FREE, ""),
    ("门静脉未见受侵。", NONE, "some_vessels"),
    ("门静脉、肝静脉未见侵犯。", NONE, "some_vessels"),
    ("门静脉左支受侵，肝静脉及胆管未见受侵。", NONE, ""),
    ("门静脉、肝静脉及胆管显示清晰。", NONE, "only_seen"),
    ("门静脉、肝静脉及肝内胆管未见明显异常强化。", NONE, ""),
    ("肝内胆管未见扩张。", NONE, ""),
    ("门静脉、肝静脉及胆管受侵可能。", NONE, ""),
    ("除门静脉右支外，门静脉、肝静脉及胆管未见受侵。", NONE, ""),
    # other organs
    ("双肺底、双侧肾上腺未见转移征象。", NONE, "some_organs"),
    ("双肺未见明显异常。", NONE, "some_organs"),
    ("双侧肾上腺未见占位。", NONE, "some_organs"),
    ("未见肺转移及骨转移。", NONE, "some_organs"),
    ("所见骨质未见明显破坏。", NONE, "some_organs"),
    ("双侧卵巢未见转移。", NONE, "some_organs"),
    ("未见远处转移。", {SITES: []}, ""),
    ("未见明确肝外转移征象。", {SITES: []}, ""),
    # peritoneum
    ("腹膜未见转移征象。", NONE, "no_look"),
    ("腹膜、大网膜未见明确结节。", NONE, "no_look"),
    ("腹膜未见明显异常。", NONE, "no_look"),
    ("腹腔镜探查：腹膜未见转移结节。", {"peritoneum": "P0", "staging_laparoscopy_done": True}, ""),
    ("未见腹水。", {"ascites": False}, ""),
    # nodes
    ("腹主动脉旁未见明显肿大淋巴结。", {NODES: []}, ""),
    ("腹主动脉旁淋巴结未受累。", {NODES: []}, ""),
    ("腹主动脉旁淋巴结未见转移。", {NODES: []}, ""),
    ("锁骨上未见肿大淋巴结。", NONE, ""),
    # the liver itself
    ("肝脏未见转移。", {"liver_metastasis": "absent"}, ""),
    ("余肝未见异常强化灶。", NONE, ""),
    ("肝内未见占位。", NONE, ""),
    # English
    ("Portal vein, hepatic veins and bile ducts are not involved.", FREE, ""),
    ("No invasion of the portal vein, hepatic veins or bile ducts.", FREE, ""),
    ("The portal vein, hepatic veins and intrahepatic bile ducts are unremarkable.", FREE, ""),
    ("No vascular or biliary invasion in the liver.", FREE, ""),
    ("No vascular or biliary invasion.", FREE, ""),
    ("No evidence of involvement of the major hepatic vessels or bile ducts.", FREE, ""),
    ("The portal vein is not invaded.", NONE, "some_vessels"),
    ("No vascular invasion.", NONE, "some_vessels"),
    ("The portal vein and hepatic veins are well seen.", NONE, "only_seen"),
    ("The left portal branch is invaded; hepatic veins and bile ducts are not involved.", NONE, "some_vessels"),
    ("Lung bases and adrenals are clear.", NONE, "some_organs"),
    ("No lung or bone metastases.", NONE, "some_organs"),
    ("Adrenal glands without metastasis.", NONE, "some_organs"),
    ("No distant metastases.", {SITES: []}, ""),
    ("No peritoneal metastases.", NONE, "no_look"),
    ("The peritoneum is unremarkable.", NONE, "no_look"),
    ("Para-aortic nodes are not enlarged.", {NODES: []}, ""),
]


@pytest.mark.parametrize(("text", "offers", "why"), SENTENCES, ids=[text for text, _offers, _why in SENTENCES])
def test_what_a_denial_offers_and_why_it_offers_no_more(text, offers, why):
    found = {each.fact: each.value for each in read_report(text, VOCABULARY) if each.certainty == STATED}
    assert found == offers
    reasons = {each.why for each in read_left_out(text, VOCABULARY) if each.why}
    assert reasons == ({why} if why else set())


def test_the_words_of_the_denial_stand_beside_the_offer():
    text = "CT：肝S6转移瘤，5cm。门静脉、肝静脉及肝内胆管未见受侵。"
    (vessels,) = [each for each in read_report(text, VOCABULARY) if each.fact == VESSELS]
    assert text[vessels.start : vessels.end] == "门静脉、肝静脉及肝内胆管未见受侵"


@pytest.mark.parametrize("begins", ["拟行MRI明确", "若", "既往CT示"])
def test_a_plan_or_another_time_frees_no_vessel(begins):
    text = f"{begins}门静脉、肝静脉及胆管未见受侵。"
    found = [each for each in read_report(text, VOCABULARY) if each.fact == VESSELS and each.certainty == STATED]
    assert not found
