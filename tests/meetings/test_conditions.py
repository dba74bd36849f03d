"""Conditions that run: on the day the case is back, once, with the condition on top."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from cases.actions import close_case, reopen_case
from cases.models import Case
from mdt.duties.models import Duty
from mdt.duties.tasks import work_off_due_duties
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.actions import Branch, Condition, Refused
from mdt.meetings.conditions import conditions_of, due_conditions
from mdt.meetings.models import ConditionStep, Decision, DecisionCondition
from tests.builders import make_finding
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db
IN_DAYS = 60


def in_days(count: int):
    return timezone.localdate() + timedelta(days=count)


def restage(**changes) -> Condition:
    branches = [Branch("response", "ask about resection", "resection_after_response"), Branch("PD", "second line")]
    return Condition(
        **{
            "what": "After the fourth course restage",
            "trigger": "courses",
            "review_on": in_days(IN_DAYS),
            "branches": branches,
            **changes,
        }
    )


@pytest.fixture
def clock(monkeypatch):
    """`clock(days)`: so many days after today, at six in the morning."""
    real = timezone.now

    def to(days: int) -> None:
        moment = timezone.make_aware(datetime.combine(timezone.localdate(real()) + timedelta(days=days), time(6)))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return to


@pytest.fixture
def sign(item, chair, proposal, content, full_room):
    """Sign a decision with these conditions."""

    def signed(*conditions, based_on=0) -> Decision:
        decision = actions.record_decision(
            item=item,
            by=chair,
            proposal=proposal,
            content=replace(content, condition_rows=conditions),
            based_on=based_on,
        )
        actions.sign_decision(decision=decision, by=chair)
        return decision

    return signed


def work_off() -> None:
    work_off_due_duties()


def the_case() -> Case:
    return Case.objects.get()


def test_it_is_kept_with_its_branches_and_runs_from_the_signature_on(item, chair, proposal, content, full_room):
    decision = actions.record_decision(
        item=item, by=chair, proposal=proposal, content=replace(content, condition_rows=[restage()])
    )
    row = DecisionCondition.objects.get()
    assert row.branches[0] == {"if": "response", "then": "ask about resection", "option": "resection_after_response"}
    assert not Duty.objects.filter(kind="review-condition").exists()
    actions.sign_decision(decision=decision, by=chair)
    duty = Duty.objects.get(kind="review-condition")
    assert timezone.localdate(duty.due_at) == in_days(IN_DAYS)


def test_on_the_day_the_case_is_back_once_with_the_condition_on_top_and_the_coordinator_is_told(
    sign, clock, coordinator
):
    sign(restage())
    clock(IN_DAYS - 1)
    work_off()
    assert the_case().state == Case.State.SIGNED
    clock(IN_DAYS)
    work_off()
    case = the_case()
    assert (case.state, case.came_back_for) == (Case.State.REFERRED, "After the fourth course restage")
    assert not case.is_overdue
    assert [each.condition.what for each in due_conditions(case)] == ["After the fourth course restage"]
    for days in (IN_DAYS, IN_DAYS + 1):
        clock(days)
        actions.review_condition(condition=DecisionCondition.objects.get())
        work_off()
    assert ConditionStep.objects.count() == 1
    event = Event.objects.get(kind=Kind.CONDITION_DUE)
    assert (event.by, event.case_reference) == (None, case.reference)
    message = Message.objects.get(kind="condition")
    assert message.to == coordinator
    assert case.reference in message.subject
    assert case.patient.name not in message.subject + message.body
    assert "fourth course" not in message.body


def test_a_case_that_is_in_preparation_anyway_only_gets_it_on_top(sign, clock, coordinator):
    sign(restage())
    reopen_case(case=the_case(), by=coordinator, reason="Complication")
    clock(IN_DAYS)
    work_off()
    assert the_case().came_back_for
    assert not ConditionStep.objects.get().has_moved_case


def test_a_closed_case_stays_closed(sign, clock, coordinator):
    sign(restage())
    close_case(case=the_case(), by=coordinator, reason="Died")
    clock(IN_DAYS)
    work_off()
    assert the_case().state == Case.State.CLOSED
    assert not ConditionStep.objects.exists()


def test_an_amendment_replaces_the_condition_once_it_is_signed(sign, clock, chair, content):
    first = sign(restage())
    amended = actions.amend_decision(
        decision=first,
        by=chair,
        amendment_reason="Earlier",
        content=replace(content, condition_rows=[restage(review_on=in_days(30))]),
    )
    assert [each.stand for each in conditions_of(the_case())] == ["waiting"]
    actions.sign_decision(decision=amended, by=chair)
    assert sorted(each.stand for each in conditions_of(the_case())) == ["replaced", "waiting"]
    clock(30)
    work_off()
    clock(IN_DAYS)
    work_off()
    assert ConditionStep.objects.get().condition.decision == amended


def test_a_result_that_comes_in_brings_the_case_back_early(sign, clock, coordinator):
    sign(restage(trigger="result", fact="her2_ish", what="HER2 ISH"))
    clock(1)
    work_off()
    assert the_case().state == Case.State.SIGNED
    make_finding(the_case(), coordinator, {"her2_ish": "positive"}, discipline="pathology")
    clock(2)
    work_off()
    assert (the_case().state, the_case().came_back_for) == (Case.State.REFERRED, "HER2 ISH")
    assert Event.objects.get(kind=Kind.CONDITION_DUE).data["is_early"]


def test_what_was_known_at_the_meeting_is_no_result_that_came_in(sign, clock):
    sign(restage(trigger="result", fact="mmr", what="MMR"))
    clock(1)
    work_off()
    assert not ConditionStep.objects.exists()


def test_not_yet_puts_the_case_back_where_it_was_and_asks_again(sign, clock, chair):
    sign(restage())
    clock(IN_DAYS)
    work_off()
    actions.postpone_condition(
        condition=DecisionCondition.objects.get(), by=chair, next_on=in_days(14), reason="Course delayed"
    )
    case = the_case()
    assert (case.state, case.came_back_for) == (Case.State.SIGNED, "")
    clock(IN_DAYS + 13)
    work_off()
    assert the_case().state == Case.State.SIGNED
    clock(IN_DAYS + 14)
    work_off()
    assert the_case().state == Case.State.REFERRED
    assert ConditionStep.objects.filter(kind="due").count() == 2


def test_not_yet_leaves_a_case_in_preparation_that_a_person_brought_back(sign, clock, chair, coordinator):
    sign(restage())
    reopen_case(case=the_case(), by=coordinator, reason="Complication")
    clock(IN_DAYS)
    work_off()
    actions.postpone_condition(
        condition=DecisionCondition.objects.get(), by=chair, next_on=in_days(14), reason="Course delayed"
    )
    assert the_case().state == Case.State.REFERRED


def test_no_longer_applies_ends_it_with_the_reason(sign, clock, chair):
    sign(restage())
    condition = DecisionCondition.objects.get()
    actions.end_condition(condition=condition, by=chair, reason="Treated elsewhere")
    with pytest.raises(actions.ActionError, match="does not run any more"):
        actions.end_condition(condition=condition, by=chair, reason="Again")
    clock(IN_DAYS)
    work_off()
    assert the_case().state == Case.State.SIGNED
    assert Event.objects.get(kind=Kind.CONDITION_ENDED).data["reason"] == "Treated elsewhere"


@pytest.mark.parametrize(
    ("change", "field"), [({"reason": " "}, "reason"), ({"next_on": 0}, "next_on"), ({"next_on": 9999}, "next_on")]
)
def test_putting_off_needs_a_day_to_come_and_a_reason(sign, chair, change, field):
    sign(restage())
    said = {"reason": "Delayed", **change}
    said["next_on"] = in_days(said.get("next_on", 70))
    with pytest.raises(Refused) as refused:
        actions.postpone_condition(condition=DecisionCondition.objects.get(), by=chair, **said)
    assert refused.value.field == field
    assert not ConditionStep.objects.exists()


def test_a_later_decision_answers_it_and_a_deferral_does_not(
    sign,
    clock,
    team,
    coordinator,
    chair,
    content,
    hepatobiliary,
    oncologist,
    radiologist,
    pathologist,
    interventionalist,
):
    sign(restage())
    clock(IN_DAYS)
    work_off()
    for days, verdict in enumerate(("deferred", "decided"), start=3):
        meeting = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=days))
        item = actions.list_case(meeting=meeting, case=the_case(), by=coordinator, late_reason="Came back")
        for person in (chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
            actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
        said = content
        if verdict == "deferred":
            said = replace(content, category="", is_deferred=True, reason="missing_facts", reason_text="No CT yet")
        decision = actions.record_decision(
            item=item, by=chair, proposal=the_case().latest_proposal, content=replace(said, condition_rows=())
        )
        actions.sign_decision(decision=decision, by=chair)
        assert bool(the_case().came_back_for) is (verdict == "deferred")
    assert [each.stand for each in conditions_of(the_case())] == ["answered"]


@pytest.mark.parametrize(
    "change",
    [
        {"what": " "},
        {"what": "x" * 401},
        {"trigger": "whenever"},
        {"fact": "horoscope"},
        {"branches": [Branch("PR", " ")]},
        {"branches": [Branch("PR", "resect", "hocus-pocus")]},
        {"branches": [Branch("PR", "x" * 401)]},
        {"branches": [Branch("PR", "resect")] * 7},
        {"review_on": date(2020, 1, 1)},
    ],
)
def test_a_condition_that_cannot_run_is_refused(item, chair, proposal, content, full_room, change):
    with pytest.raises(Refused) as refused:
        actions.record_decision(
            item=item, by=chair, proposal=proposal, content=replace(content, condition_rows=[restage(**change)])
        )
    assert refused.value.field == "condition_rows"
    assert not Decision.objects.exists()
