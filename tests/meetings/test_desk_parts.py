"""Checklist, rejected options and patient factors: one click each, kept as they were shown, with their sources."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from classification import load_rulebook
from classification.pathway import load_pathway
from mdt.meetings import actions
from mdt.meetings.actions import Choice, Refused, Rejection
from mdt.meetings.models import Decision, DeskDraft
from mdt.meetings.shown import shown_by
from mdt.meetings.waited_for import templates_of
from tests.meetings.builders import desk_entries

pytestmark = pytest.mark.django_db


def record_url(item):
    return reverse("decision-record", args=[item.meeting.reference, item.case.reference])


def options_of(proposal) -> list[str]:
    return [option["id"] for option in proposal.outcome["en"]["options"]]


def test_the_desk_records_checklist_rejections_and_conditions(client, item, proposal, chair, oncologist, full_room):
    _first, second, third = options_of(proposal)[:3]
    client.force_login(chair)
    answer = client.post(
        record_url(item),
        desk_entries(
            proposal,
            oncologist,
            **{
                "check_stage": "yes",
                "check_genetics": "na",
                f"rejected_{second}": "patient_choice",
                f"rejected_{third}": "other",
                f"rejected_text_{third}": "No theatre before March",
                "conditions-0-what": "After the fourth course restage",
                "conditions-0-trigger": "courses",
                "conditions-0-review_on": "2099-01-01",
                "conditions-0-if_1": "PR",
                "conditions-0-then_1": "ask about resection",
                "conditions-0-option_1": "resection_after_response",
            },
        ),
    )
    assert answer.status_code == 302, answer.text
    decision = Decision.objects.get()
    assert decision.checklist == {"stage": "yes", "genetics": "na"}
    rejected = {row.option: (row.reason, row.reason_text) for row in decision.rejected_options.all()}
    assert rejected == {second: ("patient_choice", ""), third: ("other", "No theatre before March")}
    assert set(decision.rejected_options.first().label) == {"en", "zh-hans"}
    condition = decision.condition_rows.get()
    assert (condition.trigger, condition.review_on.isoformat()) == ("courses", "2099-01-01")
    assert condition.branches == [{"if": "PR", "then": "ask about resection", "option": "resection_after_response"}]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"check_stage": "maybe"}, "Select a valid choice"),
        ({"rejected_SECOND": "boredom"}, "Select a valid choice"),
        ({"rejected_SECOND": "other"}, "Say in words why the option was rejected"),
        ({"rejected_FIRST": "rules"}, "both chosen and rejected"),
        ({"preference": "x" * 1001}, "at most 1000 characters"),
        ({"conditions-0-what": "Restage"}, "This field is required"),
        ({"conditions-0-what": "Restage", "conditions-0-review_on": "2001-01-01"}, "cannot be looked at before"),
        (
            {"conditions-0-what": "R", "conditions-0-review_on": "2099-01-01", "conditions-0-if_1": "PR"},
            "Say what then",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_stays(
    client, item, proposal, chair, oncologist, full_room, entries, message
):
    first, second = options_of(proposal)[:2]
    typed = {name.replace("FIRST", first).replace("SECOND", second): value for name, value in entries.items()}
    typed = {"conditions-0-trigger": "courses", **typed}
    client.force_login(chair)
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, rationale="Typed and kept", **typed))
    assert answer.status_code == 422
    assert message in answer.text
    assert "Typed and kept" in answer.text
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rejected": [Rejection("hocus-pocus", "rules")]}, "rejected"),
        ({"rejected": [Rejection("upfront_surgery", "boredom")]}, "rejected"),
        ({"rejected": [Rejection("upfront_surgery", "rules")] * 2}, "rejected"),
        ({"rejected": [Rejection("upfront_surgery", "rules")], "options": [Choice("upfront_surgery")]}, "rejected"),
        ({"checklist": {"stage": "perhaps"}}, "checklist"),
        ({"checklist": {"weather": "yes"}}, "checklist"),
        ({"comorbidity": "x" * 1001}, "comorbidity"),
    ],
)
def test_the_action_refuses_them_without_any_form(item, proposal, chair, content, full_room, changes, field):
    with pytest.raises(Refused) as refused:
        actions.record_decision(item=item, by=chair, proposal=proposal, content=replace(content, **changes))
    assert refused.value.field == field


def test_patient_factors_come_from_the_findings_with_their_source(client, item, proposal, chair, oncologist, full_room):
    client.force_login(chair)
    page = client.get(reverse("room", args=[item.meeting.reference, item.case.reference]), {"step": "decide"}).text
    words = "Wants surgery only if it can cure; heard by the nurse."
    assert words in page
    client.post(record_url(item), desk_entries(proposal, oncologist, preference=words, comorbidity="Walks badly"))
    decision = Decision.objects.get()
    assert [source["discipline"] for source in decision.preference_source] == ["nursing"]
    assert decision.comorbidity_source == [], "the meeting put it in other words: no finding says so"


def test_every_option_and_fact_of_a_condition_template_exists():
    for name, rules in load_rulebook().pathways.items():
        pathway = load_pathway(name)
        options = {option.id for option in rules.options}
        for template in pathway.showing.condition_templates:
            assert {branch.option for branch in template.branches if branch.option} <= options
            assert not re.search(r"\b\d", template.what("en")), "a template suggests no number"


# --- Drafts -------------------------------------------------------------------------------------------------------


def save(item, person, based_on=0, **entries) -> DeskDraft | None:
    typed = {name: [value] for name, value in entries.items()}
    return actions.save_desk_draft(item=item, by=person, entries=typed, based_on=based_on)


def test_what_is_typed_is_kept_and_goes_when_it_is_recorded(item, proposal, content, chair, coordinator, full_room):
    save(item, chair, rationale="Lo")
    save(item, chair, rationale="Long talk")
    save(item, coordinator, rationale="Other")
    assert DeskDraft.objects.get(author=chair).entries == {"rationale": ["Long talk"]}
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    assert [draft.author for draft in DeskDraft.objects.all()] == [coordinator], "the other's words stay"
    assert save(item, chair, rationale="a late request") is None
    assert save(item, chair, based_on=1, rationale="anew") is not None


def test_a_draft_that_no_desk_can_hold_is_refused(item, chair):
    with pytest.raises(actions.ActionError, match="too long"):
        save(item, chair, rationale="x" * 2_000_001)
    actions.discard_desk_draft(item=item, by=chair)


def test_a_condition_is_offered_only_where_its_result_is_open(proposal):
    def offered(**facts) -> set[str]:
        return {template["id"] for template in templates_of(shown_by(proposal), facts)}

    assert offered() == {"restage", "her2", "laparoscopy"}
    assert offered(cytology="CYX") == offered(cytology={"one_of": ["CY0", "CY1"]}) == offered()
    assert offered(cytology="CY0", her2_status="negative") == {"restage"}
    assert offered(her2_ihc="0") == {"restage", "laparoscopy"}  # the status follows from it


def test_the_desk_says_what_settles_the_quorum(client, item, chair):
    client.force_login(chair)
    page = " ".join(client.get(reverse("room", args=[item.meeting.reference, item.case.reference])).text.split())
    assert "whichever the meeting chooses" in page.split("data-quorum-reason")[1].split("desk-record")[0]
