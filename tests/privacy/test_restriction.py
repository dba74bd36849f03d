"""A patient's data may only be stored: in no list, figure, export or paper; readable by an exception, with a reason."""

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions import open_restricted, record_finding, refer_case
from cases.actions.errors import ActionError
from cases.models import Case, FactRecord, Waiting
from cases.replaying import unpacked
from mdt.audit.queries import csv_lines
from mdt.audit.rows.actions import catch_up, rebuild
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.events.chain import Restricted
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.mail.models import Message
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.models import AgendaItem
from mdt.meetings.outcome import report_link
from mdt.people.permissions import restricted_opening
from mdt.privacy import actions
from mdt.privacy.models import Restriction
from tests.builders import COMPLETE_FACTS, make_case
from tests.test_urls import OF_A_TEAM, PAGES, address, world  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


def restrict(case, officer, **fields):
    asked = {"asked_by": "patient", "ground": "gdpr-18-a", "reason": "It is being checked.", **fields}
    return actions.restrict(case=case, by=officer, **asked)


def lift(restriction, officer, **fields):
    told = {"told_on": timezone.localdate(), "told_how": "By letter.", "reason": "It was right.", **fields}
    actions.lift_restriction(restriction=restriction, by=officer, **told)


def opened(case, person):
    return open_restricted(case=case, by=person, ground="vital", reason="Bleeding, in theatre now.")


def text_of(answer) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def test_no_page_of_the_system_shows_the_patient_but_to_the_office_and_by_an_exception(world, officer, client):  # noqa: F811
    """Every address, also those added later, for somebody who holds every right in the team."""
    case = world["case"]
    catch_up()
    restrict(case, officer)
    client.force_login(world["everybody"])
    # One's own mailbox has what was told before, and the worklist of the office whose case it is.
    own = {"mail", "mail-message", "erasure"}
    of_the_patient = ("Wang Unmistakable", case.patient.hospital_number)
    shown = set()
    for page in PAGES:
        answer = client.get(address(page, world), {"show": "after"})
        if answer.status_code == 200 and any(word in text_of(answer) for word in of_the_patient):
            shown.add(page.name)
    assert sorted(shown - own) == [], "each of these is a door that was left open"
    for name in ("search", "queue"):
        assert case.reference not in text_of(client.get(reverse(name), {"q": "wang unmistakable"}))


def test_every_page_of_the_case_says_that_it_is_restricted_and_writes_nothing(world, officer, surgeon, client):  # noqa: F811
    case = world["case"]
    restrict(case, officer)
    client.force_login(surgeon)
    lines = Event.objects.count()
    of_the_case = [
        page
        for page in OF_A_TEAM
        if page.route.startswith(("cases/", "meetings/"))
        and "case" in page.route
        and page.name != "meeting-agenda-cases"  # of a meeting: tests/meetings/test_agenda_paper.py
    ]
    assert len(of_the_case) > 20
    for page in of_the_case:
        for ask in (client.get, client.post):
            assert ask(address(page, world)).status_code in (403, 404, 405, 422), page.name
    assert Event.objects.count() == lines
    answer = client.get(case.get_absolute_url())
    assert answer.status_code == 403
    assert "may only be stored" in text_of(answer)


def test_it_is_in_no_projection_and_comes_back_whole(world, officer):  # noqa: F811
    case = world["case"]
    catch_up()
    before = AuditRow.objects.filter(case_id=case.pk).count()
    records = FactRecord.objects.filter(proposal__case=case).count()
    search = Case.objects.get(pk=case.pk).search_text
    assert before
    assert records
    restriction = restrict(case, officer)
    for rows in (AuditRow.objects.filter(case_id=case.pk), FactRecord.objects.filter(proposal__case=case)):
        assert not rows.exists()
    assert not Waiting.objects.filter(case=case).exists()
    assert not unpacked().filter(case=case).exists()
    assert catch_up() >= 0
    rebuild()
    assert not AuditRow.objects.filter(case_id=case.pk).exists()
    lift(restriction, officer)
    catch_up()
    assert AuditRow.objects.filter(case_id=case.pk).count() == before
    assert Case.objects.get(pk=case.pk).search_text == search
    assert unpacked().filter(case=case).count() >= records - 1  # the newest may have been made anew with its record
    assert verify().is_whole


