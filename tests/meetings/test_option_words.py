"""By which words the desk finds an option."""

import pytest

from cases.option_page import options_of
from mdt.meetings.option_words import words_of_options
from mdt.meetings.shown import shown_by

pytestmark = pytest.mark.django_db


def found(words: dict, asked: str) -> set[str]:
    texts = {option: "\n".join(words["said"][place] for place in places) for option, places in words["of"].items()}
    return {option for option, text in texts.items() if asked.lower() in text.lower()}


def test_an_option_is_found_by_what_holds_it_back_speaks_for_it_and_is_asked_in_both_languages(proposal):
    words = shown_by(proposal).words
    waits = {
        option["id"]
        for option in options_of("gclm", proposal.outcome["en"], "en")
        if any(entry["fact"] == "staging_laparoscopy_done" for entry in option["waits_for"])
    }
    assert waits
    assert waits <= found(words, "staging laparoscopy")
    assert waits <= found(words, "腹腔镜分期探查")
    assert found(words, "staging laparoscopy") < set(words["of"])
    assert "perioperative_then_surgery" in found(words, "RENAISSANCE")


def test_sentences_that_options_share_are_sent_once(proposal):
    words = words_of_options("gclm", proposal.outcome)
    assert len(set(words["said"])) == len(words["said"])
    assert sum(map(len, words["of"].values())) > 2 * len(words["said"])
    assert set(words["of"]) == {option["id"] for option in proposal.outcome["en"]["options"]}


def test_an_answer_of_before_without_reasons_is_found_by_its_name():
    outcome = {
        "en": {"options": [{"id": "a", "label": "Ablation"}]},
        "zh-hans": {"options": [{"id": "a", "label": "消融"}]},
    }
    assert words_of_options("gclm", outcome) == {"said": ["Ablation", "消融"], "of": {"a": [0, 1]}}
