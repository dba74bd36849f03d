"""Erasing a patient by order: nothing of them is left, the log still proves itself, and figures say what is missing."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases.actions.errors import ActionError
from cases.actions.projection import project
from cases.models import Case, Finding, Patient
from mdt.audit.rows.actions import catch_up, rebuild
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.events.kinds import Kind
from mdt.events.models import ErasureWindow, Event
from mdt.events.verification import What, verify
from mdt.meetings.models import AgendaItem, ErasedItem, Sitting
from mdt.people.models import Role
from mdt.privacy import actions
from mdt.privacy.models import Erasure
from mdt.privacy.reach import named_elsewhere, reach_of
from tests.builders import make_case, make_user
from tests.test_urls import world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def ask(case, officer, **fields):
    return actions.ask_erasure(
        **{
            **{"case": case, "by": officer, "asked_by": "patient", "right": "gdpr-17"},
            **{"asked_on": timezone.localdate(), "text": "By letter.", **fields},
        }
    )


def grant(case, officer):
    request = ask(case, officer)
    actions.decide_erasure(
        request=request, by=officer, outcome="granted", parts=[], exceptions=[], reason="No ground to keep it."
    )
    request.refresh_from_db()
    return request


def erase(case, officer, chair):
    return actions.carry_out(request=grant(case, officer), by=chair, reference=case.reference)


def everything_in_the_database():
    """Every cell of every table, by table."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                for cell in row:
                    yield model._meta.label, bytes(cell) if isinstance(cell, memoryview) else cell


def places_of(*words):
    return {
        label
        for label, cell in everything_in_the_database()
        for word in words
        if (isinstance(cell, bytes) and word.encode() in cell) or (not isinstance(cell, bytes) and word in str(cell))
    }


def test_nothing_of_an_erased_patient_is_left_in_any_column(world, officer, chair):  # noqa: F811
    case = world["case"]
    number, question = case.patient.hospital_number, case.question
    # The world has a message that says one word of the name, in a text about no case.
    elsewhere = {"mail.Message"}
    case.patient.name = f"曾建国 {case.patient.name}"  # found by its sound as well
    case.patient.save()
    project(case=case)
    assert places_of("zengjianguo") == {"cases.Case"}
    assert {"cases.Patient", "cases.Case"} <= places_of(case.patient.name, number)
    done = erase(case, officer, chair)
    assert places_of("Unmistakable", number) <= elsewhere
    assert places_of("zengjianguo", "曾建国") == set()
    assert done.elsewhere == []
    assert places_of(question) == set()
    assert not Patient.objects.exists()
    assert not Case.objects.exists()
    assert not Finding.objects.exists()
    # The reference is left as the name of what was erased.
    of_the_office = {"privacy.ErasureRequest", "privacy.Erasure", "privacy.LegalHold", "privacy.Restriction"}
    of_the_office |= {"privacy.Notice"}
    assert places_of(case.reference) <= {"events.Event", "people.EmergencyAccess"} | of_the_office


def test_the_log_still_proves_itself_and_says_what_an_order_took(world, officer, chair):  # noqa: F811
    lines = Event.objects.count()
    done = erase(world["case"], officer, chair)
    verdict = verify()
    assert verdict.is_whole, [*map(str, verdict.faults), verdict.broken_at]
    (erased,) = verdict.erased
    assert erased.order == done.request_id
    assert erased.lines == done.lines > 10
    assert erased.rows > 20
    assert verdict.checked == Event.objects.count() > lines
    line = Event.objects.get(kind=Kind.CASE_REFERRED)
    assert line.data == {"erased_by_order": done.request_id}
    assert not any(name.startswith("cases.") for name in line.rows)
    assert line.by is not None, "who and when stay"
    assert line.case_reference == world["case"].reference


def test_a_line_that_is_changed_after_the_erasure_is_tampered_with_not_erased(world, officer, chair):  # noqa: F811
    erase(world["case"], officer, chair)
    line = Event.objects.get(kind=Kind.CASE_REFERRED)
    tamper("events_event", "data", json.dumps({"erased_by_order": 1, "more": "said"}), line.pk)
    assert verify().broken_at == line.number


def test_a_line_that_no_order_names_is_not_taken_for_erased(world, officer, chair):  # noqa: F811
    erase(world["case"], officer, chair)
    line = Event.objects.filter(kind=Kind.SERIES_STARTED).get()
    tamper("events_event", "data", json.dumps({"erased_by_order": 1}), line.pk)
    assert verify().broken_at == line.number


def test_an_erased_row_that_comes_back_is_not_in_the_log(world, officer, chair):  # noqa: F811
    patient = Patient.objects.get()
    kept = Patient(pk=patient.pk, team=patient.team, hospital_number="H9", name="Back", born_on=patient.born_on)
    erase(world["case"], officer, chair)
    from django.db import models

    models.QuerySet(Patient).bulk_create([kept])
    assert [(fault.row, fault.what) for fault in verify().faults] == [(f"cases.Patient:{kept.pk}", What.NOT_IN_LOG)]