def test_figures_and_minutes_say_that_they_leave_it_out(world, officer, chair):  # noqa: F811
    catch_up()
    scope = Scope.of(chair, {}, timezone.localdate() + timedelta(days=30))
    assert "stored" not in scope.in_words()
    restrict(world["case"], officer)
    assert "without 1 case whose data may only be stored" in scope.narrowed().in_words()
    minutes = str(minutes_data(world["meeting"], "en"))
    assert f"{world['case'].reference} is left out" in minutes
    assert "Unmistakable" not in minutes


def test_the_log_is_exported_without_what_was_done_with_it(world, officer):  # noqa: F811
    case = world["case"]
    restrict(case, officer)
    lines = [line for line in csv_lines([world["team"]], lambda rows: rows) if case.reference in line]
    assert len(lines) > 10
    assert all("restricted" in line and "urgency" not in line for line in lines)


def test_it_goes_off_the_agenda_to_come_and_nobody_can_list_it(team, coordinator, chair, officer):
    from mdt.meetings import actions as meeting_actions
    from tests.meetings.builders import plan

    case = make_case(team=team, by=coordinator)
    meeting = plan(team, coordinator, chair=chair)
    item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Now")
    restrict(case, officer)
    assert AgendaItem.objects.get(pk=item.pk).state == AgendaItem.State.REMOVED
    with pytest.raises(ActionError, match="only be stored"):
        meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Now")


def test_nothing_new_is_written_whichever_way_it_comes(team, coordinator, radiologist, officer):
    case = make_case(team=team, by=coordinator)
    restrict(case, officer)
    with pytest.raises(Restricted):
        record_finding(
            case=case,
            by=radiologist,
            discipline="radiology",
            facts=COMPLETE_FACTS["radiology"],
            examined_on=timezone.localdate(),
        )
    assert not case.findings.exists()
    patient = case.patient
    with pytest.raises(ActionError, match="only be stored"):
        refer_case(
            **{"team": team, "by": coordinator, "hospital_number": patient.hospital_number, "name": patient.name},
            **{"born_on": patient.born_on, "sex": patient.sex, "question": "Again?", "reason": "new"},
            **{"referrer": "Dr Bai", "urgency": "routine", "target_on": timezone.localdate() + timedelta(days=9)},
        )


def test_who_treats_reads_it_by_an_exception_and_the_office_is_told(world, officer, surgeon, auditor, client):  # noqa: F811
    case = world["case"]
    restrict(case, officer)
    client.force_login(surgeon)
    page = text_of(client.get(case.get_absolute_url()))
    assert "Read by an exception" in page
    url = reverse("restricted-open", args=[case.reference])
    assert client.post(url, {"ground": "vital", "reason": "short"}).status_code == 422
    answer = client.post(url, {"ground": "vital", "reason": "Bleeding, in theatre now."}, follow=True)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Unmistakable" in page
    assert "Bleeding, in theatre now." in page
    assert "Add findings" not in page
    assert client.post(reverse("case-close", args=[case.reference]), {"reason": "x"}).status_code == 403
    line = Event.objects.get(kind=Kind.RESTRICTED_OPENED)
    assert (line.by, line.data["ground"]) == (surgeon, "vital")
    told = set(Message.objects.filter(key__startswith="restricted:").values_list("to__username", flat=True))
    assert {"auditor", "officer"} <= told
    client.force_login(auditor)
    assert client.get(case.get_absolute_url()).status_code == 403, "an auditor treats nobody"
    assert client.post(url, {"ground": "claims", "reason": "Because I should like to."}).status_code == 403


