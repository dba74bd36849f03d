"""Psychosocial notes are need to know: on no page, paper, export or pack but their own, and there for a few."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import NotesOpening, PsychosocialNote
from mdt.audit.packs import actions as pack_actions
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.models import AgendaItem, Decision
from mdt.people.models import Role
from tests.builders import make_case, make_user
from tests.test_urls import PAGES, address, content_of, world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
SECRET = "Zebrafinch"
NOTE = f"{SECRET}: afraid of being a burden."


@pytest.fixture
def nurse(team):
    return make_user("nurse", discipline="nursing", team=team, roles=(Role.SUPPORTIVE,))


def page_of(case):
    return reverse("psychosocial", args=[case.reference])


def seen_by(person, case):
    client = Client()
    client.force_login(person)
    answer = client.get(page_of(case))
    return answer.status_code, SECRET in answer.content.decode()


def test_supportive_care_and_the_author_read_a_note_and_nobody_else_of_the_team(
    case, nurse, surgeon, oncologist, chair, auditor, admin, coordinator, outsider
):
    actions.write_note(case=case, by=surgeon, text=NOTE)
    assert seen_by(nurse, case) == (200, True)
    assert seen_by(surgeon, case) == (200, True)
    for person in (oncologist, chair, coordinator):
        assert seen_by(person, case) == (200, False), person
    for person, status in ((auditor, 403), (admin, 403), (outsider, 404)):
        assert seen_by(person, case) == (status, False), person


def test_others_do_not_learn_whether_there_are_any(case, oncologist, surgeon):
    client = Client()
    client.force_login(oncologist)

    def page():
        return client.get(page_of(case)).content.decode().partition("<main")[2]

    before = page()
    actions.write_note(case=case, by=surgeon, text=NOTE)
    assert _without_tokens(page()) == _without_tokens(before)


def _without_tokens(text):
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_note_stands_on_no_page_of_the_system_but_its_own(world):  # noqa: F811
    """Also for somebody who holds every role but that of supportive care, and in every file that can be taken away."""
    case = world["case"]
    nurse = make_user("nurse", team=world["team"], roles=(Role.SUPPORTIVE,))
    actions.write_note(case=case, by=nurse, text=NOTE)
    client = Client(raise_request_exception=False)
    client.force_login(world["everybody"])
    shown = []
    for page in PAGES:
        with transaction.atomic():
            for headers in ({}, {"HX-Request": "true"}):
                if SECRET in content_of(client.get(address(page, world), headers=headers)):
                    shown.append(page.name)
            transaction.set_rollback(True)
    assert shown == []
    assert case.reference not in client.get(reverse("queue"), {"q": SECRET}).content.decode()
    decision = Decision.objects.get()
    papers = [letter_data(decision, "en"), minutes_data(decision.meeting, "en")]
    assert SECRET not in json.dumps(papers, default=str)
    pack = pack_actions.ask_pack(
        team=world["team"],
        by=world["everybody"],
        language="en",
        first_on=decision.meeting.local_start.date(),
        last_on=decision.meeting.local_start.date(),
        item=AgendaItem.objects.get(),
    )
    pack_actions.make_at_once(pack=pack)
    files = list(pack.files.values_list("name", "content"))
    assert len(files) > 5
    assert [name for name, content in files if SECRET.encode() in bytes(content)] == []
    texts = [f"{event.data} {event.rows}" for event in Event.objects.all()]
    assert not any(SECRET in text for text in texts)
    assert not any(SECRET in f"{message.subject} {message.body}" for message in Message.objects.all())
    case.refresh_from_db()
    assert SECRET not in case.search_text


def test_who_must_read_it_opens_it_with_a_reason_and_supportive_care_and_auditors_are_told(
    case, nurse, surgeon, oncologist, auditor
):
    actions.write_note(case=case, by=nurse, text=NOTE)
    client = Client()
    client.force_login(oncologist)
    url = reverse("psychosocial-open", args=[case.reference])
    assert client.post(url, {"reason": "short"}).status_code == 422
    assert seen_by(oncologist, case) == (200, False)
    client.post(url, {"reason": "She is in the emergency room and says nothing."})
    assert seen_by(oncologist, case) == (200, True)
    assert seen_by(surgeon, case) == (200, False), "opened for one person"
    assert seen_by(oncologist, make_case(team=case.team)) == (200, False), "and for one case"
    assert set(Message.objects.values_list("to__username", flat=True)) == {"nurse", "auditor"}
    line = Event.objects.get(kind="notes-opened")
    assert (line.by, line.data["reason"]) == (oncologist, "She is in the emergency room and says nothing.")
    past = timezone.now() - timedelta(minutes=1)
    from django.db import connection

    from mdt.events import guards

    guards.remove(connection, ["cases_notesopening"])
    models.QuerySet(NotesOpening).update(until=past)
    guards.install(connection, ["cases_notesopening"])
    assert seen_by(oncologist, case) == (200, False), "the hours are over"


def test_who_opened_the_case_of_another_team_in_an_emergency_reads_them(case, nurse, other_team):
    other_team.hospital = case.team.hospital
    other_team.save()
    doctor = make_user("doctor", discipline="surgery", team=other_team)
    actions.write_note(case=case, by=nurse, text=NOTE)
    assert seen_by(doctor, case) == (404, False)
    actions.open_in_emergency(case=case, by=doctor, reason="On duty, patient in the ward.")
    assert seen_by(doctor, case) == (200, True)
    client = Client()
    client.force_login(doctor)
    assert client.post(reverse("psychosocial-write", args=[case.reference]), {"text": "x"}).status_code == 404


def test_a_note_is_corrected_by_its_author_only_and_the_former_stays(case, nurse, surgeon, client):
    note = actions.write_note(case=case, by=surgeon, text=NOTE)
    assert actions.write_note(case=case, by=surgeon, text=NOTE).pk == note.pk, "a second click"
    with pytest.raises(PermissionDenied):
        actions.write_note(case=case, by=nurse, text="Mine", supersedes=note)
    client.force_login(surgeon)
    url = reverse("psychosocial-write", args=[case.reference])
    client.post(url, {"text": "Better now.", "supersedes": note.pk})
    assert [each.text for each in PsychosocialNote.objects.order_by("pk")] == [NOTE, "Better now."]
    late = client.post(url, {"text": "Too late.", "supersedes": note.pk})
    assert late.status_code == 409
    assert "Too late." in late.content.decode()
    assert client.post(url, {"text": "Not mine", "supersedes": "99999"}).status_code == 404
    assert client.post(url, {"text": " "}).status_code == 422


def test_nobody_without_the_right_writes_or_opens(case, auditor, admin, outsider, client):
    for person, status in ((auditor, 403), (admin, 403), (outsider, 404)):
        client.force_login(person)
        for name in ("psychosocial-write", "psychosocial-open"):
            assert (
                client.post(reverse(name, args=[case.reference]), {"text": "x", "reason": "x" * 20}).status_code
                == status
            )
    assert not PsychosocialNote.objects.exists()
    assert not NotesOpening.objects.exists()
