"""How long a session lives, where one is signed in, and what happens to a form that comes too late."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import FindingDraft
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions as meeting_actions
from mdt.people import actions
from mdt.people.models import SignIn
from tests.clock import Clock
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(timezone.now())
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    return clock


def sign_in(username, **fields):
    client = Client()
    client.post(reverse("sign-in"), {"username": username, "password": PASSWORD}, **fields)
    return client


def is_in(client):
    return client.get(reverse("account")).status_code == 200


def test_a_session_ends_after_an_hour_without_use_and_says_so(clock, surgeon, team):
    client = sign_in("surgeon")
    clock.pass_minutes(59)
    assert is_in(client)
    clock.pass_minutes(59)
    assert is_in(client), "each use begins the hour anew"
    clock.pass_minutes(61)
    page = client.get(reverse("account"), follow=True)
    assert "signed out after 60 minutes" in page.text
    line = Event.objects.latest("number")
    assert (line.kind, line.team, line.data) == (
        Kind.SESSION_TIMED_OUT,
        team,
        {"username": "surgeon", "ending": "idle"},
    )
    assert SignIn.objects.get().ending == SignIn.Ending.IDLE


def test_a_session_of_a_clock_that_was_a_day_ahead_ends_when_it_is_set_right(clock, surgeon):
    clock.pass_minutes(24 * 60)
    client = sign_in("surgeon")
    assert is_in(client)
    clock.pass_minutes(-24 * 60)
    assert not is_in(client), "else it would stay open for a day without use"
    assert is_in(sign_in("surgeon"))


def test_clocks_that_differ_by_minutes_end_no_session(clock, surgeon):
    client = sign_in("surgeon")
    clock.pass_minutes(-4)
    assert is_in(client)


def test_a_session_ends_after_ten_hours_however_much_it_is_used(clock, surgeon):
    client = sign_in("surgeon")
    for _half_hour in range(19):
        clock.pass_minutes(30)
        assert is_in(client)
    clock.pass_minutes(31)
    assert not is_in(client)
    assert SignIn.objects.get().ending == SignIn.Ending.EXPIRED


def test_what_a_page_asks_by_itself_is_no_use(clock, surgeon):
    client = sign_in("surgeon")
    for _minutes in range(3):
        clock.pass_minutes(25)
        client.get(reverse("account"), headers={"X-Passive": "1"})
    assert not is_in(client)


def test_following_a_meeting_on_its_day_is_use(clock, team, coordinator, surgeon, case):
    meeting = plan(team, coordinator)
    item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="Bleeding")
    clock.moment = item.meeting.starts_at
    client = sign_in("surgeon")
    pulse = reverse("room-pulse", args=[item.meeting.reference, item.case.reference])
    for _minutes in range(4):
        clock.pass_minutes(25)
        assert client.get(pulse, headers={"X-Passive": "1"}).status_code == 200
    assert is_in(client)


def test_a_session_in_use_is_written_once_a_minute(clock, surgeon, django_assert_num_queries):
    client = sign_in("surgeon")
    clock.pass_minutes(2)
    client.get(reverse("account"))
    before = Session.objects.get().session_data
    client.get(reverse("account"))
    assert Session.objects.get().session_data == before


def test_a_draft_is_there_after_signing_in_again(clock, case, radiologist):
    client = sign_in("radiologist")
    draft_url = reverse("draft-save", args=[case.reference, "radiology"])
    client.post(draft_url, {"peritoneum": "P0"})
    assert FindingDraft.objects.exists()
    clock.pass_minutes(61)
    late = client.post(draft_url, {"peritoneum": "P1"}, headers={"HX-Request": "true"})
    assert (late.status_code, late.text) == (401, "You are signed out."), "nothing takes the place of what was typed"
    client.post(reverse("sign-in"), {"username": "radiologist", "password": PASSWORD})
    page = client.get(reverse("finding-record", args=[case.reference, "radiology"]))
    assert FindingDraft.objects.get().entries["peritoneum"] == ["P0"]
    assert page.status_code == 200


def too_late(clock, client, path, fields):
    clock.pass_minutes(61)
    answer = client.post(path, fields)
    assert answer.url == reverse("sign-in")


def test_a_form_that_came_too_late_is_kept_and_sent_after_signing_in(clock, surgeon):
    client = sign_in("surgeon")
    fields = {"name": "Shen Yi <b>", "title": "Dr", "password": "hunter2", "version": "x"}
    too_late(clock, client, reverse("account"), fields)
    again = client.post(reverse("sign-in"), {"username": "surgeon", "password": PASSWORD})
    assert again.url == reverse("unsent")
    page = client.get(again.url)
    assert "Shen Yi &lt;b&gt;" in page.text
    assert "hunter2" not in page.text
    assert f'action="{reverse("account")}"' in page.text
    assert client.post(reverse("account"), dict(page.context["unsent"]["fields"])).status_code == 409, "version is old"
    assert client.get(reverse("unsent")).url == reverse("queue"), "it arrived"


def test_what_came_too_late_is_for_nobody_else(clock, surgeon, chair):
    client = sign_in("surgeon")
    too_late(clock, client, reverse("account"), {"name": "Unmistakable"})
    other = client.post(reverse("sign-in"), {"username": "chair", "password": PASSWORD})
    assert other.url == reverse("queue")
    assert client.get(reverse("unsent")).url == reverse("queue")
    client.logout()
    assert client.post(reverse("sign-in"), {"username": "surgeon", "password": PASSWORD}).url == reverse("queue")


def test_a_forged_form_is_not_kept(clock, surgeon):
    client = Client(enforce_csrf_checks=True)
    client.force_login(surgeon)
    clock.pass_minutes(61)
    assert client.post(reverse("account"), {"name": "Forged"}).status_code == 403
    assert "unsent" not in client.session


def test_open_sessions_are_listed_and_ended(surgeon):
    here = sign_in("surgeon", HTTP_USER_AGENT=FIREFOX)
    there = sign_in("surgeon", REMOTE_ADDR="192.0.2.7")
    page = here.get(reverse("sessions")).text
    assert "Firefox, Windows" in page
    assert "192.0.2.7" in page
    row = SignIn.objects.get(address="192.0.2.7")
    assert here.post(reverse("session-revoke", args=[row.pk])).status_code == 302
    assert not is_in(there)
    assert is_in(here)
    assert "192.0.2.7" not in here.get(reverse("sessions")).text
    assert Event.objects.filter(kind=Kind.SESSION_REVOKED, by=surgeon).count() == 1


def test_nobody_ends_a_session_of_somebody_else(surgeon, chair):
    theirs = sign_in("chair")
    mine = sign_in("surgeon")
    row = SignIn.objects.get(person=chair)
    assert mine.post(reverse("session-revoke", args=[row.pk])).status_code == 404
    mine.post(reverse("sessions-revoke-others"))
    assert is_in(theirs)


def test_all_other_sessions_end_at_once(surgeon):
    here, *others = [sign_in("surgeon") for _session in range(3)]
    here.post(reverse("sessions-revoke-others"))
    assert is_in(here)
    assert not any(is_in(other) for other in others)


def test_an_administrator_ends_the_sessions_of_a_person(team, surgeon, admin):
    theirs, own = sign_in("surgeon"), sign_in("admin")
    assert own.post(reverse("person-sessions-revoke", args=[team.code, "surgeon"])).status_code == 302
    assert not is_in(theirs)
    assert is_in(own)


def test_a_new_password_ends_every_other_session_and_keeps_this_one_in_the_list(surgeon):
    here, other = sign_in("surgeon"), sign_in("surgeon")
    new = "quite-another-pass"
    here.post(reverse("password-change"), {"present": PASSWORD, "new": new, "again": new})
    assert is_in(here)
    assert not is_in(other)
    assert len(here.get(reverse("sessions")).context["sessions"]) == 1


def test_signing_out_closes_the_row(surgeon):
    client = sign_in("surgeon")
    client.post(reverse("sign-out"))
    assert SignIn.objects.get().ending == SignIn.Ending.SIGNED_OUT


def test_an_old_session_key_is_worth_nothing_after_signing_in(surgeon):
    """Session fixation: the key that a stranger planted is not the one that opens pages."""
    client = Client()
    client.get(reverse("sign-in"))
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    client.post(reverse("sign-in"), {"username": "surgeon", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    actions.revoke_sessions_of(person=surgeon, by=surgeon)


def test_words_of_a_form_sent_after_signing_out_in_another_window_are_shown_not_lost(surgeon):
    client = sign_in("surgeon")
    client.post(reverse("sign-out"))
    typed = {"name": "Bai Lu of the second ward", "password": "never-shown-4711"}
    answer = client.post(reverse("account"), typed, headers={"Referer": "http://testserver/account/"})
    assert answer.status_code == 401
    assert "Bai Lu of the second ward" in answer.text
    assert "never-shown" not in answer.text
    assert 'href="/sign-in/?next=/account/"' in answer.text
    surgeon.refresh_from_db()
    assert surgeon.name != typed["name"]


def test_a_form_without_a_word_of_a_person_leads_to_the_sign_in(surgeon):
    assert Client().post(reverse("account"), {"language": "en"}).status_code == 302
