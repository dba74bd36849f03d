"""What became of a decision, reported by the link in its letter or by a member; a deviation can bring the case back."""

import re
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.audit.followup import actions as followup
from mdt.audit.models import ImplementationReport
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.models import Decision
from mdt.meetings.outcome import report_link
from tests.meetings.conftest import *  # noqa: F403 - the fixtures of a meeting with a decision

pytestmark = pytest.mark.django_db
SAID = {
    "status": "different",
    "reason": "patient_choice",
    "text": "Chose treatment near home.",
    "reporter_name": "Dr Bai Lu",
    "reporter_contact": "ward 7, 3311",
}


@pytest.fixture
def decided(signed):
    return Decision.objects.select_related("case__team", "meeting__team", "sign_off").get(pk=signed.pk)


def url(decision):
    return reverse("report-by-link", args=[report_link.token_of(decision)])


def test_the_link_opens_a_form_that_shows_one_line_and_no_patient(client, decided):
    answer = client.get(url(decided))
    assert answer.status_code == 200
    text = answer.text
    assert decided.case.reference in text
    for secret in (decided.case.patient.name, decided.case.patient.hospital_number, decided.case.question):
        assert secret not in text
    assert answer["Referrer-Policy"] == "same-origin", "to no other site; without any, the form could not be sent"
    assert "no-store" in answer["Cache-Control"]
    assert not re.search(r'href="/(cases|meetings)/', text), "nothing leads into the case"


def test_the_form_says_how_treatment_that_goes_on_is_reported(client, decided):
    said = " ".join(client.get(url(decided)).text.split())
    assert "Under way as decided, with a part still to come: report it as carried out as decided." in said


def test_a_deviation_by_link_is_kept_told_and_brings_the_case_back(client, decided, coordinator, chair):
    assert client.post(url(decided), {**SAID, "asks_again": "on"}).status_code == 200
    report = ImplementationReport.objects.get()
    assert (report.status, report.reason, report.reported_by, report.is_by_link) == (
        "different", "patient_choice", None, True,
    )  # fmt: skip
    case = Case.objects.get()
    assert case.state == Case.State.REFERRED
    assert "Chose treatment near home." in Event.objects.get(kind=Kind.CASE_REOPENED).data["reason"]
    assert Event.objects.get(kind=Kind.IMPLEMENTATION_REPORTED).by is None
    told = Message.objects.filter(kind="deviation")
    assert {message.to for message in told} == {coordinator, chair}
    for message in told:
        assert case.reference in message.subject
        assert case.patient.name not in message.subject + message.body
        assert "near home" not in message.body


def test_what_went_as_decided_leaves_the_case_where_it_is(client, decided):
    said = {**SAID, "status": "full", "reason": "", "treatment_started_on": timezone.localdate().isoformat()}
    client.post(url(decided), said)
    assert Case.objects.get().state == Case.State.SIGNED
    assert ImplementationReport.objects.get().treatment_started_on == timezone.localdate()


@pytest.mark.parametrize("missing", ["status", "reason", "reporter_name", "reporter_contact"])
def test_a_deviation_says_what_why_and_who(client, decided, missing):
    assert client.post(url(decided), {**SAID, missing: ""}).status_code == 422
    assert not ImplementationReport.objects.exists()


def test_another_reason_needs_words_and_no_treatment_begins_tomorrow(client, decided):
    assert client.post(url(decided), {**SAID, "reason": "other", "text": ""}).status_code == 422
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert client.post(url(decided), {**SAID, "treatment_started_on": tomorrow}).status_code == 422
    assert not ImplementationReport.objects.exists()


def test_every_changed_sign_of_the_link_spoils_it(client, decided):
    token = report_link.token_of(decided)
    for place, sign in enumerate(token):
        if sign == "-":
            continue
        for other in ("0" if sign != "0" else "1", "Z" if sign != "Z" else "Y"):
            changed = token[:place] + other + token[place + 1 :]
            assert report_link.read(changed) is None, (place, other)
    assert client.get(reverse("report-by-link", args=[changed])).status_code == 404
    assert client.post(reverse("report-by-link", args=[changed]), SAID).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 26, "🙂" * 26, "A" * 400, "----", "U" * 26])
