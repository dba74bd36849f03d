"""Who asks too often is told so, in their language, and nobody else is."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from mdt import limits
from tests.test_urls import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted(settings, monkeypatch):
    settings.RATE_LIMITS = True
    cache.clear()
    monkeypatch.setitem(limits.A_PERSON, "queue", 3)
    monkeypatch.setattr(limits, "WRITES", 4)
    yield
    cache.clear()


def signed_in(person, language="en"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(person)
    return client


def test_every_limit_is_of_an_address_that_there_is():
    assert set(limits.A_PERSON) | set(limits.AN_ADDRESS) <= {page.name for page in PAGES}


@pytest.mark.parametrize(("language", "words"), [("en", "Too many requests"), ("zh-hans", "请求过于频繁")])
def test_too_many_get_429_and_when_to_come_back(surgeon, chair, language, words):
    client = signed_in(surgeon, language)
    assert [client.get(reverse("queue")).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(reverse("queue"))
    assert words in refused.content.decode()
    assert refused.headers["Retry-After"] == "600"
    assert client.get(reverse("account")).status_code == 200, "another page"
    assert signed_in(chair).get(reverse("queue")).status_code == 200, "another person"


def test_forms_are_counted_together_whatever_they_are(surgeon):
    client = signed_in(surgeon)
    codes = [client.post(reverse("mail-all-read")).status_code for _ in range(3)]
    codes += [client.post(reverse("mail-kinds")).status_code for _ in range(3)]
    assert codes[:4].count(429) == 0
    assert codes[4:] == [429, 429]


def test_who_is_not_signed_in_is_counted_by_address():
    form = {"username": "nobody", "password": "wrong"}
    codes = [Client(REMOTE_ADDR="10.0.0.9").post(reverse("sign-in"), form).status_code for _ in range(5)]
    assert codes[-1] == 429
    assert Client(REMOTE_ADDR="10.0.0.10").post(reverse("sign-in"), form).status_code != 429


def test_without_the_setting_nothing_is_counted(surgeon, settings):
    settings.RATE_LIMITS = False
    client = signed_in(surgeon)
    assert {client.get(reverse("queue")).status_code for _ in range(6)} == {200}
