"""A proposal stores the status as it was signed when the proposal was made."""

import pytest

from mdt.rulebook import actions, library
from tests.builders import make_finding
from tests.rulebook.builders import sign

pytestmark = pytest.mark.django_db


def test_the_next_proposal_says_that_the_edition_was_reviewed(case, radiologist, surgeon, monkeypatch):
    monkeypatch.setattr(actions, "run_examples", lambda rules, edition: [])
    rules = library.rulebook()["gclm"]
    edition = next(each for each in rules.editions if each.scheme == "c-gclm")
    make_finding(case, radiologist, {"t_category": "T3"})
    before = case.proposals.latest("number")
    sign(edition, surgeon, "reviewed", "draft")
    make_finding(case, radiologist, {"n_category": "N1"})
    after = case.proposals.latest("number")
    before.refresh_from_db()
    assert (before.edition_status, after.edition_status) == ("draft", "reviewed")
    for language in ("en", "zh-hans"):
        system = after.outcome[language]["systems"]["c-gclm"]
        assert (system["status"], system["verified_by"]) == ("reviewed", "Dr Surgeon")
