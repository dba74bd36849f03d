"""The page of a decision says what the pathway had proposed, what the meeting decided, and by which rules."""

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils.translation import override

from mdt.meetings import actions
from mdt.meetings.actions import Choice
from mdt.meetings.against_pathway import stand_of
from tests.builders import COMPLETE_FACTS, make_case, make_finding
from tests.meetings.builders import content_for

pytestmark = pytest.mark.django_db
WHY = {"reason": "technical", "reason_text": "The portal vein can be rebuilt."}


@pytest.fixture
def decide(item, coordinator, proposal, oncologist, full_room):
    """Records what the meeting decided, with these changes."""

    def recorded(**changes):
        content = content_for(proposal, oncologist, **changes)
        return actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)

    return recorded


def page_of(decision, person, client, language="en"):
    client.force_login(person)
    address = reverse("decision", args=[decision.meeting.reference, decision.case.reference, 1])
    return client.get(address, headers={"accept-language": language}).text


def test_a_departing_treatment_of_the_confirmed_type_says_what_it_departs_from(decide, chair, client):
    decision = decide(options=[Choice("other", "Watch and wait")], **WHY)
    text = page_of(decision, chair, client)
    assert "The pathway proposed type I." in text
    assert "“Watch and wait” was none of its options." in text
    assert "The meeting decided type I, first “Watch and wait”: different, with reason (in the treatment)." in text
    assert "Reason to depart from the pathway" in text
    assert WHY["reason_text"] in text


def test_what_the_pathway_advised_against_stands_with_its_rating(decide, proposal):
    against = next(
        option["id"]
        for option in proposal.outcome["en"]["options"]
        if option["status"] in ("not_recommended", "contraindicated") and option["id"] != "none_of_these"
    )
    stand = stand_of(decide(options=[Choice(against)], **WHY))
    assert stand.departs
    assert "Its rating of “" in stand.proposed
    assert "in the treatment" in stand.decided


def test_another_type_is_said_to_be_one(decide):
    stand = stand_of(decide(category="III", **WHY))
    assert stand.decided.startswith("The meeting decided type III, first “")
    assert stand.decided.endswith("different, with reason (in the type).")


def test_what_follows_the_pathway_departs_from_nothing(decision, chair, client):
    assert not stand_of(decision).departs
    assert "Reason to depart" not in page_of(decision, chair, client)


def test_a_deferral_gives_its_reason_to_defer(decide, chair, client):
    decision = decide(category="", is_deferred=True, options=[], reason="missing_facts", reason_text="PET is awaited.")
    text = page_of(decision, chair, client)
    assert "The meeting deferred the case." in text
    assert "Reason to defer" in text


def test_the_rules_that_proposed_are_named_in_both_languages(decision, proposal):
    assert stand_of(decision).rules == f"C-GCLM 2019, rule set {proposal.digest[:8]}"
    with override("zh-hans"):
        stand = stand_of(decision)
        assert stand.rules.endswith(f"，规则集{proposal.digest[:8]}")
        assert "诊疗路径建议：Ⅰ型。" in stand.proposed


@pytest.fixture
def assumed(team, coordinator):
    """A case that the facts alone leave open: of peritoneum, cytology and far nodes nothing was said."""
    case = make_case(team=team, by=coordinator)
    unsaid = ("cytology", "peritoneum", "nodes_beyond_d2")
    for discipline, facts in COMPLETE_FACTS.items():
        said = {name: value for name, value in facts.items() if name not in unsaid}
        make_finding(case, coordinator, said, discipline=discipline)
    case.refresh_from_db()
    return case


@pytest.fixture
def decision_on_assumed(assumed, meeting, coordinator, oncologist, full_room):
    item = actions.list_case(meeting=meeting, case=assumed, by=coordinator, late_reason="Wanted now")
    shown = assumed.latest_proposal
    content = content_for(shown, oncologist, conditions="Laparoscopy first.")
    return actions.record_decision(item=item, by=coordinator, proposal=shown, content=content)


def test_a_provisional_type_is_not_said_to_be_proposed_plainly_and_its_conditions_have_names(
    decision_on_assumed, assumed, chair, client
):
    assert len(assumed.types_possible.split()) > 1
    text = page_of(decision_on_assumed, chair, client)
    assert "The pathway proposed, provisionally, type I (strictly possible: type I" in text
    assert "The pathway proposed type I." not in text
    assert "concordant under a condition." in text
    assert "The meeting’s condition: “Laparoscopy first.”" in text
    assert "The type holds under what the pathway assumed: " in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_rules_that_nobody_approved_are_marked_beside_what_they_said(decision, chair, client, language):
    assert decision.proposal.edition_status == "draft"
    stand = stand_of(decision)
    assert stand.is_unverified
    text = page_of(decision, chair, client, language)
    word, rules = {"en": ("unverified", "C-GCLM 2019, rule set"), "zh-hans": ("未核实", "规则集")}[language]
    state = {"en": "Draft: no clinician has verified it", "zh-hans": "草案：尚未经临床医师核实"}[language]
    against, beside = text.split(rules)[:2]
    assert word in against.rsplit("<dl", 1)[1]
    assert state in beside[:400]
    assert not replace(stand, rules_status="approved").is_unverified
