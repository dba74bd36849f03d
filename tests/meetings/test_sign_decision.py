"""The chair signs; then only an amendment, as a new version with its reason, changes anything."""

from datetime import timedelta

import pyotp
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions import close_case
from cases.models import Case
from mdt.duties.models import Duty
from mdt.events import guards
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions.signed_shapes import digest_of
from mdt.meetings.models import AgendaItem, Decision, SignOff
from mdt.people.actions import begin_second_factor, confirm_second_factor
from tests.builders import make_finding
from tests.clock import Clock
from tests.meetings.builders import content_for, desk_entries, plan

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def url(name, decision):
    return reverse(name, args=[decision.meeting.reference, decision.case.reference])


def test_the_chair_signs_with_the_password(client, decision, chair):
    client.force_login(chair)
    answer = client.post(url("decision-sign", decision), {"version": 1, "password": PASSWORD})
    assert answer.status_code == 302
    sign_off = SignOff.objects.get()
    assert (sign_off.decision, sign_off.signed_by) == (decision, chair)
    assert sign_off.digest == digest_of(Decision.objects.get())
    decision.case.refresh_from_db()
    assert (decision.case.state, decision.case.type_confirmed) == (Case.State.SIGNED, "I")
    assert AgendaItem.objects.get().state == AgendaItem.State.DISCUSSED
    event = Event.objects.get(kind=Kind.DECISION_SIGNED)
    assert (event.by, event.data["digest"]) == (chair, sign_off.digest)
    assert Duty.objects.get(kind="prepare-letters").subject == f"meetings.Decision:{decision.pk}"


def test_a_wrong_password_signs_nothing(client, decision, chair):
    client.force_login(chair)
    answer = client.post(url("decision-sign", decision), {"version": 1, "password": "guess"})
    assert answer.status_code == 422
    assert "This is not your password" in answer.text
    assert not SignOff.objects.exists()
    assert not Duty.objects.filter(kind="prepare-letters").exists()


def test_only_a_chair_signs(client, decision, coordinator):
    client.force_login(coordinator)
    answer = client.post(url("decision-sign", decision), {"version": 1, "password": PASSWORD})
    assert answer.status_code == 403
    with pytest.raises(actions.ActionError, match="Only a chair"):
        actions.sign_decision(decision=decision, by=coordinator)
    assert not SignOff.objects.exists()


def test_a_second_signature_is_refused(client, signed, chair):
    client.force_login(chair)
    answer = client.post(url("decision-sign", signed), {"version": 1, "password": PASSWORD})
    assert answer.status_code == 422
    assert "signed already" in answer.text
    assert SignOff.objects.count() == 1


def test_the_chair_signs_what_was_on_the_screen(client, item, decision, proposal, content, chair, coordinator):
    actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content, based_on=1)
    client.force_login(chair)
    answer = client.post(url("decision-sign", decision), {"version": 1, "password": PASSWORD})
    assert answer.status_code == 409
    assert "newer version" in answer.text
    assert not SignOff.objects.exists()
    assert client.post(url("decision-sign", decision), {"version": "x", "password": PASSWORD}).status_code == 404


def test_a_signed_decision_is_not_recorded_again(item, signed, proposal, content, chair):
    with pytest.raises(actions.ActionError, match="only be amended"):
        actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=1)
    assert Decision.objects.count() == 1


def test_an_unsigned_decision_is_not_amended(client, decision, content, chair):
    with pytest.raises(actions.ActionError, match="not signed yet"):
        actions.amend_decision(decision=decision, by=chair, amendment_reason="Typo", content=content)
    client.force_login(chair)
    assert client.get(url("decision-amend", decision)).status_code == 302


def test_an_amendment_is_a_new_version_with_a_reason_and_is_signed_anew(client, signed, proposal, chair, oncologist):
    client.force_login(chair)
    entries = desk_entries(proposal, oncologist, based_on=1, conditions="Only after cytology")
    answer = client.post(url("decision-amend", signed), entries)
    assert answer.status_code == 422
    assert "Say why the signed decision is amended" in answer.text
    answer = client.post(url("decision-amend", signed), {**entries, "amendment_reason": "Condition was forgotten"})
    assert answer.status_code == 302
    amended = Decision.objects.current().get()
    assert (amended.version, amended.supersedes, amended.amendment_reason) == (2, signed, "Condition was forgotten")
    assert amended.proposal == proposal
    assert not amended.is_signed
    signed.case.refresh_from_db()
    assert signed.case.state == Case.State.DECIDED
    assert Event.objects.get(kind=Kind.DECISION_AMENDED).by == chair
    actions.sign_decision(decision=amended, by=chair)
    third = actions.amend_decision(
        decision=amended,
        by=chair,
        amendment_reason="Type read again",
        content=content_for(proposal, oncologist, category="II", reason="imaging_reread", reason_text="Second lesion"),
    )
    assert [row.version for row in Decision.objects.order_by("version")] == [1, 2, 3]
    page = client.get(reverse("decision", args=[signed.meeting.reference, signed.case.reference, 3])).text
    assert "Condition was forgotten" in page
    assert "<ins>Only after cytology</ins>" in page
    assert client.get(reverse("decision", args=[signed.meeting.reference, signed.case.reference, 1])).status_code == 200
    assert third.supersedes == amended


def test_two_amendments_at_once_the_second_is_told(client, signed, proposal, content, chair, oncologist):
    actions.amend_decision(decision=signed, by=chair, amendment_reason="Typo", content=content)
    client.force_login(chair)
    with pytest.raises(actions.StaleForm):
        actions.amend_decision(decision=signed, by=chair, amendment_reason="Other typo", content=content)
    assert Decision.objects.count() == 2


