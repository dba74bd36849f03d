"""One lesion that the description and the conclusion both tell of is offered once, as the conclusion calls it."""

import pytest

from classification import load_pathway
from mdt.reading import STATED, UNCERTAIN, read_report

VOCABULARY = load_pathway("gclm").facts
CHINESE = """腹部增强CT（2026年11月24日）：
肝S6段见一类圆形低密度灶，大小约5.0cm×4.2cm，环形强化，考虑转移瘤；余肝未见异常强化灶。
诊断：1.胃窦癌，cT4aN2；2.肝S6单发转移瘤；3.腹膜未见转移征象。"""
ENGLISH = """CT abdomen, 24 Nov 2026.
Findings: Rounded hypodense lesion in segment 6, 5.0 x 4.2 cm, suspicious for metastasis.
Impression:
1. Gastric cancer.
2. Solitary metastasis in segment 6."""


def lesions(text: str) -> list:
    return [each for each in read_report(text, VOCABULARY) if each.fact == "liver_lesions"]


def presence(text: str) -> list:
    return [(each.value, each.certainty) for each in read_report(text, VOCABULARY) if each.fact == "liver_metastasis"]


@pytest.mark.parametrize(
    ("text", "words", "concluded"),
    [
        (CHINESE, "S6段见一类圆形低密度灶，大小约5.0cm×4.2cm", "S6单发转移"),
        (ENGLISH, "segment 6, 5.0 x 4.2 cm", "metastasis in segment 6"),
    ],
    ids=["Chinese", "English"],
)
def test_a_lesion_is_offered_once_with_both_wordings_and_the_nature_of_the_conclusion(text, words, concluded):
    (lesion,) = lesions(text)
    assert lesion.value == {"segments": ["6"], "diameter_mm": 50, "nature": "metastasis"}
    assert (lesion.repeats, lesion.disagrees) == (False, False)
    assert [text[start:end] for start, end in lesion.spans] == [words, concluded]
    assert presence(text) == [("clinical", UNCERTAIN), ("clinical", STATED)]


@pytest.mark.parametrize("heading", ["印象：", "结论：", "影像诊断：", "CT诊断意见：", "Impression:", "CONCLUSION:"])
def test_the_headings_of_a_conclusion_are_known(heading):
    (lesion,) = lesions(f"CT 2026-11-24：\n肝S6低密度灶，直径5.0cm，考虑转移。\n{heading}\n1、肝S6转移瘤。")
    assert lesion.value["nature"] == "metastasis"


def test_a_conclusion_that_is_not_sure_decides_no_nature():
    text = CHINESE.replace("肝S6单发转移瘤", "肝S6占位，转移瘤可能")
    assert [each.value for each in lesions(text) if each.certainty == STATED] == [
        {"segments": ["6"], "diameter_mm": 50}
    ]
    assert presence(text) == [("suspected", STATED)]


def test_where_it_may_be_one_of_two_nothing_is_joined():
    text = "CT：\n肝S6低密度灶，直径5.0cm。\n肝S6低密度灶，直径2.0cm。\n印象：\n肝S6转移瘤。"
    assert [(each.value.get("nature"), each.repeats) for each in lesions(text)] == [
        (None, False),
        (None, False),
        ("metastasis", True),
    ]


def test_another_size_or_segment_is_another_lesion():
    for said in ("肝S8转移瘤", "肝S6转移瘤，直径3.0cm"):
        assert len(lesions(CHINESE.replace("肝S6单发转移瘤", said))) == 2


def test_two_names_for_one_lesion_keep_both_wordings_and_contradict_each_other():
    text = "CT：\n肝S6囊肿，直径5.0cm。\n印象：\n肝S6转移瘤。"
    (lesion,) = lesions(text)
    assert (lesion.value["nature"], lesion.disagrees) == ("metastasis", True)
    assert [text[start:end] for start, end in lesion.spans] == ["S6囊肿，直径5.0cm", "S6转移"]


@pytest.mark.parametrize(
    "text",
    [
        "临床诊断：胃癌，肝S6转移瘤。\nCT：肝S6低密度灶，直径5.0cm，考虑转移。",
        "诊断：肝S6转移瘤。\nCT：肝S6低密度灶，直径5.0cm，考虑转移。",
        "Diagnosis: metastasis in segment 6.\nCT: lesion in segment 6, 5.0 cm, suspicious for metastasis.",
    ],
)
def test_what_the_patient_was_sent_with_is_no_conclusion(text):
    assert {value for value, _certainty in presence(text)} == {"suspected"}
    assert all("nature" not in each.value for each in lesions(text) if "diameter_mm" in each.value)


@pytest.mark.parametrize(
    "concluded", ["肝转移瘤切除术后", "肝S6转移瘤治疗后改变", "肝S6转移待排", "未见肝S6转移", "右肺转移瘤"]
)
def test_what_was_treated_doubted_or_denied_is_no_metastasis_of_the_conclusion(concluded):
    text = f"CT：\n肝S6低密度灶，直径5.0cm。\n印象：\n{concluded}。"
    assert ("clinical", STATED) not in presence(text)


def test_a_conclusion_of_an_operation_says_nothing_of_how_it_looks_on_a_scan():
    assert ("clinical", STATED) not in presence("手术：\n肝S6结节，直径5.0cm。\n诊断：\n肝S6转移瘤。")
