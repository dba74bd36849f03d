"""What is left to the person is said: sentences in which nothing was recognised, and why known words are no offer."""

import pytest

from classification import load_pathway
from mdt.reading import read_left_out

TEXT = """Endoscopy report, 2026-11-03
Ulcerated tumour of the antrum, T3. Duodenum unremarkable.

CT 12.11.2026: Liver metastasis in segment 6, 3.5 cm.
1. Lungs clear.
Findings:
Impression: liver metastasis in segment 6, 3.5 cm."""


def left_out(text: str) -> list[tuple[str, str]]:
    return [(each.why, text[each.start : each.end]) for each in read_left_out(text, load_pathway("gclm").facts)]


def test_sentences_without_a_fact_are_named_and_headings_numbers_and_repetitions_are_none():
    assert left_out(TEXT) == [("bare_t", "T3"), ("", "Duodenum unremarkable"), ("some_organs", "Lungs clear")]
    assert left_out("2026年11月3日胃镜：胃窦溃疡。\n印象：\n双肺未见异常；脾正常。") == [
        ("some_organs", "双肺未见异常"),
        ("", "脾正常"),
    ]
    assert left_out("CT 12.11.2026: liver steatosis.") == [("", "CT 12.11.2026: liver steatosis")]
    assert left_out("Antral tumour. N2.") == [("bare_n", "N2")]
    assert left_out("") == left_out("\n\n 1.\n") == []


def test_what_the_report_doubts_or_tells_of_before_was_recognised():
    assert left_out("Suspected adrenal metastasis. HER2 was 3+ before, now negative.") == []


@pytest.mark.parametrize(
    ("text", "why", "words"),
    [
        ("Antral tumour, T3.", "bare_t", "T3"),
        ("Antral tumour. Enlarged nodes, N2.", "bare_n", "N2"),
        ("胃窦癌，T4a。", "bare_t", "T4a"),
        ("胃癌，HER2（+）。", "her2_plus", "HER2（+）"),
        ("Bilirubin 1.2 mg/dL.", "factor", "Bilirubin 1.2 mg/dL"),
        ("KPS 90分。", "scale", "KPS 90"),
    ],
)
def test_why_words_that_it_knows_are_no_offer(text, why, words):
    assert (why, words) in left_out(text)


@pytest.mark.parametrize(
    "text", ["cT3 N2.", "T3N2M0.", "ypT2 ypN1.", "HER2 (3+).", "Technique: T1, T2, DWI.", "T2加权高信号。"]
)
def test_what_is_offered_or_is_no_category_has_no_such_reason(text):
    assert [why for why, _words in left_out(text) if why] == []
