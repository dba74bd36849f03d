"""The agenda on paper: what it says, what it leaves out, who takes it, and what of it stands in the log."""

import shutil
import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.agenda_paper.actions import print_agenda, print_with_cases
from mdt.meetings.models import Meeting
from mdt.people.models import Role
from mdt.privacy.actions import restrict
from tests.builders import make_case, make_user

pytestmark = pytest.mark.django_db


def words_of(content: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text on paper is not read back")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.fixture
def bare(team, meeting, item, coordinator):
    """A second case on the agenda, of which nothing is known."""
    case = make_case(team=team, by=coordinator, name="Wu Bare", question='#read("/etc/passwd") or chemotherapy?')
    actions.list_case(meeting=meeting, case=case, by=coordinator, planned_minutes=13, late_reason="Wanted now")
    return case


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_names_each_case_in_order_with_question_minutes_and_what_is_missing(
    meeting, item, bare, coordinator, language
):
    words = words_of(print_agenda(meeting=meeting, by=coordinator, language=language))
    assert words.index(item.case.reference) < words.index(bare.reference)
    for said in (bare.patient.name, bare.patient.hospital_number, "chemotherapy?", "13", str(bare.patient.age)):
        assert said in words
    assert "root:" not in words
    assert {"en": "Radiology:", "zh-hans": "影像科"}[language] in words


def test_the_log_says_who_took_it_and_which_cases_stand_on_it(client, meeting, item, bare, surgeon):
    client.force_login(surgeon)
    answer = client.get(reverse("meeting-agenda", args=[meeting.reference]))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    line = Event.objects.get(kind="document-opened")
    assert (line.by, line.data["document"]) == (surgeon, "agenda")
    assert line.data["cases"] == [item.case.reference, bare.reference]


def test_each_case_follows_on_one_page_but_none_that_is_sealed(meeting, item, bare, coordinator):
    words = words_of(print_with_cases(meeting=meeting, by=coordinator, language="en"))
    assert words.count("Case on one page") == 2
    taken = Event.objects.filter(kind="document-opened", data__document="one_page")
    assert {line.case_reference for line in taken} == {item.case.reference, bare.reference}
    Meeting.objects.filter(pk=meeting.pk).update(opinions_first=True)
    meeting.refresh_from_db()
    words = words_of(print_with_cases(meeting=meeting, by=coordinator, language="en"))
    assert "Case on one page" not in words
    assert bare.reference in words


def test_a_case_whose_data_may_only_be_stored_is_on_no_paper(meeting, item, bare, team, coordinator):
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    restrict(case=bare, by=officer, asked_by="patient", ground="gdpr-18-a", reason="It is being checked.")
    for paper in (print_agenda, print_with_cases):
        words = words_of(paper(meeting=meeting, by=coordinator, language="en"))
        assert item.case.patient.name in words
        for hidden in (bare.patient.name, bare.patient.hospital_number, "chemotherapy?"):
            assert hidden not in words


def test_before_the_day_the_page_offers_the_agenda_and_on_the_day_minutes_and_the_end(client, item, coordinator):
    meeting = item.meeting
    client.force_login(coordinator)
    minutes = reverse("meeting-minutes", args=[meeting.reference, "en"])
    finish = f'btn-quiet" href="{reverse("meeting-finish", args=[meeting.reference])}'
    page = client.get(meeting.get_absolute_url()).text
    assert reverse("meeting-agenda", args=[meeting.reference]) in page
    assert (minutes in page, finish in page) == (False, False)
    meeting.cut_off_at = meeting.starts_at = timezone.now()
    meeting.save(update_fields=["starts_at", "cut_off_at"])
    page = client.get(meeting.get_absolute_url()).text
    assert (minutes in page, finish in page) == (True, True)
