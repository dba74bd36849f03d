"""How an answer is kept: whole, small, the same for the same answer, and readable one language at a time."""

import json

import pytest

from cases.models import Proposal
from cases.packing import packed, unpacked, unpacked_in
from classification import classify

OUTCOME = {language: classify({"t_category": "T3"}).as_dict(language) for language in ("en", "zh-hans")}


def test_what_is_packed_comes_back_word_for_word():
    assert unpacked(packed(OUTCOME)) == OUTCOME
    assert unpacked_in(packed(OUTCOME), "zh-hans") == OUTCOME["zh-hans"]


def test_a_language_that_was_not_kept_is_answered_in_english():
    assert unpacked_in(packed(OUTCOME), "fr") == OUTCOME["en"]


def test_the_same_outcome_gives_the_same_bytes_and_far_fewer_than_its_words():
    assert packed(OUTCOME) == packed(json.loads(json.dumps(OUTCOME)))
    assert len(packed(OUTCOME)) < len(json.dumps(OUTCOME)) / 5


@pytest.mark.django_db
def test_a_proposal_kept_by_an_earlier_version_still_speaks(case):
    old = case.latest_proposal
    plain = Proposal(case=case, number=old.number + 1, outcome_plain=old.outcome, system=old.system)
    plain.save()
    kept = Proposal.objects.get(pk=plain.pk)
    assert kept.outcome == old.outcome
    assert kept.answer_in("en") == old.answer_in("en")


@pytest.mark.django_db
def test_the_categories_of_every_scheme_can_be_asked_for_without_unpacking(case):
    proposal = case.latest_proposal
    systems = proposal.answer_in("en")["systems"]
    assert proposal.answers == {n: [s["possible"], s["provisional"]["possible"]] for n, s in systems.items()}
