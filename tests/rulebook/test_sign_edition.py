"""The life of an edition: two signatures, never by one person, and only for exactly the text that was read."""

from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from mdt.events.append_only import AppendOnlyError
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.rulebook import actions, library
from mdt.rulebook.models import EditionStep
from mdt.rulebook.standing import standing_of, status_of, with_signed_statuses
from tests.builders import make_user
from tests.remembered import remembered
from tests.rulebook.builders import EDITION, SCHEME, edition_of, judge, judge_all, sign, small_rulebook

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
URL = "rules-sign"
NAMES = ("gclm", SCHEME, EDITION)


@pytest.fixture
def other_chair(team):
    return make_user("other_chair", discipline="oncology", team=team, roles=("chair",))


@pytest.fixture
@remembered
def reviewed(edition, surgeon):
    judge_all(edition, surgeon)
    sign(edition, surgeon, "reviewed", "draft")
    return edition


def post(client, edition, status, based_on, **fields):
    entries = {
        "digest": edition.digest,
        "status": status,
        "based_on": based_on,
        "reason": "Read.",
        "password": PASSWORD,
    }
    return client.post(reverse(URL, args=NAMES), entries | fields)


def test_two_people_bring_a_draft_to_approval_and_each_signs_with_the_password(client, edition, surgeon, chair):
    judge_all(edition, surgeon)
    client.force_login(surgeon)
    assert post(client, edition, "reviewed", "draft").status_code == 302
    client.force_login(chair)
    assert post(client, edition, "approved", "reviewed").status_code == 302
    first, second = EditionStep.objects.order_by("id")
    assert (first.status, first.signed_by, first.role, first.discipline) == ("reviewed", surgeon, "member", "surgery")
    assert (second.status, second.signed_by, second.role, second.number) == ("approved", chair, "chair", 2)
    assert status_of(SCHEME, EDITION, edition.digest) == "approved"
    assert standing_of(edition).signed_by == "Dr Surgeon, Dr Chair"
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"edition-reviewed", "edition-approved", "rule-compared"} <= kinds
    assert verify().is_whole


def test_a_wrong_password_signs_nothing(client, edition, surgeon):
    client.force_login(surgeon)
    answer = post(client, edition, "reviewed", "draft", password="wrong")
    assert answer.status_code == 422
    assert "not your password" in answer.text
    assert not EditionStep.objects.exists()


def test_who_signed_the_review_does_not_approve(client, reviewed, chair, edition, other_chair):
    sign(edition, chair, "draft", "reviewed", "To be reviewed by the chair")
    sign(edition, chair, "reviewed", "draft")
    client.force_login(chair)
    assert "signed the review yourself" in client.get(reverse(URL, args=NAMES)).text
    answer = post(client, edition, "approved", "reviewed")
    assert answer.status_code == 422
    assert "signed the review yourself" in answer.text
    assert status_of(SCHEME, EDITION, edition.digest) == "reviewed"
    sign(edition, other_chair, "approved", "reviewed")
    assert status_of(SCHEME, EDITION, edition.digest) == "approved"


def test_whom_the_file_names_as_author_does_not_approve(reviewed, chair, rulebook, monkeypatch):
    monkeypatch.setattr(actions, "run_examples", lambda rules, edition: [])
    named = replace(reviewed, verified_by="Chair, 3 Nov 2026")
    said = list(actions.obstacles(rulebook["gclm"], named, "approved", standing_of(reviewed), chair))
    assert any("names you" in each for each in said)


@pytest.mark.parametrize("status", ["reviewed", "approved"])
@pytest.mark.parametrize("who", ["coordinator", "auditor", "admin"])
def test_who_has_no_right_signs_nothing(client, request, edition, who, status):
    client.force_login(request.getfixturevalue(who))
    page = client.get(reverse(URL, args=NAMES))
    assert page.status_code == 200, "everybody reads"
    assert "password" not in page.text
    assert post(client, edition, status, "draft").status_code == 403
    with pytest.raises(actions.RuleRefusal, match=r"no right|not the next"):
        sign(edition, request.getfixturevalue(who), status, "draft")
    assert not EditionStep.objects.exists()


def test_a_member_reviews_but_does_not_approve(client, reviewed, radiologist):
    client.force_login(radiologist)
    assert post(client, reviewed, "approved", "reviewed").status_code == 403
    with pytest.raises(actions.RuleRefusal, match="no right"):
        sign(reviewed, radiologist, "approved", "reviewed")


def test_a_draft_is_not_approved_without_a_review(edition, chair, surgeon):
    judge_all(edition, surgeon)
    with pytest.raises(actions.RuleRefusal, match="not the next step"):
        sign(edition, chair, "approved", "draft")


def test_an_example_that_fails_stops_both_signatures(tmp_path, monkeypatch, surgeon):
    wrong = small_rulebook(tmp_path, expected="III")
    monkeypatch.setattr(library, "rulebook", lambda: wrong)
    with pytest.raises(actions.RuleRefusal, match="examples do not hold: A"):
        sign(edition_of(wrong), surgeon, "reviewed", "draft")


