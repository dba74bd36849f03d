"""A case of another team of the hospital, opened in an emergency: to read, for some hours, and never in silence."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.people import actions
from mdt.people.models import EmergencyAccess, Role
from tests.builders import complete_case, make_team, make_user
from tests.clock import Clock

pytestmark = pytest.mark.django_db

REASON = "Bleeding, in the emergency department now"


@pytest.fixture
def colleague(team):
    """Treats patients in another team of the same hospital."""
    other = make_team("hb", hospital=team.hospital)
    return make_user("colleague", discipline="surgery", team=other, roles=(Role.MEMBER,))


def ask(client, reference, reason=REASON):
    return client.post(reverse("emergency-access"), {"reference": reference, "reason": reason})


def test_a_colleague_reads_it_for_four_hours_and_the_auditors_are_told(
    client, case, colleague, team, auditor, chair, surgeon, monkeypatch
):
    clock = Clock(timezone.now())
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    client.force_login(colleague)
    page = reverse("case", args=[case.reference])
    assert client.get(page).status_code == 404
    assert ask(client, f" {case.reference.lower()} ").url == page
    shown = client.get(page)
    assert case.patient.name in shown.text
    assert REASON in shown.text
    for name in ("case-findings", "case-history", "what-if"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 200, name
    told = Message.objects.filter(kind="emergency")
    assert {message.to for message in told} == {auditor, chair}
    assert all(case.patient.name not in message.body + message.subject for message in told)
    lines = Event.objects.filter(kind=Kind.CASE_OPENED_IN_EMERGENCY)
    assert {line.team for line in lines} == {team, colleague.teams.get()}
    assert lines.get(team=team).data["reason"] == REASON
    clock.pass_minutes(4 * 60 - 1)
    client.force_login(colleague)
    assert client.get(page).status_code == 200
    clock.pass_minutes(2)
    assert client.get(page).status_code == 404
    client.force_login(surgeon)
    assert REASON in client.get(page).text, "it stays on the case"


def test_it_opens_nothing_but_reading_and_no_other_case(client, case, colleague, team, coordinator):
    client.force_login(colleague)
    ask(client, case.reference)
    for name in ("finding-new", "referral-change", "case-close", "case-events"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 404, name
    assert client.post(reverse("assumption-confirm", args=[case.reference])).status_code in (404, 405)
    from tests.builders import make_case

    second = make_case(team=team, by=coordinator)
    assert client.get(second.get_absolute_url()).status_code == 404
    assert case.reference not in client.get(reverse("queue")).text


def test_only_who_opened_it_may_read(client, case, colleague):
    client.force_login(colleague)
    ask(client, case.reference)
    client.force_login(make_user("other", team=colleague.teams.get()))
    assert client.get(case.get_absolute_url()).status_code == 404


def test_another_hospital_and_a_case_that_is_none_are_refused_alike(client, case, outsider):
    client.force_login(outsider)
    answers = [ask(client, case.reference), ask(client, "GC-1999-0001")]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("No other team of your hospital has this case." in answer.text for answer in answers)
    assert Event.objects.filter(kind=Kind.EMERGENCY_REFUSED).count() == 2
    assert not EmergencyAccess.objects.exists()
    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_treats_no_patients_cannot_ask(client, case, team, role):
    client.force_login(make_user("clerk", team=make_team("hb", hospital=team.hospital), roles=(role,)))
    assert client.get(reverse("emergency-access")).status_code == 403
    assert ask(client, case.reference).status_code == 403


def test_a_reason_is_needed(client, case, colleague):
    client.force_login(colleague)
    assert ask(client, case.reference, "because").status_code == 422
    assert not EmergencyAccess.objects.exists()


def test_the_row_cannot_be_rewritten(client, case, colleague):
    client.force_login(colleague)
    ask(client, case.reference)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_emergencyaccess SET reason = 'none'")


def test_leaving_the_hospital_ends_nothing_but_the_rest_of_the_hours_is_lost_with_the_account(client, case, colleague):
    client.force_login(colleague)
    ask(client, case.reference)
    actions.deactivate_person(person=colleague, by=make_user("boss", is_superuser=True))
    assert client.get(case.get_absolute_url()).status_code == 302


def test_the_team_of_a_complete_case_sees_no_notice_where_nobody_came(client, case, coordinator, surgeon):
    complete_case(case, coordinator)
    client.force_login(surgeon)
    assert "Emergency access:" not in client.get(case.get_absolute_url()).text


@pytest.mark.parametrize(("held", "added"), [(Role.AUDITOR, "administrator"), (Role.ADMINISTRATOR, "auditor")])
def test_nobody_audits_and_administers(team, admin, held, added):
    person = make_user("two-hats", team=make_team("hb"), roles=(held,))
    with pytest.raises(actions.PeopleError, match="cannot audit and administer"):
        actions.add_member(team=team, by=admin, person=person, roles=[added])


def test_no_superuser_audits(team, admin):
    with pytest.raises(actions.PeopleError, match="cannot audit and administer"):
        actions.add_member(team=team, by=admin, person=make_user("root", is_superuser=True), roles=["auditor"])
