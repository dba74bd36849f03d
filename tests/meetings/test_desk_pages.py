"""Two at one desk lose nothing; a member disagrees from the room; a condition is answered on its page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.meetings import actions
from mdt.meetings.actions import Choice, Condition, Step
from mdt.meetings.models import ConditionStep, Decision, DecisionCondition, DeskDraft, Dissent
from tests.meetings.builders import desk_entries
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


def url(name, item, *more) -> str:
    return reverse(name, args=[item.meeting.reference, item.case.reference, *more])


def options_of(proposal) -> list[str]:
    """Those that need no reason to be chosen, in the order of the proposal."""
    found = proposal.outcome["en"]["options"]
    return [option["id"] for option in found if option["status"] in ("recommended", "consider")]


@pytest.fixture
@remembered
def theirs(item, coordinator, proposal, content, surgeon, full_room) -> Decision:
    """The coordinator was quicker."""
    steps = [Step("Book laparoscopy", surgeon, timezone.localdate() + timedelta(days=5))]
    said = replace(content, rationale="Their words", next_steps=steps, options=[Choice(options_of(proposal)[1])])
    return actions.record_decision(item=item, by=coordinator, proposal=proposal, content=said)


def mine(proposal, oncologist, **changes) -> dict:
    return desk_entries(proposal, oncologist, **{"rationale": "My words", "intent": "palliative", **changes})


def test_the_second_sees_both_texts_and_nothing_is_stored(client, item, proposal, chair, oncologist, theirs):
    client.force_login(chair)
    answer = client.post(url("decision-record", item), mine(proposal, oncologist))
    assert answer.status_code == 409
    for words in ("Two of you were writing", "My words", "Their words", "Book laparoscopy"):
        assert words in answer.text
    assert answer.text.count('name="take_rationale"') == 3
    assert answer.text.count('name="take_intent"') == 2, "a treatment has one intent"
    assert 'name="take_category"' not in answer.text, "both say the same"
    assert Decision.objects.count() == 1
    assert DeskDraft.objects.get(author=chair).entries["rationale"] == ["My words"]


def test_what_is_taken_of_both_is_recorded(client, item, proposal, chair, oncologist, theirs):
    client.force_login(chair)
    mine_first, theirs_second = proposal.outcome["en"]["options"][0]["id"], options_of(proposal)[1]
    taken = {
        "conflict_with": 1,
        "take_rationale": "both",
        "take_intent": "theirs",
        "take_options": "both",
        "take_steps": "theirs",
        "take_preference": "mine",
        "take_comorbidity": "mine",
    }
    answer = client.post(url("decision-record", item), {**mine(proposal, oncologist), **taken})
    assert answer.status_code == 302, answer.text
    decision = Decision.objects.get(version=2)
    assert decision.rationale == "My words\nTheir words"
    assert decision.intent == "curative"
    assert [row.option for row in decision.options.all()] == [mine_first, theirs_second]
    assert [step.what for step in decision.next_steps.all()] == ["Book laparoscopy"]
    assert not DeskDraft.objects.exists()


def test_what_only_one_of_the_two_wrote_is_suggested(client, item, proposal, chair, oncologist, theirs):
    client.force_login(chair)
    text = " ".join(client.post(url("decision-record", item), mine(proposal, oncologist)).text.split())
    assert 'id="take_steps-theirs" checked' in text
    assert 'id="take_rationale-both" checked' in text
    assert 'id="take_intent-mine" checked' not in text
    assert 'id="take_intent-theirs" checked' not in text


def test_a_choice_that_both_made_differently_must_be_answered(client, item, proposal, chair, oncologist, theirs):
    client.force_login(chair)
    answer = client.post(url("decision-record", item), {**mine(proposal, oncologist), "conflict_with": 1})
    assert answer.status_code == 409
    assert "Say which of the two stands" in answer.text
    assert Decision.objects.count() == 1


def test_a_third_version_in_the_meantime_is_shown_anew(
    client, item, proposal, content, chair, coordinator, oncologist, theirs
):
    actions.record_decision(
        item=item, by=coordinator, proposal=proposal, content=replace(content, rationale="Newest"), based_on=1
    )
    client.force_login(chair)
    entries = {**mine(proposal, oncologist), "conflict_with": 1, "take_intent": "mine", "take_rationale": "mine"}
    answer = client.post(url("decision-record", item), entries)
    assert answer.status_code == 409
    assert "Newest" in answer.text
    assert 'name="conflict_with" value="2"' in answer.text


def test_a_text_that_grows_too_long_by_joining_is_said_beside_its_field(
    client, item, proposal, chair, oncologist, theirs
):
    client.force_login(chair)
    entries = mine(proposal, oncologist, rationale="x" * 3995, intent="curative")
    taken = {name: "mine" for name in ("take_options", "take_steps", "take_preference", "take_comorbidity")}
    answer = client.post(
        url("decision-record", item), {**entries, **taken, "conflict_with": 1, "take_rationale": "both"}
    )
    assert answer.status_code == 422
    assert "at most 4000 characters" in answer.text
    assert "Their words" in answer.text


# --- Drafts -------------------------------------------------------------------------------------------------------


def test_what_was_typed_is_there_again_after_a_crash_and_the_others_see_who_is_writing(
    client, item, proposal, chair, coordinator, oncologist
):
    client.force_login(chair)
    saved = client.post(
        url("desk-draft", item), mine(proposal, oncologist, **{"steps-0-what": "Book", "check_stage": "yes"})
    )
    assert "Draft saved" in saved.text
    page = client.get(reverse("room", args=[item.meeting.reference, item.case.reference]), {"step": "decide"}).text
    assert "This is your unfinished text" in page
    assert "My words" in page
    assert 'value="Book"' in page
    client.force_login(coordinator)
    news = client.get(url("desk-news", item)).text
    assert "Dr Chair is writing" in news
    assert "My words" not in news
    client.force_login(chair)
    client.post(url("desk-draft-discard", item))
    assert not DeskDraft.objects.exists()


def test_a_draft_that_others_overtook_says_so_and_leads_to_both_texts(
    client, item, proposal, content, chair, coordinator, oncologist, full_room
):
    client.force_login(chair)
    client.post(url("desk-draft", item), mine(proposal, oncologist))
    actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    page = client.get(reverse("room", args=[item.meeting.reference, item.case.reference]), {"step": "decide"}).text
    assert "Somebody recorded a version since" in page
    assert 'name="based_on" value="0"' in page
    assert "recorded version 1" in client.get(url("desk-news", item), {"seen": "0"}).text
    assert "recorded version" not in client.get(url("desk-news", item), {"seen": "1"}).text


# --- Dissent ------------------------------------------------------------------------------------------------------


def test_a_member_disagrees_from_the_room(client, item, decision, pathologist):
    client.force_login(pathologist)
    page = client.get(reverse("room", args=[item.meeting.reference, item.case.reference])).text
    assert "I disagree" in page
    assert 'name="dissent-person"' not in page
    entries = {"dissent-reason": "Cytology first", "dissent-category": "II", "dissent-version": 1}
    assert client.post(url("dissent-record", item), entries).status_code == 302
    dissent = Dissent.objects.get()
    assert (dissent.person, dissent.category) == (pathologist, "II")
    page = client.get(reverse("room", args=[item.meeting.reference, item.case.reference])).text
    assert "Withdraw my dissent" in page
    client.post(url("dissent-withdraw", item, dissent.pk), {"reason": "It is in"})
    assert Dissent.objects.get().withdrawal.reason == "It is in"


def test_a_dissent_without_a_reason_or_to_an_old_version_keeps_what_was_typed(
    client, item, decision, proposal, content, chair, pathologist
):
    client.force_login(pathologist)
    answer = client.post(url("dissent-record", item), {"dissent-reason": " ", "dissent-version": 1})
    assert answer.status_code == 422
    assert "This field is required" in answer.text
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=1)
    answer = client.post(url("dissent-record", item), {"dissent-reason": "Typed and kept", "dissent-version": 1})
    assert answer.status_code == 409
    assert "Typed and kept" in answer.text
    assert 'name="dissent-version" value="2"' in answer.text
    assert not Dissent.objects.exists()


def test_the_chair_writes_one_down_for_a_member_and_a_member_for_nobody_else(
    client, item, decision, chair, surgeon, pathologist, auditor
):
    entries = {"dissent-reason": "Said aloud", "dissent-person": pathologist.pk, "dissent-version": 1}
    client.force_login(chair)
    assert client.post(url("dissent-record", item), entries).status_code == 302
    assert (Dissent.objects.get().person, Dissent.objects.get().entered_by) == (pathologist, chair)
    client.force_login(surgeon)
    client.post(url("dissent-record", item), {**entries, "dissent-reason": "As another"})
    assert Dissent.objects.get(reason="As another").person == surgeon, "a member has no say in whose voice it is"
    client.force_login(auditor)
    assert client.post(url("dissent-record", item), entries).status_code == 403


def test_only_one_s_own_dissent_is_withdrawn(client, item, decision, surgeon, pathologist):
    dissent = actions.record_dissent(decision=decision, by=pathologist, reason="Cytology first")
    client.force_login(surgeon)
    client.post(url("dissent-withdraw", item, dissent.pk))
    assert not Dissent.objects.get().is_withdrawn


# --- Conditions ---------------------------------------------------------------------------------------------------


@pytest.fixture
@remembered
def due(item, chair, proposal, content, full_room):
    """Signed, and due today."""
    rows = [Condition("After the fourth course restage", "courses", timezone.localdate())]
    decision = actions.record_decision(
        item=item, by=chair, proposal=proposal, content=replace(content, condition_rows=rows)
    )
    actions.sign_decision(decision=decision, by=chair)
    condition = DecisionCondition.objects.get()
    actions.review_condition(condition=condition)
    return condition


@pytest.mark.parametrize("page", ["case", "queue"])
def test_a_condition_that_is_due_stands_on_top(client, item, due, coordinator, page):
    client.force_login(coordinator)
    text = client.get(reverse("case", args=[item.case.reference]) if page == "case" else reverse("queue")).text
    assert "After the fourth course restage" in text
    assert "Condition due" in text


def answer_url(name, condition) -> str:
    return reverse(name, args=[condition.decision.case.reference, condition.pk])


def test_not_yet_and_no_longer_need_a_reason(client, due, coordinator, surgeon, outsider):
    client.force_login(coordinator)
    for name in ("condition-postpone", "condition-end"):
        assert client.get(answer_url(name, due)).status_code == 200
        assert client.post(answer_url(name, due), {"reason": ""}).status_code == 422
    next_on = timezone.localdate() + timedelta(days=14)
    answer = client.post(answer_url("condition-postpone", due), {"reason": "Delayed", "next_on": next_on.isoformat()})
    assert answer.status_code == 302
    assert ConditionStep.objects.get(kind="postponed").next_on == next_on
    assert client.post(answer_url("condition-end", due), {"reason": "Treated elsewhere"}).status_code == 302
    assert client.post(answer_url("condition-end", due), {"reason": "Again"}).status_code == 422
    client.force_login(surgeon)
    assert client.get(answer_url("condition-end", due)).status_code == 403
    client.force_login(outsider)
    assert client.get(answer_url("condition-end", due)).status_code == 404


def test_the_desk_says_that_the_checklist_may_be_skipped_and_what_then(client, item, coordinator):
    client.force_login(coordinator)
    text = " ".join(client.get(f"{url('room', item)}?step=decide").text.split())
    assert "May be skipped. If you answer one point, the minutes print the others as “not answered”" in text


def test_where_the_quorum_is_told_stands_the_way_to_the_attendance(client, item, coordinator):
    client.force_login(coordinator)
    text = client.get(f"{url('room', item)}?step=decide").text
    way = f'href="{item.meeting.get_absolute_url()}#attendance" data-attendance'
    assert way in text.partition('id="quorum-why"')[2].partition("</details>")[0]
    assert way in text.partition("data-quorum-reason")[2].partition("desk-record")[0]
    assert "Your own attendance:" in text
    assert "your own attendance" in text.partition('id="attendance-menu"')[2]
    assert "own seat" not in text
