"""What the patient wants is offered in the words of the text; yes and no only where it says so of the patient, now."""

from datetime import date

import pytest

from classification import load_pathway
from mdt.reading import read_report

TODAY = date(2026, 11, 26)


def said(text: str) -> dict:
    """What was found of the patient's wish: fact and value, without the words of it."""
    found = read_report(text, load_pathway("gclm").facts, TODAY)
    names = ("patient_preference", "accepts_surgery", "accepts_systemic_therapy")
    return {each.fact: each.value for each in found if each.fact in names}


@pytest.mark.parametrize(
    ("text", "surgery", "systemic"),
    [
        ('He says: "I want everything that gives me a chance."', None, None),
        ("He accepts chemotherapy and would accept an operation.", True, True),
        ("The patient accepts surgery and chemotherapy.", True, True),
        ("When I saw him in clinic he told me that he wishes to have chemotherapy but declines surgery.", False, True),
        ("Patient's wishes: he is keen to have chemotherapy and would consider surgery.", None, None),
        ("He does not want surgery if it leaves him with a feeding tube.", None, None),
        ("Mrs Lee does not want surgery or chemotherapy.", False, False),
        ("Accepts surgery.", True, None),
        ("The patient has refused chemotherapy.", None, False),
        ("She accepts surgery or chemotherapy.", None, None),
        ("She wishes to have every treatment.", None, None),
        ("患者拒绝手术，愿意接受化疗。", False, True),
        ("患者及家属要求手术治疗。", True, None),
        ("患者不接受化疗。", None, False),
        ("患者希望尽量避免手术。", None, None),
        ("患者意愿：希望手术治疗。", True, None),
    ],
)
def test_what_the_patient_wants_is_offered_in_its_words_and_yes_or_no_only_where_it_is_said(text, surgery, systemic):
    found = said(text)
    assert found.pop("patient_preference")
    assert (found.get("accepts_surgery"), found.get("accepts_systemic_therapy")) == (surgery, systemic)


@pytest.mark.parametrize(
    "text",
    [
        "Her husband declines surgery.",
        "The patient's husband declines surgery.",
        "The patient declined surgery in 2019.",
        "He had refused chemotherapy years ago.",
        "The surgeon declines surgery.",
        "The team wants an operation.",
        "患者家属拒绝手术。",
        "患者2019年拒绝手术。",
        "The tumour accepts contrast.",
        "Surgery is planned.",
    ],
)
def test_what_others_want_or_what_was_declined_long_ago_is_no_wish_of_the_patient(text):
    assert said(text) == {}


def test_the_wish_is_of_the_day_of_its_conversation_and_of_no_examination():
    text = (
        "CT 12 Nov 2026: no ascites. He declines surgery.\n"
        "On 18 November 2026 I spoke with Mr Hartwell. He accepts chemotherapy. He wants to be at home."
    )
    found = [each for each in read_report(text, load_pathway("gclm").facts, TODAY) if each.fact != "ascites"]
    assert [(each.fact, each.of.on and each.of.on.isoformat(), each.value) for each in found] == [
        ("patient_preference", None, "He declines surgery"),
        ("accepts_surgery", None, False),
        ("patient_preference", "2026-11-18", "He accepts chemotherapy. He wants to be at home"),
        ("accepts_systemic_therapy", "2026-11-18", True),
    ]
    assert not any(each.disagrees for each in found)


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("Performance status 1.", "ecog", 1),
        ("Karnofsky performance status 1.", "ecog", None),
        ("Three enlarged perigastric nodes, cN2; no para-aortic nodes.", "nodes_beyond_d2", []),
        ("No para-aortic nodes were sampled.", "nodes_beyond_d2", None),
    ],
)
def test_a_performance_status_and_absent_para_aortic_nodes_are_found_in_plain_words(text, fact, value):
    found = [each.value for each in read_report(text, load_pathway("gclm").facts, TODAY) if each.fact == fact]
    assert found == ([] if value is None else [value])
