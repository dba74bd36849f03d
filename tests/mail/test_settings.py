"""The mail server's setting: read into what Django needs, or refused without repeating a password."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from mdt import environment

NAME = "MDT_SMTP_URL"


def read(monkeypatch, url):
    monkeypatch.setenv(NAME, url)
    return environment.smtp(NAME)


def test_without_it_there_is_no_mail_server(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    assert environment.smtp(NAME) == {}
    assert read(monkeypatch, "") == {}


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example?tls=implicit", 465, False, True),
        ("smtp://mail.example/?tls=none", 25, False, False),
        ("smtp://mail.example:2525?tls=starttls&timeout=7", 2525, True, False),
    ],
)
def test_port_and_encryption(monkeypatch, url, port, use_tls, use_ssl):
    found = read(monkeypatch, url)
    assert (found["host"], found["port"], found["use_tls"], found["use_ssl"]) == (
        "mail.example",
        port,
        use_tls,
        use_ssl,
    )
    assert found["timeout"] == (7 if "timeout" in url else 20)


def test_user_and_password_may_hold_any_sign(monkeypatch):
    found = read(monkeypatch, "smtp://mdt%40hospital.example:p%3A%2Fw%E5%AF%86@mail.example:587")
    assert (found["host_user"], found["host_password"]) == ("mdt@hospital.example", "p:/w密")


@pytest.mark.parametrize(
    "url",
    [
        "mail.example:587",
        "smtps://u:secret@mail.example",
        "smtp://:secret@",
        "smtp://u:secret@mail.example:port",
        "smtp://u:secret@mail.example:587?tls=perhaps",
        "smtp://u:secret@mail.example:587?timeout=0",
        "smtp://u:secret@mail.example:587?timeout=soon",
        "smtp://u:secret@mail.example:587?retries=3",
        "smtp://u:secret@mail.example/path",
    ],
)
def test_what_cannot_be_understood_stops_the_start_and_keeps_the_password(monkeypatch, url):
    with pytest.raises(ImproperlyConfigured, match=NAME) as refusal:
        read(monkeypatch, url)
    assert "secret" not in str(refusal.value)