def test_a_closed_case_is_reopened_before_an_amendment(signed, content, chair):
    signed.case.refresh_from_db()
    close_case(case=signed.case, by=chair, reason="Treated elsewhere")
    with pytest.raises(actions.ActionError, match="Reopen"):
        actions.amend_decision(decision=signed, by=chair, amendment_reason="Typo", content=content)


def test_amending_leaves_a_case_on_its_later_agenda(team, signed, content, coordinator, chair):
    signed.case.refresh_from_db()
    actions.list_case(meeting=plan(team, coordinator), case=signed.case, by=coordinator)
    amended = actions.amend_decision(decision=signed, by=chair, amendment_reason="Typo", content=content)
    actions.sign_decision(decision=amended, by=chair)
    signed.case.refresh_from_db()
    assert signed.case.state == Case.State.LISTED


def test_a_signature_cannot_be_taken_back_by_sql(signed):
    guards.install(connection)
    for sql in (
        "DELETE FROM meetings_signoff",
        "UPDATE meetings_signoff SET digest = ''",
        "DELETE FROM meetings_decision",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert SignOff.objects.get().digest == digest_of(Decision.objects.get())


def test_a_change_past_the_guards_is_seen_on_the_page(client, signed, chair):
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE meetings_decision SET conditions = 'forged'")
    client.force_login(chair)
    page = client.get(reverse("decision", args=[signed.meeting.reference, signed.case.reference, 1]))
    assert "does not fit the content" in page.text
    guards.install(connection)


def test_guessing_the_password_is_logged_and_locked_out(client, decision, chair, settings):
    client.force_login(chair)
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(url("decision-sign", decision), {"version": 1, "password": "guess"})
    assert answer.status_code == 429
    answer = client.post(url("decision-sign", decision), {"version": 1, "password": PASSWORD})
    assert answer.status_code == 429
    assert not SignOff.objects.exists()
    assert Event.objects.filter(kind=Kind.SIGN_IN_FAILED, team=decision.case.team).exists()


def test_the_chair_sees_that_findings_came_in_since_it_was_recorded(client, decision, chair, coordinator):
    client.force_login(chair)
    words = "New findings came in after this decision was recorded"
    assert words not in client.get(url("room", decision)).text
    make_finding(decision.case, coordinator, {"peritoneum": "P1"}, discipline="surgery")
    assert words in client.get(url("room", decision)).text


def test_an_unsigned_amendment_can_be_corrected_and_two_amendments_do_not_pass_each_other(
    client, signed, chair, oncologist
):
    client.force_login(chair)
    entries = desk_entries(signed.proposal, oncologist, based_on=1, amendment_reason="Typing error")
    assert client.post(url("decision-amend", signed), entries).status_code == 302
    other = {**entries, "intent": "palliative", "amendment_reason": "Asked again"}
    answer = client.post(url("decision-amend", signed), other)
    assert answer.status_code == 409
    assert "Asked again" in answer.text
    assert client.post(url("decision-amend", signed), {**other, "based_on": 2}).status_code == 302
    newest = Decision.objects.get(version=3)
    assert (newest.intent, newest.amendment_reason) == ("palliative", "Asked again")
    assert "Sign version 3" in client.get(url("room", signed)).text


def test_an_amendment_of_a_closed_case_is_refused_with_words(client, signed, chair, coordinator, oncologist):
    close_case(case=signed.case, by=coordinator, reason="moved away")
    client.force_login(chair)
    entries = desk_entries(signed.proposal, oncologist, based_on=1, amendment_reason="Typing error")
    answer = client.post(url("decision-amend", signed), entries, follow=True)
    assert "cannot be amended now" in answer.text
    assert Decision.objects.count() == 1


def signs(client, decision, password, version):
    return client.post(url("decision-sign", decision), {"version": version, "password": password}).status_code


def test_a_signature_asks_for_nothing_for_three_minutes_after_another(client, decision, chair, monkeypatch):
    clock = Clock(timezone.now())
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    client.force_login(chair)
    assert signs(client, decision, "", 1) == 422, "having signed in is not enough"
    client.post(url("decision-sign", decision), {"version": 7, "password": PASSWORD})  # no such version: nothing signed
    clock.pass_minutes(2)
    page = client.get(url("room", decision), {"step": "sign"}).text
    assert "not asked until" in page
    clock.pass_minutes(2)
    assert signs(client, decision, "", 1) == 422
    assert "not asked until" not in client.get(url("room", decision), {"step": "sign"}).text
    client.post(url("decision-sign", decision), {"version": 7, "password": PASSWORD})
    assert signs(client, decision, "", 1) == 302
    assert SignOff.objects.exists()


def test_a_code_of_the_second_factor_signs_too_and_only_once(client, decision, chair, settings):
    settings.SIGN_MINUTES = 0
    factor = begin_second_factor(person=chair)
    codes, now = pyotp.TOTP(factor.secret), timezone.now()
    earlier = codes.at(now - timedelta(seconds=30))
    confirm_second_factor(person=chair, code=earlier)
    client.force_login(chair)
    assert "or a code" in client.get(url("room", decision), {"step": "sign"}).text
    assert signs(client, decision, "000000", 1) == 422
    assert signs(client, decision, earlier, 1) == 422, "it was used to set the app up"
    assert signs(client, decision, codes.at(now), 1) == 302
    failed = Event.objects.filter(kind=Kind.SIGN_IN_FAILED).latest("number")
    assert failed.data["what"] == "code"
