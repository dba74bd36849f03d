"""Passwords that everybody here would guess, or that are known from a breach, are refused; so are open connections."""

import hashlib
import random

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from mdt.people.checks import complaints, unencrypted_connections
from mdt.people.passwords import HouseWords, NotBreached, is_listed
from mdt.people.permissions import needs_second_factor
from mdt.people.second_factor import RECOVERY_LETTERS, new_recovery_code
from tests.builders import make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "password", ["Riverbank-2026!", "hospital riverbank1", "MDT-tumorboard99", "Riverbank Riverbank"]
)
def test_words_of_the_house_alone_make_no_password(password):
    make_team("rb", name="Gastric board", hospital="Riverbank Hospital")
    with pytest.raises(ValidationError, match="everybody here knows"):
        HouseWords().validate(password)


@pytest.mark.parametrize("password", ["riverbank-otter-lantern-42", "correct-horse-battery", "wholly other words"])
def test_a_password_with_enough_of_its_own_passes(password):
    make_team("rb", name="Gastric board", hospital="Riverbank Hospital")
    HouseWords().validate(password)


@pytest.fixture
def breached(tmp_path, settings):
    """A list as it is handed out: 3,000 digests in order, each with a count."""
    chance = random.Random(1)
    known = [f"password-{number}" for number in range(3000)]
    digests = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in known)
    path = tmp_path / "breached.txt"
    path.write_text("".join(f"{digest}:{chance.randrange(1, 10**6)}\r\n" for digest in digests))
    settings.BREACHED_PASSWORDS = str(path)
    return path, known


def test_every_listed_password_is_found_and_no_other(breached):
    path, known = breached
    assert all(is_listed(path, word) for word in known)
    assert not any(is_listed(path, f"other-{number}") for number in range(3000))


def test_a_breached_password_is_refused_where_there_is_a_list(breached, settings, client, surgeon):
    client.force_login(surgeon)
    form = {"present": "correct-horse-battery", "new": "password-1234", "again": "password-1234"}
    answer = client.post(reverse("password-change"), form)
    assert "was in a breach" in answer.content.decode()
    settings.BREACHED_PASSWORDS = ""
    NotBreached().validate("password-1234")


def test_a_list_of_one_line_and_an_empty_one(tmp_path):
    path = tmp_path / "list"
    path.write_text("")
    assert not is_listed(path, "a")
    path.write_text(hashlib.sha1(b"a").hexdigest())
    assert is_listed(path, "a")
    assert not is_listed(path, "b")


def test_everybody_needs_a_second_factor_where_the_hospital_says_so(settings, team):
    member = make_user("somebody", team=team)
    settings.SECOND_FACTOR_REQUIRED, settings.SECOND_FACTOR_OF_ALL = True, False
    assert not needs_second_factor(member)
    settings.SECOND_FACTOR_OF_ALL = True
    assert needs_second_factor(member)


def test_a_recovery_code_has_more_than_112_bits():
    letters = new_recovery_code().replace("-", "")
    assert len(RECOVERY_LETTERS) ** len(letters) > 2**112


def test_signing_out_makes_the_browser_forget_its_pages(client, surgeon):
    client.force_login(surgeon)
    assert client.post(reverse("sign-out")).headers["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get(reverse("sign-in")).headers


def test_a_refusal_is_logged_with_the_person(client, surgeon, caplog):
    client.force_login(surgeon)
    assert client.get(reverse("privacy")).status_code == 403
    assert f"refused: GET /privacy/, person {surgeon.pk}" in caplog.text


def test_connections_to_other_machines_in_clear_are_complained_of(settings):
    database = {"ENGINE": "django.db.backends.postgresql", "HOST": "db.example.org", "OPTIONS": {}}
    settings.CELERY_BROKER_URL = "redis://redis.example.org/0"
    settings.SMTP = {"host": "mail.example.org", "use_tls": False, "use_ssl": False}
    assert [each.id for each in complaints(database)] == ["mdt.W001", "mdt.W002", "mdt.W004"]
    settings.CELERY_BROKER_URL = "rediss://redis.example.org/0"
    settings.SMTP = {"host": "mail.example.org", "use_tls": True, "use_ssl": False}
    assert complaints({**database, "OPTIONS": {"sslmode": "verify-full"}}) == []
    assert complaints({**database, "HOST": "/run/postgresql"}) == []
    assert unencrypted_connections(None) == []