def tamper(table, column, value, key):
    from mdt.events import guards

    guards.remove(connection, [table])
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{table}" SET {column} = %s WHERE id = %s', [value, key])
    guards.install(connection, [table])


def test_the_guards_hold_before_and_after_and_a_window_left_open_is_a_fault(world, officer, chair):  # noqa: F811
    other = make_case(team=world["team"], by=chair)
    erase(world["case"], officer, chair)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_event")
    ErasureWindow.objects.create(order=1)
    assert [fault.what for fault in verify().faults] == [What.LEFT_OPEN]
    assert Case.objects.get() == other, "another patient's case is untouched"


def test_another_patient_of_the_same_meeting_stays_whole(world, officer, chair, coordinator):  # noqa: F811
    from mdt.meetings import actions as meeting_actions
    from tests.meetings.builders import plan

    other = make_case(team=world["team"], by=coordinator)
    meeting = plan(world["team"], coordinator, chair=chair)
    meeting_actions.list_case(meeting=meeting, case=other, by=coordinator, late_reason="Now")
    before = Event.objects.of_case(other.reference).values_list("data", flat=True)
    before = list(before)
    erase(world["case"], officer, chair)
    assert list(Event.objects.of_case(other.reference).values_list("data", flat=True)) == before
    assert verify().is_whole


def test_the_agenda_keeps_a_mark_and_the_figures_say_how_many_are_missing(world, officer, chair, client):  # noqa: F811
    catch_up()
    scope = Scope.of(chair, {}, timezone.localdate() + timedelta(days=30))
    assert "erased" not in scope.in_words()
    done = erase(world["case"], officer, chair)
    assert ErasedItem.objects.get().order == done.request_id
    assert not AgendaItem.objects.exists()
    assert not AuditRow.objects.exists()
    assert rebuild() == 0
    assert "without 1 case that was erased by order" in scope.narrowed().in_words()
    client.force_login(chair)
    page = client.get(world["meeting"].get_absolute_url()).content.decode()
    assert f"Erasure order {done.request_id}" in page
    for name in ("audit", "audit-indicators", "meetings", "queue", "worklist"):
        assert client.get(reverse(name)).status_code == 200


def test_who_could_see_an_erased_case_is_told_so_and_to_others_it_never_was(world, officer, chair, client, outsider):  # noqa: F811
    case, meeting = world["case"], world["meeting"]
    done = erase(case, officer, chair)
    own = f"/cases/{case.reference}/"
    client.force_login(chair)
    in_meeting = reverse("decision", args=[meeting.reference, case.reference, 1])
    assert [client.get(url).status_code for url in (own, f"{own}findings/", in_meeting)] == [410, 410, 410]
    page = client.get(own).content.decode()
    assert f"by order {done.request_id}" in page
    assert "What the law lets us keep" in page
    assert "Unmistakable" not in page
    assert client.get("/cases/GC-1999-9999/").status_code == 404
    # An administrator and the privacy office see no case; somebody of another hospital is told nothing.
    admin = make_user("only-admin", team=world["team"], roles=(Role.ADMINISTRATOR,))
    for person in (outsider, admin, officer, make_user("stranger", discipline="surgery")):
        client.force_login(person)
        gone, never = client.get(own), client.get(f"/cases/{case.reference[:-4]}9999/")
        assert (gone.status_code, never.status_code) == (404, 404)
        token = r'(csrfmiddlewaretoken" value|X-CSRFToken"):?"?=?"[^"]+"'
        words = [re.sub(token, "", each.content.decode()) for each in (gone, never)]
        assert words[0].replace(case.reference, "") == words[1].replace(f"{case.reference[:-4]}9999", ""), person


def test_the_clock_of_the_meeting_stays_without_the_case(world, officer, chair, coordinator):  # noqa: F811

    item = AgendaItem.objects.get()
    Sitting.objects.create(meeting=item.meeting, what="case", item=item, begun_by=coordinator)
    erase(world["case"], officer, chair)
    assert [(row.what, row.item_id) for row in Sitting.objects.all()] == [("nothing", None)]
    assert verify().is_whole


def test_who_decides_does_not_carry_out_and_nothing_is_erased_while_it_is_held(world, officer, chair):  # noqa: F811
    case = world["case"]
    request = grant(case, officer)
    with pytest.raises(ActionError, match="second person"):
        actions.carry_out(request=request, by=officer, reference=case.reference)
    with pytest.raises(ActionError, match="not the case"):
        actions.carry_out(request=request, by=chair, reference="GC-0000-0000")
    hold = actions.place_hold(case=case, by=officer, reason="A claim is pending.")
    with pytest.raises(ActionError, match="legal hold"):
        actions.carry_out(request=request, by=chair, reference=case.reference)
    actions.lift_hold(hold=hold, by=officer, reason="Settled.")
    actions.carry_out(request=request, by=chair, reference=case.reference.lower())
    request.refresh_from_db()
    with pytest.raises(ActionError, match="already"):
        actions.carry_out(request=request, by=chair, reference=case.reference)
    assert Erasure.objects.count() == 1


