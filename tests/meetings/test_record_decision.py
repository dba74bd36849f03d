"""What the meeting decides: from the desk to the rows, and everything that must not be stored."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.models import Case
from mdt.audit.models import AuditRow
from mdt.audit.rows.actions import rebuild
from mdt.events import guards
from mdt.events.append_only import AppendOnlyError
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions import Choice, Disagreement, Refused, Step
from mdt.meetings.models import Decision
from mdt.meetings.shown import shown_by
from tests.builders import make_finding
from tests.meetings.builders import content_for, desk_entries

pytestmark = pytest.mark.django_db


def record_url(item):
    return reverse("decision-record", args=[item.meeting.reference, item.case.reference])


def test_it_records_everything_and_logs(client, item, proposal, chair, oncologist, pathologist, surgeon, full_room):
    client.force_login(chair)
    due = timezone.localdate() + timedelta(days=10)
    shown = shown_by(proposal)
    first, second = [name for name in shown.options if name not in shown.rejected][:2]
    answer = client.post(
        record_url(item),
        desk_entries(
            proposal,
            oncologist,
            options=[first, second, "other"],
            **{
                f"rank_{first}": 2,
                f"rank_{second}": 1,
                "rank_other": 3,
                "other": "Trial with a vaccine",
                "conditions": "If the cytology is negative",
                "rationale": "Long talk",
                "dissents-0-person": pathologist.pk,
                "dissents-0-category": "II",
                "dissents-0-reason": "Wait for cytology",
                "steps-0-what": "Book laparoscopy",
                "steps-0-owner": surgeon.pk,
                "steps-0-due_on": due.isoformat(),
            },
        ),
    )
    assert answer.status_code == 302, answer.text
    decision = Decision.objects.get()
    assert (decision.verdict, decision.category, decision.version) == ("confirmed", "I", 1)
    assert (decision.proposal, decision.recorded_by, decision.responsible) == (proposal, chair, oncologist)
    assert decision.is_quorate
    assert {entry["discipline"] for entry in decision.present} == {
        "surgery",
        "hepatobiliary",
        "oncology",
        "radiology",
        "pathology",
        "interventional",
    }
    assert [(row.option, row.detail) for row in decision.options.all()] == [
        (second, ""),
        (first, ""),
        ("other", "Trial with a vaccine"),
    ]
    option = decision.options.first()
    assert option.label == shown.options[second].label
    assert set(option.label) == {"en", "zh-hans"}
    assert option.proposed_status == shown.options[second].status
    dissent, step = decision.dissents.get(), decision.next_steps.get()
    assert (dissent.person, dissent.category, dissent.reason) == (pathologist, "II", "Wait for cytology")
    assert (step.what, step.owner, step.due_on) == ("Book laparoscopy", surgeon, due)
    item.case.refresh_from_db()
    assert item.case.state == Case.State.DECIDED
    event = Event.objects.get(kind=Kind.DECISION_RECORDED)
    assert (event.by, event.case_reference, event.data["verdict"]) == (chair, item.case.reference, "confirmed")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"category": None}, "Choose a type"),
        ({"category": "VII"}, "Select a valid choice"),
        ({"options": None}, "Choose at least one option"),
        ({"options": ["hocus-pocus"]}, "Select a valid choice"),
        ({"options": ["other"], "other": " "}, "Say in words which other option"),
        ({"intent": None}, "Choose the intent"),
        ({"intent": "magic"}, "Select a valid choice"),
        ({"responsible": None}, "Name who is responsible"),
        ({"category": "III"}, "Choose the reason for departing"),
        ({"category": "III", "reason": "biology"}, "Give the reason in words"),
        ({"category": "deferred"}, "Choose the reason for departing"),
        ({"conditions": "x" * 1_000_000}, "at most 2000 characters"),
        ({"rationale": "x" * 1_000_000}, "at most 4000 characters"),
        ({"options": ["other"], "other": "x" * 401}, "at most 400 characters"),
        ({"dissents-0-person": "1", "dissents-0-reason": ""}, "This field is required"),
        ({"steps-0-what": "Book", "steps-0-due_on": "soon"}, "Enter a valid date"),
    ],
)
def test_it_refuses_with_a_message_and_keeps_what_was_typed(
    client, item, proposal, chair, oncologist, full_room, changes, message
):
    client.force_login(chair)
    entries = desk_entries(proposal, oncologist, **{"quorum_reason": "Typed and kept", **changes})
    answer = client.post(record_url(item), entries)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Typed and kept" in answer.text
    assert "category, or" not in answer.text, "the field is called type: so does what is said beside it"
    assert not Decision.objects.exists()
    item.case.refresh_from_db()
    assert item.case.state == Case.State.LISTED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"category": "VII"}, "category"),
        ({"options": [Choice("hocus-pocus")]}, "options"),
        ({"options": [Choice("other")]}, "other"),
        ({"options": [Choice("other", "x" * 401)]}, "other"),
        ({"options": [Choice("other", "x")] * 13}, "options"),
        ({"reason": "boredom", "category": "II"}, "reason"),
        ({"intent": "magic"}, "intent"),
        ({"conditions": "x" * 1_000_000}, "conditions"),
        ({"is_deferred": True}, "category"),
    ],
)
def test_the_action_refuses_without_any_form(item, proposal, chair, oncologist, full_room, changes, field):
    with pytest.raises(Refused) as refused:
        actions.record_decision(
            item=item, by=chair, proposal=proposal, content=content_for(proposal, oncologist, **changes)
        )
    assert refused.value.field == field
    assert not Decision.objects.exists()


def test_one_option_is_not_chosen_twice(item, proposal, chair, content, full_room):
    twice = content_for(proposal, content.responsible, options=[*content.options, *content.options])
    with pytest.raises(Refused, match="twice"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=twice)


@pytest.mark.parametrize("where", ["responsible", "dissents", "next_steps"])
def test_people_of_other_teams_are_refused(item, proposal, chair, oncologist, outsider, full_room, where):
    changes = {
        "responsible": outsider,
        "dissents": [Disagreement(outsider, "No")],
        "next_steps": [Step("Book", outsider, timezone.localdate())],
    }
    content = content_for(proposal, oncologist, **{where: changes[where]})
    with pytest.raises(actions.ActionError, match="does not belong to this team"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    assert not Decision.objects.exists()


def test_another_category_is_changed_and_keeps_its_reason(item, proposal, chair, oncologist, full_room):
    content = content_for(proposal, oncologist, category="II", reason="biology", reason_text="AFP doubles in a week")
    decision = actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    assert (decision.verdict, decision.reason, decision.reason_text) == ("changed", "biology", "AFP doubles in a week")


def test_a_reason_that_is_not_needed_is_not_stored(decision):
    assert (decision.reason, decision.reason_text, decision.quorum_reason) == ("", "", "")


def test_an_open_proposal_is_settled_within_what_is_possible_and_changed_outside(
    meeting, case, coordinator, chair, oncologist, full_room
):
    make_finding(case, oncologist, {"peritoneum": {"one_of": ["P0", "P1"]}}, discipline="surgery")
    item = actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Urgent")
    proposal = case.latest_proposal
    possible = proposal.types_possible.split()
    assert len(possible) > 1
    content = content_for(proposal, oncologist, category=possible[-1])
    decision = actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    assert decision.verdict == ("confirmed" if proposal.types_provisional == possible[-1] else "settled")


def test_no_category_may_apply(item, proposal, chair, oncologist, full_room):
    content = content_for(
        proposal, oncologist, category="none", reason="imaging_reread", reason_text="Haemangioma on MRI"
    )
    decision = actions.record_decision(item=item, by=chair, proposal=proposal, content=content)
    assert (decision.verdict, decision.category) == ("changed", "none")
    actions.sign_decision(decision=decision, by=chair)
    item.case.refresh_from_db()
    assert (item.case.state, item.case.type_confirmed) == (Case.State.SIGNED, "")


@pytest.mark.parametrize("which", ["own", "advised against"])
def test_a_first_option_of_the_meetings_own_or_advised_against_needs_a_reason(
    client, item, proposal, chair, oncologist, full_room, which
):
    client.force_login(chair)
    advised_against = next(iter(shown_by(proposal).rejected))
    first = {"own": "other", "advised against": advised_against}[which]
    second = proposal.outcome["en"]["options"][0]["id"]
    own = {"other": "Trial with a vaccine"} if which == "own" else {}
    entries = {"options": [first, second], f"rank_{first}": 1, f"rank_{second}": 2, **own}
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, **entries))
    assert answer.status_code == 422
    assert "or one that the rules advise against: choose the reason." in answer.text
    assert "Give the reason in words." in answer.text
    assert not Decision.objects.exists()
    reasons = {"reason": "patient_choice", "reason_text": "Wants the trial"}
    assert client.post(record_url(item), desk_entries(proposal, oncologist, **entries, **reasons)).status_code == 302
    decision = Decision.objects.get()
    assert (decision.verdict, decision.reason, decision.reason_text) == (
        "confirmed",
        "patient_choice",
        "Wants the trial",
    )
    sign = reverse("decision-sign", args=[item.meeting.reference, item.case.reference])
    client.post(sign, {"version": 1, "password": "correct-horse-battery"})
    rebuild()
    assert AuditRow.objects.get().concordance == "different_with_reason"


def test_an_option_of_its_own_after_one_that_is_advised_needs_none(
    client, item, proposal, chair, oncologist, full_room
):
    client.force_login(chair)
    first = proposal.outcome["en"]["options"][0]["id"]
    entries = {"options": [first, "other"], f"rank_{first}": 1, "rank_other": 2, "other": "Trial with a vaccine"}
    assert client.post(record_url(item), desk_entries(proposal, oncologist, **entries)).status_code == 302


def test_without_quorum_it_needs_a_reason(client, item, proposal, chair, oncologist):
    client.force_login(chair)
    answer = client.post(record_url(item), desk_entries(proposal, oncologist))
    assert answer.status_code == 422
    assert "mark who is here, wait, or give a reason" in answer.text
    assert not Decision.objects.exists()
    client.post(record_url(item), desk_entries(proposal, oncologist, quorum_reason="Surgeon heard by phone"))
    decision = Decision.objects.get()
    assert (decision.is_quorate, decision.quorum_reason) == (False, "Surgeon heard by phone")
    with override("zh-hans"):
        assert decision.quorum_reason_words == "Surgeon heard by phone", "typed words stay as they were typed"
    assert "reason" not in decision.quorum_basis
    assert decision.quorum_missing == [
        "surgery",
        "hepatobiliary",
        "oncology",
        "radiology",
        "pathology",
        "interventional",
    ]


def test_the_action_asks_for_the_quorum_too(item, proposal, chair, content):
    with pytest.raises(Refused, match="not quorate"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=content)


def test_a_newer_proposal_makes_the_desk_stale_and_a_second_look_records(
    client, item, proposal, chair, oncologist, radiologist, full_room
):
    client.force_login(chair)
    make_finding(item.case, radiologist, {"ascites": False})
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, conditions="Kept words"))
    assert answer.status_code == 409
    assert "New findings came in" in answer.text
    assert "Kept words" in answer.text
    assert not Decision.objects.exists()
    newest = item.case.latest_proposal
    assert f'name="proposal" value="{newest.pk}"' in answer.text
    assert client.post(record_url(item), desk_entries(newest, oncologist)).status_code == 302
    assert Decision.objects.get().proposal == newest


def test_two_at_the_desk_the_second_is_told(client, item, proposal, chair, oncologist, coordinator, decision):
    client.force_login(chair)
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, based_on=0, conditions="Mine"))
    assert answer.status_code == 409
    assert "recorded version 1" in answer.text
    assert "Mine" in answer.text
    assert Decision.objects.count() == 1


def test_recording_again_before_the_signature_supersedes(client, item, proposal, chair, oncologist, decision):
    client.force_login(chair)
    room = reverse("room", args=[item.meeting.reference, item.case.reference])
    assert 'name="based_on" value="1"' in client.get(room, {"step": "decide"}).text
    client.post(record_url(item), desk_entries(proposal, oncologist, based_on=1, conditions="Second thought"))
    newest = Decision.objects.current().get()
    assert (newest.version, newest.supersedes, newest.conditions) == (2, decision, "Second thought")


def test_a_deferral_needs_a_reason_and_sends_the_case_back_once_signed(item, proposal, chair, oncologist, full_room):
    content = content_for(
        proposal, None, category="", options=[], intent="", reason="missing_facts", reason_text="HER2 ISH is pending"
    )
    decision = actions.defer(item=item, by=chair, proposal=proposal, content=content)
    assert (decision.verdict, decision.category) == ("deferred", "")
    actions.sign_decision(decision=decision, by=chair)
    item.case.refresh_from_db()
    assert (item.case.state, item.case.meets_at, item.case.type_confirmed) == (Case.State.REFERRED, None, "")


def test_a_case_taken_off_cannot_be_decided(client, item, proposal, chair, oncologist, content, full_room):
    actions.unlist_case(item=item, by=chair, reason="Wants to wait")
    client.force_login(chair)
    assert client.post(record_url(item), desk_entries(proposal, oncologist)).status_code == 404
    with pytest.raises(actions.ActionError, match="not on the agenda"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=content)


@pytest.mark.parametrize("name", ["decision-record", "decision-amend", "decision-sign"])
def test_a_member_may_not_decide_and_an_outsider_sees_nothing(client, item, surgeon, outsider, name):
    url = reverse(name, args=[item.meeting.reference, item.case.reference])
    client.force_login(surgeon)
    assert client.post(url, {}).status_code == 403
    client.force_login(outsider)
    assert client.post(url, {}).status_code == 404


@pytest.mark.parametrize(
    "entries", [{}, {"proposal": "x"}, {"proposal": "9" * 40, "based_on": "-"}, {"dissents-TOTAL_FORMS": "x"}]
)
def test_a_broken_form_is_answered_with_messages(client, item, chair, entries):
    client.force_login(chair)
    assert client.post(record_url(item), entries).status_code == 422


def test_a_proposal_of_another_case_is_not_found(client, item, case, proposal, chair, oncologist, full_room):
    client.force_login(chair)
    entries = desk_entries(proposal, oncologist, proposal=case.latest_proposal.pk)
    assert client.post(record_url(item), entries).status_code == 404


def test_neither_python_nor_sql_changes_a_recorded_decision(decision):
    decision.category = "III"
    with pytest.raises(AppendOnlyError):
        decision.save()
    with pytest.raises(AppendOnlyError):
        Decision.objects.update(category="III")
    with pytest.raises(AppendOnlyError):
        decision.delete()
    guards.install(connection)
    for sql in (
        "UPDATE meetings_decision SET category = 'III'",
        "DELETE FROM meetings_chosenoption",
        "UPDATE meetings_attendancemark SET is_present = is_remote",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Decision.objects.get().category == "I"


def test_a_stale_desk_is_told_so_also_where_the_other_named_next_steps(
    client, item, proposal, chair, oncologist, surgeon, full_room
):
    due = timezone.localdate() + timedelta(days=5)
    step = {"steps-0-what": "Book laparoscopy", "steps-0-owner": surgeon.pk, "steps-0-due_on": due.isoformat()}
    client.force_login(chair)
    client.post(record_url(item), desk_entries(proposal, oncologist, **step))
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, intent="palliative"))
    assert answer.status_code == 409
    assert "recorded version 1" in answer.text
    again = desk_entries(proposal, oncologist, based_on=1, **{"steps-INITIAL_FORMS": 1})
    assert client.post(record_url(item), again).status_code == 302
    assert not Decision.objects.get(version=2).next_steps.exists()


def test_a_next_step_is_not_due_before_the_meeting_and_today(client, item, proposal, chair, oncologist, full_room):
    client.force_login(chair)
    yesterday = timezone.localdate() - timedelta(days=1)
    step = {"steps-0-what": "Book", "steps-0-owner": chair.pk, "steps-0-due_on": yesterday.isoformat()}
    answer = client.post(record_url(item), desk_entries(proposal, oncologist, **step))
    assert answer.status_code == 422
    assert "cannot be due before" in answer.text
    late = content_for(proposal, oncologist, next_steps=[Step("Book", chair, yesterday)])
    with pytest.raises(Refused, match="cannot be due before"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=late)
    assert not Decision.objects.exists()