def test_a_file_in_the_mailbox_is_closed_as_well(world, officer, client):  # noqa: F811
    from mdt.mail.actions import Attachment, post

    case, person = world["case"], world["everybody"]
    letter = Attachment("letter.pdf", "application/pdf", b"%PDF")
    own = post(
        **{"key": "own", "kind": "letter", "to": person, "subject": "A", "body": "x", "attachments": [letter]},
        **{"team": world["team"], "case_reference": case.reference},
    )
    minutes = post(
        **{"key": f"minutes:{world['meeting'].pk}:1", "kind": "letter", "to": person, "subject": "B", "body": "x"},
        **{"attachments": [letter], "team": world["team"]},
    )
    client.force_login(person)
    files = [reverse("message-file", args=[message.pk, message.enclosures.get().pk]) for message in (own, minutes)]
    assert [client.get(file).status_code for file in files] == [200, 200]
    restrict(case, officer)
    assert [client.get(file).status_code for file in files] == [403, 403]
    opened(Case.objects.get(pk=case.pk), person)
    assert [client.get(file).status_code for file in files] == [200, 200]


def test_to_others_a_restricted_case_is_a_case_that_never_was(world, officer, outsider, client):  # noqa: F811
    case = world["case"]
    restrict(case, officer)
    client.force_login(outsider)
    there, never = (client.get(f"/cases/{reference}/") for reference in (case.reference, "GC-1999-9999"))
    assert (there.status_code, never.status_code) == (404, 404)
    url = reverse("restricted-open", args=[case.reference])
    assert client.post(url, {"ground": "vital", "reason": "Let me see it, please."}).status_code == 404


def test_typed_in_full_its_number_is_found_without_a_name(world, officer, surgeon, client):  # noqa: F811
    case = world["case"]
    restrict(case, officer)
    client.force_login(surgeon)
    page = text_of(client.get(reverse("search"), {"q": case.reference.lower()}))
    assert "Processing restricted" in page
    assert case.get_absolute_url() in page
    assert "Unmistakable" not in page


def test_it_ends_only_with_a_reason_and_after_the_person_was_told(case, officer):
    restriction = restrict(case, officer, until_on=timezone.localdate() + timedelta(days=9))
    with pytest.raises(ActionError, match="already"):
        restrict(case, officer)
    with pytest.raises(ActionError, match="future"):
        lift(restriction, officer, told_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ActionError, match="before the restriction"):
        lift(restriction, officer, told_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(ActionError, match="names them"):
        lift(restriction, officer, told_how=f"By letter to {case.patient.name}")
    lift(restriction, officer)
    with pytest.raises(ActionError, match="already"):
        lift(restriction, officer)
    assert not Case.objects.get(pk=case.pk).is_restricted
    line = Event.objects.get(kind=Kind.RESTRICTION_LIFTED)
    assert line.data["told_how"] == "By letter."
    assert verify().is_whole


def test_the_office_places_and_lifts_it_on_its_pages(case, officer, chair, client):
    client.force_login(officer)
    url = reverse("restriction-place")
    asked = {"reference": case.reference, "asked_by": "patient", "ground": "pipl-44", "reason": "By letter."}
    assert client.get(url).status_code == 200
    assert client.post(url, asked).status_code == 302
    page = text_of(client.get(reverse("privacy")))
    assert "PIPL 44" in page
    lifting = reverse("restriction-lift", args=[Restriction.objects.get().pk])
    assert client.post(lifting, {"reason": "Done."}).status_code == 422, "who was told, and how?"
    told = {"reason": "Done.", "told_on": timezone.localdate().isoformat(), "told_how": "By telephone"}
    assert client.post(lifting, told).status_code == 302
    client.force_login(chair)
    assert client.get(url).status_code == 403


def test_an_erasure_takes_the_reasons_of_openings_with_it(world, officer, chair, surgeon):  # noqa: F811
    from tests.privacy.test_erasure import erase

    case = world["case"]
    restrict(case, officer)
    opening = opened(Case.objects.get(pk=case.pk), surgeon)
    done = erase(case, officer, chair)
    opening.refresh_from_db()
    assert opening.reason.startswith(f"[erased by order {done.request_id}")
    assert verify().is_whole


def test_the_list_of_reports_and_the_link_of_the_letter_are_closed_as_well(world, officer, client):  # noqa: F811
    from mdt.audit.followup.actions import report_implementation

    case, decision = world["case"], world["step"].decision
    report_implementation(decision=decision, by=world["everybody"], status="full")
    client.force_login(world["everybody"])
    listed, link = reverse("follow-up"), reverse("report-by-link", args=[report_link.token_of(decision)])
    assert "Unmistakable" in text_of(client.get(listed, {"whose": "all"}))
    assert client.get(link).status_code == 200
    restrict(case, officer)
    assert "Unmistakable" not in text_of(client.get(listed, {"whose": "all"}))
    client.logout()
    assert client.get(link).status_code == 404, "who holds the letter reads what was decided, signed in or not"


def test_a_break_does_not_go_back_to_it(world, officer):  # noqa: F811
    from mdt.meetings import actions as meeting_actions
    from mdt.meetings.models import Meeting, Sitting

    meeting, by = world["meeting"], world["everybody"]
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.PLANNED)
    meeting_actions.put_on_table(item=meeting.agenda.get(case=world["case"]), by=by)
    meeting_actions.begin_break(meeting=meeting, by=by)
    restrict(world["case"], officer)
    assert meeting_actions.end_break(meeting=meeting, by=by).what == Sitting.What.NOTHING