def test_a_refusal_needs_an_exception_of_the_law_and_erases_nothing(case, officer, chair):
    request = ask(case, officer)
    answer = {"request": request, "by": officer, "reason": "The period runs.", "parts": []}
    with pytest.raises(ActionError, match="exception"):
        actions.decide_erasure(**answer, outcome="refused", exceptions=[])
    with pytest.raises(ActionError, match="policy"):
        actions.decide_erasure(**answer, outcome="refused", exceptions=["because"])
    actions.decide_erasure(**answer, outcome="refused", exceptions=["gdpr-17-3-b"])
    request.refresh_from_db()
    with pytest.raises(ActionError, match="Nothing"):
        actions.carry_out(request=request, by=chair, reference=case.reference)
    line = Event.objects.filter(kind=Kind.ERASURE_DECIDED).first()
    assert line.data["exceptions"] == ["gdpr-17-3-b"]
    assert ask(case, officer).pk != request.pk, "a refused one may be asked again"


def test_granted_in_part_the_record_stays_and_copies_go(world, officer, chair):  # noqa: F811
    case = world["case"]
    request = ask(case, officer)
    answer = {"request": request, "by": officer, "outcome": "partly", "reason": "Kept for care."}
    with pytest.raises(ActionError, match="all or nothing"):
        actions.decide_erasure(**answer, parts=["record"], exceptions=["gdpr-17-3-c"])
    actions.decide_erasure(**answer, parts=["copies", "drafts"], exceptions=["gdpr-17-3-c"])
    request.refresh_from_db()
    findings = Finding.objects.count()
    done = actions.carry_out(request=request, by=chair, reference=case.reference)
    assert done.tables.get("cases.FindingDraft") == 1
    assert Finding.objects.count() == findings
    assert Case.objects.filter(pk=case.pk).exists()
    assert verify().is_whole
    assert Event.objects.get(kind=Kind.CASE_REFERRED).data != {"erased_by_order": request.pk}


def test_texts_that_outlive_the_patient_may_not_name_them(case, officer):
    with pytest.raises(ActionError, match="names them"):
        ask(case, officer, text=f"{case.patient.name} wrote")
    with pytest.raises(ActionError, match="names them"):
        actions.place_hold(case=case, by=officer, reason=f"Claim of {case.patient.hospital_number}")


def test_a_message_about_several_cases_loses_only_its_lines_about_the_erased_one(team, case, officer, chair, surgeon):
    from mdt.mail.actions import post
    from mdt.mail.models import Message

    other = make_case(team=team, by=chair)
    text = f"{case.reference}: histology\n{other.reference}: liver imaging"
    message = post(key="two", kind="reminder", to=surgeon, subject="Two cases", body=text, team=team)
    done = erase(case, officer, chair)
    body = Message.objects.get(pk=message.pk).body.splitlines()
    assert body[0].startswith(f"[erased by order {done.request_id}")
    assert body[1] == f"{other.reference}: liver imaging"
    assert verify().is_whole


def test_two_orders_that_strip_the_same_line_both_hold(team, coordinator, officer, chair):
    from mdt.meetings import actions as meeting_actions
    from tests.meetings.builders import plan

    cases = [make_case(team=team, by=coordinator) for _ in range(2)]
    meeting = plan(team, coordinator, chair=chair)
    for case in cases:
        meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Now")
    # A line of no case that names rows of both.
    from mdt.events.chain import name_rows

    name_rows([("cases.Case", str(case.pk)) for case in cases])
    erase(cases[0], officer, chair)
    assert verify().is_whole
    erase(cases[1], officer, chair)
    verdict = verify()
    assert verdict.is_whole
    assert len(verdict.erased) == 2


@pytest.mark.django_db(transaction=True)
def test_after_a_restore_what_was_erased_is_asked_for_again(team, coordinator, settings):
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    chair = make_user("chair", team=team, roles=(Role.CHAIR,))
    case, other = (make_case(team=team, by=coordinator) for _ in range(2))
    erase(case, officer, chair)
    assert list(actions.say_what_came_back()) == []
    back = make_case(team=team, by=coordinator)
    with open(settings.ERASURE_FILE, "a") as file:
        file.write(f"{actions.ERASED_BEFORE} 7 2026-01-01T00:00:00+0000 {back.reference}\n")
    (sentence,) = actions.say_what_came_back()
    assert back.reference in sentence
    assert list(actions.say_what_came_back()) == [], "asked for once"
    assert other.reference not in sentence


def test_a_patient_named_in_another_case_is_told_to_a_person(team, coordinator, officer, case):
    patient = case.patient
    sister = make_case(
        team=team, by=coordinator, question=f"Sister of {patient.name}, number {patient.hospital_number}"
    )
    assert named_elsewhere(patient, reach_of(patient.pk, ["record"], order=1)) == [
        f"cases.Case:{sister.pk} question",
        f"cases.Case:{sister.pk} search_text",
    ]
