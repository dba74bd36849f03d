"""Locks against guessing, and that nothing tells a stranger which accounts exist."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people.hashing import Argon2id
from mdt.people.models import User
from tests.builders import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


def attempt(client, username, password="wrong", address="192.0.2.1"):
    entries = {"username": username, "password": password}
    return client.post(reverse("sign-in"), entries, REMOTE_ADDR=address)


def test_an_address_that_tries_many_accounts_is_locked_for_all(client, surgeon, settings):
    settings.AXES_FAILURE_LIMIT = 3
    for number in range(30):
        attempt(client, f"somebody{number}")
    assert attempt(client, "surgeon", PASSWORD).status_code == 429
    assert attempt(client, "surgeon", PASSWORD, "192.0.2.2").status_code == 302


def test_a_lock_of_a_clock_that_was_a_day_ahead_ends_when_it_is_set_right(client, surgeon, settings, monkeypatch):
    settings.AXES_FAILURE_LIMIT = 3
    now = timezone.now()
    with monkeypatch.context() as ahead:
        ahead.setattr("django.utils.timezone.now", lambda: now + timedelta(days=1))
        ahead.setattr("axes.handlers.proxy.now", lambda: now + timedelta(days=1))
        for _number in range(30):
            attempt(client, "surgeon")
        assert attempt(client, "surgeon", PASSWORD).status_code == 429
    assert attempt(client, "surgeon", PASSWORD).status_code == 302


def test_an_account_that_is_tried_from_many_addresses_is_locked_but_not_where_its_owner_works(
    client, surgeon, settings
):
    settings.AXES_FAILURE_LIMIT = 3
    assert attempt(client, "surgeon", PASSWORD, "198.51.100.4").status_code == 302
    client.logout()
    for number in range(30):
        attempt(client, "surgeon", address=f"192.0.2.{number}")
    assert attempt(client, "surgeon", PASSWORD, "203.0.113.9").status_code == 429
    assert attempt(client, "surgeon", PASSWORD, "198.51.100.4").status_code == 302


def test_the_lock_leaves_one_line_and_each_attempt_another(client, surgeon, settings):
    settings.AXES_FAILURE_LIMIT = 3
    for _attempt in range(5):
        attempt(client, "surgeon")
    lines = Event.objects.order_by("number").values_list("kind", flat=True)
    failed, locked = Kind.SIGN_IN_FAILED, Kind.SIGN_IN_LOCKED
    assert sorted(lines) == sorted([failed] * 5 + [locked])
    assert Event.objects.get(kind=locked).data == {"username": "surgeon", "what": "sign-in", "address": "192.0.2.1"}


@pytest.fixture
def accounts(team, surgeon):
    """Names of every kind: an account, a closed one, one without a password, and none."""
    make_user("closed", team=team, is_active=False)
    without = make_user("without", team=team)
    without.set_unusable_password()
    without.save()
    return ["surgeon", "closed", "without", "nobody-of-this-name"]


def without_what_differs(answer, username):
    text = answer.text.replace(username, "NAME")
    return re.sub(r'(name="csrfmiddlewaretoken" value=|X-CSRFToken[^:]*:)"[^"]*"', r"\1", text)


def test_the_answer_does_not_tell_whether_an_account_exists(client, accounts):
    said = {
        (answer.status_code, without_what_differs(answer, name))
        for name in accounts
        for answer in [attempt(client, name)]
    }
    assert len(said) == 1
    assert "NAME" in said.pop()[1]


def test_the_lock_does_not_tell_whether_an_account_exists(client, accounts, settings):
    settings.AXES_FAILURE_LIMIT = 2
    codes = {tuple(attempt(client, name).status_code for _attempt in range(4)) for name in accounts}
    assert codes == {(200, 429, 429, 429)}


@override_settings(PASSWORD_HASHERS=["mdt.people.hashing.Argon2id"])
def test_each_attempt_costs_one_hash_whether_or_not_the_account_exists(client, team, monkeypatch):
    """No clock is asked: what takes time is counted."""
    for name, fields in (("real", {}), ("closed", {"is_active": False})):
        make_user(name, team=team, **fields)
    without = make_user("without", team=team)
    without.set_unusable_password()
    without.save()
    counted = []
    for method in ("encode", "verify"):
        real = getattr(Argon2id, method)
        monkeypatch.setattr(Argon2id, method, lambda *args, real=real, **kw: counted.append(1) or real(*args, **kw))
    costs = {}
    for name in ("real", "closed", "without", "nobody"):
        counted.clear()
        attempt(client, name)
        costs[name] = len(counted)
    assert set(costs.values()) == {1}, costs


@override_settings(PASSWORD_HASHERS=["mdt.people.hashing.Argon2id", "django.contrib.auth.hashers.PBKDF2PasswordHasher"])
def test_an_older_hash_is_replaced_at_the_next_sign_in(client, team):
    person = make_user("longserving", team=team)
    person.password = hashers.PBKDF2PasswordHasher().encode(PASSWORD, "salt", iterations=10)
    person.save()
    assert attempt(client, "longserving", PASSWORD).status_code == 302
    assert User.objects.get(username="longserving").password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert attempt(client, "longserving", PASSWORD).status_code == 302


def test_nothing_that_was_typed_stays_with_the_counter(client, surgeon):
    from axes.models import AccessAttempt

    attempt(client, "surgeon", "my-other-password")
    row = AccessAttempt.objects.get()
    assert "my-other-password" not in row.post_data
    assert "surgeon" not in row.post_data
