"""The checklist: each rule compared with the paper, by whom, when and where; one at a time."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mdt.events.models import Event
from mdt.rulebook import actions, library
from mdt.rulebook.models import Judgement
from mdt.rulebook.standing import judgements_of, progress_of, verifications_of
from tests.rulebook.builders import EDITION, SCHEME, judge

pytestmark = pytest.mark.django_db

NAMES = ("gclm", SCHEME, EDITION)
RULE = "c-gclm.2019.liver.within"


def url(rule=RULE):
    return reverse("rule-compare", args=NAMES) + f"?rule={rule}"


def entries(edition, **fields):
    said = {
        "digest": edition.digest,
        "verdict": "as-in-paper",
        "place": "page 6, table 2",
        "paper_says": "",
        "note": "",
    }
    return said | fields


def test_a_rule_is_verified_by_a_person_who_says_what_they_read(client, edition, surgeon):
    client.force_login(surgeon)
    answer = client.post(url(), entries(edition, note="“or” as here"))
    assert answer.status_code == 302
    row = Judgement.objects.get()
    assert (row.rule, row.verdict, row.place, row.judged_by) == (RULE, "as-in-paper", "page 6, table 2", surgeon)
    assert set(verifications_of(SCHEME, edition.digest)) == {RULE}
    line = Event.objects.get(kind="rule-compared")
    assert (line.by, line.data["rule"]) == (surgeon, RULE)
    page = client.get(reverse("rules-edition", args=NAMES)).text
    assert page.count("verified by Dr Surgeon") == 1


def test_the_next_rule_that_nobody_compared_follows(client, edition, surgeon):
    client.force_login(surgeon)
    first, second = [each.id for each in library.citables(edition)][:2]
    assert client.post(url(first), entries(edition)).url == url(second)


def test_no_page_verifies_several_rules_at_once(client, edition, surgeon):
    """Neither by repeating the name nor by leaving it out."""
    client.force_login(surgeon)
    client.post(f"{url()}&rule=c-gclm.2019.liver.size", entries(edition))
    client.post(reverse("rule-compare", args=NAMES), entries(edition))
    client.post(url("*"), entries(edition))
    assert Judgement.objects.count() == 1


def test_a_difference_needs_what_the_paper_says(client, edition, surgeon):
    client.force_login(surgeon)
    answer = client.post(url(), entries(edition, verdict="differs"))
    assert answer.status_code == 422
    assert "Say what the paper says instead" in answer.text
    with pytest.raises(actions.RuleRefusal, match="what the paper says"):
        judge(edition, surgeon, RULE, "differs", paper_says=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.create(
            pathway="gclm", scheme=SCHEME, edition=EDITION, digest="0", rule=RULE, verdict="differs", place="x",
            judged_by=surgeon,
        )  # fmt: skip
    assert not Judgement.objects.exists()


def test_the_newest_comparison_holds_and_the_earlier_stays_readable(client, edition, surgeon, chair):
    judge(edition, surgeon, RULE)
    judge(edition, chair, RULE, "differs", paper_says="five lesions")
    assert verifications_of(SCHEME, edition.digest) == {}
    client.force_login(surgeon)
    page = client.get(url()).text
    assert "verified by Dr Surgeon" in page
    assert "five lesions" in page


def test_what_was_verified_speaks_for_exactly_this_text(edition, surgeon):
    judge(edition, surgeon, RULE)
    assert verifications_of(SCHEME, "0" * 64) == {}
    with pytest.raises(actions.StaleRules):
        judge(replace(edition, digest="0" * 64), surgeon, RULE)


def test_a_page_of_another_text_stores_nothing(client, edition, surgeon):
    client.force_login(surgeon)
    assert client.post(url(), entries(edition, digest="0" * 64)).status_code == 409
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("who", ["coordinator", "auditor", "admin"])
def test_who_has_no_right_compares_nothing(client, request, edition, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("rules-checklist", args=NAMES)).status_code == 200
    assert client.get(url()).status_code == 403
    assert client.post(url(), entries(edition)).status_code == 403
    with pytest.raises(actions.RuleRefusal, match="no right"):
        judge(edition, request.getfixturevalue(who), RULE)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rule": "c-gclm.2019.none"}, "no such rule"),
        ({"verdict": "perhaps"}, "not known"),
        ({"place": " "}, "which page"),
        ({"place": "x" * 201}, "which page"),
        ({"note": "x" * 401}, "too long"),
    ],
)
def test_what_cannot_be_kept_is_refused(edition, surgeon, fields, said):
    with pytest.raises(actions.RuleRefusal, match=said):
        judge(edition, surgeon, **{"rule": RULE, **fields})
    assert not Judgement.objects.exists()


def test_progress_counts_rules_and_flags(edition, surgeon):
    judge(edition, surgeon, RULE)
    judge(edition, surgeon, "flag:NOT_GCLM", "not-found")
    progress = progress_of(edition, judgements_of(SCHEME, edition.digest))
    assert (progress.as_in_paper, progress.not_found, progress.differs) == (1, 1, 0)
    assert progress.open == progress.total - 2 == len(list(library.citables(edition))) - 2
