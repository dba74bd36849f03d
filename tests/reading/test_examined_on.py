"""The day of the examination in a report: offered where it can be one day only, with the words that say so."""

from datetime import date

import pytest

from bench.report_reading import days_offered_elsewhere, examined_days
from mdt.reading import read_examined_on

TODAY = date(2026, 11, 26)


def read(text: str):
    return read_examined_on(text, TODAY)


@pytest.mark.parametrize("part", ["development", "held_out"])
def test_labelled_days_are_found_and_none_is_made_up(part):
    score = examined_days(part)
    assert (score.wrong, score.missed) == (0, 0), score.shown


def test_of_all_other_labelled_sentences_only_one_that_states_the_day_gets_one():
    assert [text[:23] for text in days_offered_elsewhere()] == ["MRI liver, 18 Nov 2026."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Chest: clear. Date of examination: 18 Nov 2026, 10:22", "Date of examination: 18 Nov 2026"),
        ("检查时间：２０２６年１１月１８日", "检查时间：２０２６年１１月１８日"),
        ("胃镜（2026-11-02）：胃窦见溃疡。", "胃镜（2026-11-02）"),
        ("检查日期：2026-11-18 报告日期：2026-11-20", "检查日期：2026-11-18"),
    ],
)
def test_the_words_stand_in_the_report_as_it_was_pasted(text, words):
    found = read(text)
    assert text[found.start : found.end] == words


@pytest.mark.parametrize(
    "text", ["Examination date: 03/04/2026", "CT of 11/12/2026: two lesions", "检查日期：03/04/2026"]
)
def test_figures_that_may_be_two_days_are_pointed_at_and_not_read(text):
    """Also where one of the two lies ahead: which figure is wrong is not for a program to say."""
    assert read(text).on is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CT of 31/02/2026",
        "CT of 18 Nov 2027",
        "Examination date: 18 Nov 1889",
        "Examination date: 18 Nov 2026. Examination date: 19 Nov 2026.",
        "Liver: one lesion. Spleen: normal. Kidneys: normal. CT of 18 Nov 2026 is not at hand.",
        "检查日期：",
    ],
)
def test_what_is_no_day_of_one_examination_gives_nothing(text):
    assert read(text) is None


def test_a_text_without_a_full_stop_is_no_report():
    assert read("CT 2026-11-18 " * 8_000) is None
    assert read(f"CT 2026-11-18. {'CT 2026-11-18 ' * 200}").on == date(2026, 11, 18)


@pytest.mark.parametrize(
    "text",
    [
        "An MRI is booked for 20 Nov 2026. No ascites.",
        "PET-CT 20 Nov 2026 (cancelled).",
        "MRI定于2026年11月20日。无腹水。",
    ],
)
def test_the_day_of_an_examination_to_come_or_never_done_is_not_offered(text):
    assert read_examined_on(text, TODAY) is None