def test_what_is_no_link_is_not_found(client, decided, token):
    assert client.get(reverse("report-by-link", args=[token])).status_code == 404


def test_a_link_typed_from_paper_is_read(decided):
    token = report_link.token_of(decided)
    typed = token.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert report_link.read(typed) == report_link.read(token)
    assert report_link.read(token).decision_id == decided.pk


def test_a_link_is_of_this_installation_and_survives_a_change_of_its_key(decided, settings):
    token, old = report_link.token_of(decided), settings.SECRET_KEY
    settings.SECRET_KEY = "another-" * 6
    assert report_link.read(token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert report_link.read(token).decision_id == decided.pk


def test_after_its_last_day_the_link_says_so_and_keeps_nothing(client, decided, settings):
    last = report_link.last_day_of(decided)
    for day, status in ((last, 200), (last + timedelta(days=1), 410)):
        moment = timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))
        with mock.patch.object(timezone, "now", return_value=moment):
            assert client.get(url(decided)).status_code == status
            if status == 410:
                assert client.post(url(decided), SAID).status_code == 410
    assert not ImplementationReport.objects.exists()


def test_after_an_amendment_the_link_speaks_of_the_newest_signed_version(
    client, decided, content, coordinator, chair, surgeon
):
    old = url(decided)
    for number in (2, 3):
        newest = Decision.objects.order_by("-version").first()
        newer = actions.amend_decision(
            decision=newest,
            by=coordinator,
            amendment_reason="Corrected",
            content=replace(content, rationale=f"Corrected, {number}."),
        )
        assert f"version {number - 1}" in client.get(old).text, "not signed yet"
        actions.sign_decision(decision=newer, by=chair)
        assert f"version {number}" in client.get(old).text
    client.post(old, SAID)
    assert ImplementationReport.objects.get().decision.version == 3


def test_a_double_click_is_one_report(client, decided):
    for _click in range(2):
        assert client.post(url(decided), SAID).status_code == 200
    assert ImplementationReport.objects.count() == 1
    assert Event.objects.filter(kind=Kind.IMPLEMENTATION_REPORTED).count() == 1


def test_too_many_reports_are_refused_until_an_hour_has_passed(client, decided):
    for number in range(followup.MOST_BY_LINK):
        assert client.post(url(decided), {**SAID, "text": f"No. {number}"}).status_code == 200
    assert client.post(url(decided), {**SAID, "text": "One more"}).status_code == 429
    assert ImplementationReport.objects.count() == followup.MOST_BY_LINK
    with mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(minutes=61)):
        assert client.post(url(decided), {**SAID, "text": "One more"}).status_code == 200


def test_a_member_reports_with_one_click_and_no_name(client, decided, surgeon, chair):
    client.force_login(surgeon)
    page = reverse("implementation-report", args=[decided.meeting.reference, decided.case.reference, 1])
    assert page in client.get(reverse("decision", args=[decided.meeting.reference, decided.case.reference, 1])).text
    assert client.post(page, {"status": "partial", "reason": "toxicity"}).status_code == 302
    assert ImplementationReport.objects.get().reported_by == surgeon
    text = client.get(reverse("decision", args=[decided.meeting.reference, decided.case.reference, 1])).text
    assert "carried out in part" in text


def test_an_auditor_reads_and_does_not_report(client, decided, auditor):
    client.force_login(auditor)
    page = reverse("implementation-report", args=[decided.meeting.reference, decided.case.reference, 1])
    assert client.get(page).status_code == 403


def test_a_case_that_is_in_the_queue_already_stays_there(client, decided, coordinator, chair):
    client.post(url(decided), {**SAID, "asks_again": "on"})
    client.post(url(decided), {**SAID, "text": "Again.", "asks_again": "on"})
    assert Event.objects.filter(kind=Kind.CASE_REOPENED).count() == 1


def test_nothing_is_reported_of_what_nobody_signed(decision, surgeon):
    with pytest.raises(actions.ActionError, match="signed"):
        followup.report_implementation(decision=decision, by=surgeon, status="full")


def test_a_report_is_written_once(client, decided):
    client.post(url(decided), SAID)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_implementationreport SET status = 'full'")
