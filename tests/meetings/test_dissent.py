"""A member disagrees in one action; nothing that was said is lost, and nothing that was signed is changed."""

from dataclasses import replace

import pytest

from mdt.duties.models import Duty
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.actions import Disagreement, Refused
from mdt.meetings.actions.signed_shapes import digest_of, signed_content
from mdt.meetings.models import Decision, Dissent, SignOff

pytestmark = pytest.mark.django_db


def disagree(decision, by, reason="Cytology first", **fields) -> Dissent:
    return actions.record_dissent(**{"decision": decision, "by": by, "reason": reason, **fields})


def current() -> Decision:
    return Decision.objects.current().get()


def test_a_member_disagrees_by_name_with_reason_and_category(decision, pathologist):
    dissent = disagree(decision, pathologist, category="II")
    assert (dissent.person, dissent.entered_by, dissent.category) == (pathologist, pathologist, "II")
    assert dissent.is_own_words
    assert not dissent.is_addendum
    event = Event.objects.get(kind=Kind.DISSENT_RECORDED)
    assert (event.by, event.data["person"], event.data["version"]) == (pathologist, pathologist.pk, 1)


def test_a_second_click_writes_nothing_twice_and_another_reason_does(decision, pathologist):
    disagree(decision, pathologist)
    disagree(decision, pathologist)
    disagree(decision, pathologist, "And HER2 is open")
    assert decision.dissents.count() == 2


def test_the_chair_records_one_for_a_member_who_speaks_up(decision, chair, pathologist):
    dissent = disagree(decision, chair, person=pathologist)
    assert (dissent.person, dissent.entered_by, dissent.is_own_words) == (pathologist, chair, False)


def test_recording_anew_loses_no_dissent_that_a_member_entered(
    item, decision, proposal, content, chair, surgeon, pathologist
):
    disagree(decision, pathologist)
    by_chair = [Disagreement(surgeon, "Peripheral lesions")]
    actions.record_decision(
        item=item, by=chair, proposal=proposal, content=replace(content, dissents=by_chair), based_on=1
    )
    rows = {row.person: row for row in current().dissents.all()}
    assert set(rows) == {surgeon, pathologist}
    assert rows[pathologist].carried_from == decision.dissents.get()
    assert rows[pathologist].said_at == decision.dissents.get().said_at
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=2)
    assert [row.person for row in current().dissents.all()] == [pathologist]


def test_what_was_taken_back_stays_but_does_not_go_on(item, decision, proposal, content, chair, pathologist):
    dissent = disagree(decision, pathologist)
    with pytest.raises(actions.ActionError, match="Only who disagreed"):
        actions.withdraw_dissent(dissent=dissent, by=chair)
    actions.withdraw_dissent(dissent=dissent, by=pathologist, reason="Cytology is in")
    with pytest.raises(actions.ActionError, match="already"):
        actions.withdraw_dissent(dissent=dissent, by=pathologist)
    assert decision.dissents.get().withdrawal.reason == "Cytology is in"
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=1)
    assert not current().dissents.exists()


def test_a_carried_dissent_is_withdrawn_where_it_stands_now(item, decision, proposal, content, chair, pathologist):
    dissent = disagree(decision, pathologist)
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=1)
    with pytest.raises(actions.StaleForm):
        actions.withdraw_dissent(dissent=dissent, by=pathologist)
    actions.withdraw_dissent(dissent=current().dissents.get(), by=pathologist)


def test_who_read_an_older_version_is_told_of_the_newer(item, decision, proposal, content, chair, pathologist):
    actions.record_decision(item=item, by=chair, proposal=proposal, content=content, based_on=1)
    with pytest.raises(actions.StaleForm, match="Version 2"):
        disagree(decision, pathologist)


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"reason": " "}, "reason"), ({"reason": "x" * 1001}, "reason"), ({"category": "X"}, "category")],
)
def test_what_cannot_be_recorded_is_refused_with_its_field(decision, pathologist, fields, field):
    with pytest.raises(Refused) as refused:
        disagree(decision, pathologist, **fields)
    assert refused.value.field == field
    assert not Dissent.objects.exists()


def test_somebody_of_another_team_has_no_say(decision, chair, outsider):
    with pytest.raises(actions.ActionError, match="does not belong"):
        disagree(decision, chair, person=outsider)


# --- The signature ------------------------------------------------------------------------------------------------


def test_a_dissent_before_the_signature_is_signed_and_one_after_leaves_it_whole(signed, pathologist, oncologist):
    before = SignOff.objects.get().digest
    Duty.objects.all().delete()
    dissent = disagree(signed, pathologist)
    assert dissent.is_addendum
    signed = Decision.objects.get()
    assert digest_of(signed) == signed.sign_off.digest == before
    actions.withdraw_dissent(dissent=dissent, by=pathologist)
    assert digest_of(Decision.objects.get()) == before
    assert Duty.objects.filter(kind="prepare-letters").exists()


def test_the_chair_signs_what_was_on_the_screen_also_of_dissents(decision, chair, pathologist):
    shown = digest_of(decision)
    disagree(decision, pathologist)
    with pytest.raises(actions.StaleForm, match="dissent"):
        actions.sign_decision(decision=decision, by=chair, digest=shown)
    actions.sign_decision(decision=decision, by=chair, digest=digest_of(Decision.objects.get()))


def test_an_addendum_becomes_part_of_the_amendment_that_follows(signed, content, chair, pathologist):
    disagree(signed, pathologist)
    amended = actions.amend_decision(decision=signed, by=chair, amendment_reason="Typing error", content=content)
    assert [row.is_addendum for row in amended.dissents.all()] == [False]
    actions.sign_decision(decision=amended, by=chair)
    assert digest_of(current()) == current().sign_off.digest


def test_a_decision_signed_in_the_first_shape_still_verifies(signed, chair, pathologist):
    """Signatures from before the checklist covered less: their digest is computed as it was then."""
    digest = digest_of(signed, shape=1)
    assert "checklist" not in signed_content(signed, 1)
    old = SignOff(decision=signed, signed_by=chair, shape=1, digest=digest)
    signed.sign_off = old
    assert digest_of(signed) == digest
    disagree(Decision.objects.get(), pathologist)
    assert digest_of(signed) == digest


@pytest.mark.parametrize(
    "column", ['checklist = \'{"stage": "no"}\'', "preference = 'forged'", "comorbidity = 'forged'"]
)
def test_the_new_parts_are_under_the_seal(signed, column):
    from django.db import connection

    from mdt.events import guards

    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE meetings_decision SET {column}")
    guards.install(connection)
    changed = Decision.objects.get()
    assert digest_of(changed) != changed.sign_off.digest