def test_it_leaves_an_open_room_with_the_next_request_and_comes_back_so(world, officer, monkeypatch):  # noqa: F811
    """What the room keeps for all who read it is older than the order, by seconds: nobody is shown it any more."""
    from mdt.meetings import actions as meeting_actions
    from mdt.meetings.models import Meeting
    from mdt.meetings.room import pulse

    monkeypatch.setattr(pulse, "FRESH_FOR", -1)
    meeting, by, case = world["meeting"], world["everybody"], world["case"]
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.PLANNED)
    meeting.refresh_from_db()
    other = make_case(team=world["team"], by=by)
    meeting_actions.list_case(meeting=meeting, case=other, by=by, late_reason="Now")
    meeting_actions.put_on_table(item=meeting.agenda.get(case=case), by=by)
    reader = Client()
    reader.force_login(by)
    names = ["room", "room-pulse"]
    room, beat = (reverse(name, args=[meeting.reference, other.reference]) for name in names)
    agenda = reverse("room-part", args=[meeting.reference, other.reference, "agenda"])
    before = reader.get(room, {"alone": 1})
    assert case.reference in text_of(before)
    seen = before.context["seen"]
    restriction = restrict(case, officer)
    pages = [text_of(reader.get(url, {"alone": 1})) for url in (room, agenda)]
    assert [word for page in pages for word in (case.reference, "Unmistakable") if word in page] == []
    answer = reader.get(beat, {"seen": seen}).json()
    assert "agenda" in answer["parts"], "who has the room open fetches its agenda anew"
    assert answer["at"] == "", "the table leads nobody to a case that may only be stored"
    entered = reader.get(reverse("room-enter", args=[meeting.reference]))
    assert entered.url == room, "nor does the door of the room"
    lift(restriction, officer)
    assert case.reference in text_of(reader.get(room, {"alone": 1}))


def test_an_opening_by_a_clock_that_was_ahead_opens_nothing_until_then(case, officer, surgeon):
    restrict(case, officer)
    case.refresh_from_db()
    ahead = timezone.now() + timedelta(days=400)
    with mock.patch("django.utils.timezone.now", return_value=ahead):
        opening = opened(case, surgeon)
        assert restricted_opening(surgeon, case) == opening
    assert restricted_opening(surgeon, case) is None


def test_a_part_of_an_open_page_is_refused_so_that_the_page_can_say_why(case, officer, surgeon, client):
    client.force_login(surgeon)
    url = reverse("case-findings", args=[case.reference])
    assert "no-store" in client.get(url)["Cache-Control"], "no way back shows it out of a cache"
    restrict(case, officer)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Only-Stored"]) == (403, "1")
    assert "X-Only-Stored" not in client.get(reverse("audit")), "another refusal says nothing of it"
