"""The database is full, read-only or away: a page that says so, nothing half kept, and then it works again."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Patient
from mdt.unavailable import is_away

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(coordinator):
    client = Client(raise_request_exception=False)
    client.force_login(coordinator)
    return client


@pytest.fixture
def entry(team):
    target = timezone.localdate() + timedelta(days=7)
    return {
        "team": team.pk, "pathway": "gclm", "hospital_number": "4471", "name": "Lin Meihua", "born_on": "1958-02-03",
        "sex": "female", "question": "Hepatectomy now? " * 40, "reason": "new", "referrer": "Dr Bai Lu",
        "urgency": "urgent", "target_on": target.isoformat(), "summary": "x" * 3900,
    }  # fmt: skip


def pragma(text):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {text}")
        row = cursor.fetchone()
        return row[0] if row else None


def hidden(text):
    """What the page would send again."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', text, re.DOTALL)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', text)
    return {name: unescape(value) for name, value in found} | {"csrfmiddlewaretoken": token[1]}


REFERRALS = 60
"""More than find room in the free pages of a database that tests before this one have emptied."""


@pytest.mark.sqlite
@pytest.mark.parametrize("fault", ["full", "read-only"])
@pytest.mark.django_db(transaction=True)
def test_nothing_is_half_kept_and_it_works_again_by_itself(browser, entry, fault):
    connection.cursor().execute("VACUUM")  # else what other tests gave back has room for all of it
    pages = pragma("page_count")
    pragma(f"max_page_count = {pages}" if fault == "full" else "query_only = ON")
    connection.ensure_connection()
    try:
        answers = [browser.post("/cases/refer/", entry | {"hospital_number": str(n)}) for n in range(REFERRALS)]
    finally:
        pragma("max_page_count = 1073741823")
        pragma("query_only = OFF")
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} <= {302, 503}
    assert refused
    text = refused[-1].content.decode()
    assert "Nothing of what you sent was recorded" in text
    found = hidden(text)
    assert len(found) == len(entry) + 1, "all that was sent, and the token"
    assert refused[-1].headers["Retry-After"] == "30"
    kept = len(answers) - len(refused)
    assert (Patient.objects.count(), Case.objects.count()) == (kept, kept)
    call_command("verify")
    again = browser.post("/cases/refer/", found)
    assert again.status_code == 302
    assert Case.objects.latest("pk").question == entry["question"].strip()


def test_a_database_that_is_away_is_said_to_be_and_a_bug_is_not(browser, monkeypatch):
    def away(*_, **__):
        raise OperationalError("connection to server at 10.0.0.7 failed: password")

    monkeypatch.setattr("mdt.people.roster.teams_of", away)
    answer = browser.get(reverse("account"))
    assert answer.status_code == 503
    assert "10.0.0.7" not in answer.content.decode()
    monkeypatch.setattr("mdt.people.roster.teams_of", lambda *_: 1 / 0)
    assert browser.get(reverse("account")).status_code == 500


@pytest.mark.parametrize(("state", "expected"), [("53100", True), ("25006", True), ("57P01", True), ("23505", False)])
def test_what_postgresql_says(state, expected):
    cause = Exception()
    cause.sqlstate = state
    error = InternalError()
    error.__cause__ = cause
    assert is_away(error) is expected
    assert not is_away(DatabaseError())
    assert not is_away(ValueError())


def test_a_page_that_is_only_read_is_shown_though_its_session_cannot_be_written(browser, monkeypatch):
    def full(*_, **__):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", full)
    assert browser.get(reverse("account")).status_code == 200
    assert browser.get(reverse("queue")).status_code == 200


def test_what_holds_a_password_is_not_offered_again_and_never_shown(monkeypatch, client, surgeon):
    def away(*_, **__):
        raise OperationalError("away")

    monkeypatch.setattr("axes.handlers.proxy.AxesProxyHandler.is_allowed", away)
    client.raise_request_exception = False
    answer = client.post(reverse("sign-in"), {"username": "surgeon", "password": "correct-horse-battery"})
    assert answer.status_code == 503
    assert "correct-horse" not in answer.text
    assert "Send it again" not in answer.text
    assert "what holds a password" in answer.text


def test_after_a_bug_the_text_is_shown_but_not_sent_twice(browser, entry, monkeypatch):
    monkeypatch.setattr("cases.actions.refer_case", lambda **_: 1 / 0)
    answer = browser.post("/cases/refer/", entry)
    assert answer.status_code == 500
    assert "Hepatectomy now?" in answer.text
    assert "Send it again" not in answer.text


def test_whom_to_call_stands_on_the_page(browser, monkeypatch, settings):
    settings.SUPPORT = "IT desk, 4711"
    monkeypatch.setattr("mdt.people.roster.teams_of", lambda *_: 1 / 0)
    assert "Help: IT desk, 4711" in browser.get(reverse("account")).text


def test_a_form_that_is_too_large_says_so_and_how_to_go_on(browser, entry):
    answer = browser.post("/cases/refer/", entry | {"summary": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "up to 2 MB" in answer.text
    assert not Case.objects.exists()


def test_a_file_that_is_too_large_and_a_form_of_too_many_entries_are_told_apart(browser, entry):
    file = SimpleUploadedFile("ct.pdf", b"x" * (14 * 1024 * 1024))
    answer = browser.post("/cases/refer/", entry | {"file": file})
    assert answer.status_code == 413
    assert "A file may have up to 10 MB" in answer.text
    answer = browser.post("/cases/refer/", entry | {"many": ["x"] * 6000})
    assert answer.status_code == 413
    assert "more entries than can be taken at once" in answer.text
    assert "MB" not in answer.text
    assert not Case.objects.exists()