def test_an_edition_without_an_example_is_not_approved(reviewed, chair, monkeypatch):
    monkeypatch.setattr(actions, "run_examples", lambda rules, edition: [])
    with pytest.raises(actions.RuleRefusal, match="no example"):
        sign(reviewed, chair, "approved", "reviewed")


def test_a_rule_that_differs_from_the_paper_stops_the_approval(client, reviewed, chair, surgeon):
    judge(reviewed, surgeon, "c-gclm.2019.liver.within", "differs")
    client.force_login(chair)
    answer = post(client, reviewed, "approved", "reviewed")
    assert answer.status_code == 422
    assert "1 rule differs from the paper" in answer.text
    judge(reviewed, surgeon, "c-gclm.2019.liver.within")
    assert post(client, reviewed, "approved", "reviewed").status_code == 302


def test_rules_that_nobody_compared_stop_the_approval(edition, surgeon, chair):
    judge(edition, surgeon, "c-gclm.2019.liver.within")
    sign(edition, surgeon, "reviewed", "draft")
    with pytest.raises(actions.RuleRefusal, match="were not compared"):
        sign(edition, chair, "approved", "reviewed")


def test_an_approved_edition_is_retired_and_stays_so(reviewed, chair, surgeon):
    sign(reviewed, chair, "approved", "reviewed")
    with pytest.raises(actions.RuleRefusal, match="no right"):
        sign(reviewed, surgeon, "retired", "approved")
    sign(reviewed, chair, "retired", "approved", "A newer edition holds.")
    assert status_of(SCHEME, EDITION, reviewed.digest) == "retired"
    for status in ("draft", "reviewed", "approved"):
        with pytest.raises(actions.RuleRefusal, match="not the next step"):
            sign(reviewed, chair, status, "retired")
    with pytest.raises(actions.RuleRefusal, match="retired"):
        judge(reviewed, surgeon, "c-gclm.2019.liver.within")


def test_signatures_do_not_pass_each_other(client, edition, surgeon, radiologist):
    sign(edition, radiologist, "reviewed", "draft")
    client.force_login(surgeon)
    answer = post(client, edition, "reviewed", "draft")
    assert answer.status_code == 409
    assert "Somebody else signed" in answer.text
    assert EditionStep.objects.count() == 1


def test_a_page_of_another_text_signs_nothing(client, edition, surgeon):
    client.force_login(surgeon)
    answer = post(client, edition, "reviewed", "draft", digest="0" * 64)
    assert answer.status_code == 409
    assert "changed in the meantime" in answer.text
    with pytest.raises(actions.StaleRules):
        sign(replace(edition, digest="0" * 64), surgeon, "reviewed", "draft")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401])
def test_a_signature_says_what_it_rests_on(edition, surgeon, reason):
    with pytest.raises(actions.RuleRefusal, match="400 characters"):
        sign(edition, surgeon, "reviewed", "draft", reason)


def test_a_changed_file_begins_again_as_a_draft(edition, surgeon):
    sign(edition, surgeon, "reviewed", "draft")
    changed = replace(edition, digest="1" * 64, status="approved")
    standing = standing_of(changed)
    assert (standing.status, standing.is_changed, standing.steps) == ("draft", True, ())


def test_without_a_signature_the_status_of_the_file_holds(edition):
    assert standing_of(replace(edition, status="reviewed")).status == "reviewed"
    assert status_of(SCHEME, EDITION, edition.digest) == "draft"
    assert status_of(SCHEME, EDITION, "2" * 64) == "draft"


def test_a_status_that_only_the_file_declares_is_not_approved(edition, surgeon, chair, rulebook, monkeypatch):
    judge_all(edition, surgeon)
    monkeypatch.setattr(actions, "run_examples", lambda rules, edition: [])
    declared = replace(edition, status="reviewed")
    said = list(actions.obstacles(rulebook["gclm"], declared, "approved", standing_of(declared), chair))
    assert any("Nobody signed the review here" in each for each in said)


def test_an_outcome_carries_the_status_that_was_signed(edition, surgeon):
    file = {"edition": EDITION, "digest": edition.digest, "status": "draft", "verified_by": "", "label": "C-GCLM"}
    systems = {SCHEME: file, "none": {"edition": None, "digest": None, "status": "no_edition"}}
    assert with_signed_statuses(systems) == systems
    sign(edition, surgeon, "reviewed", "draft")
    answer = with_signed_statuses(systems)
    assert answer[SCHEME] == file | {"status": "reviewed", "verified_by": "Dr Surgeon"}
    assert answer["none"] == systems["none"]


def test_a_signature_cannot_be_taken_back(edition, surgeon):
    step = sign(edition, surgeon, "reviewed", "draft")
    with pytest.raises(AppendOnlyError):
        step.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE rulebook_editionstep SET status = 'approved'")
