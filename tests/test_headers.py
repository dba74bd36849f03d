"""What every answer says to the browser, and requests in no readable encoding."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from mdt.headers import ALWAYS, UNREADABLE
from mdt.wsgi import application

pytestmark = pytest.mark.django_db

ENCODINGS = ["utf-7", "UTF_7", "utf-16", "idna", "hex", "rot13", "punycode", "unicode_escape", "cp037"]


@pytest.fixture
def forgiving():
    return Client(raise_request_exception=False)


def broken(request):
    raise RuntimeError("planted")


def answers(client, settings, monkeypatch, surgeon):
    """One answer of each kind: a page, a redirect, a file, and every error."""
    yield 200, client.get(reverse("sign-in"))
    yield 302, client.get(reverse("queue"))
    yield 200, client.head("/static/css/look.css")
    yield 404, client.get("/static/css/none.css")
    yield 404, client.get("/nowhere/\0/")
    yield 400, client.get(reverse("sign-in"), HTTP_HOST="elsewhere.example")
    yield 400, client.get(reverse("sign-in"), **{UNREADABLE: True})
    yield 403, Client(enforce_csrf_checks=True).post(reverse("sign-in"), {"username": "surgeon"})
    client.force_login(surgeon)
    yield 200, client.get(reverse("queue"))
    yield 404, client.get("/nowhere/")
    yield 403, client.get(reverse("events"))
    yield 405, client.get(reverse("sign-out"))
    monkeypatch.setattr("mdt.people.roster.teams_of", broken)
    yield 500, client.get(reverse("account"))
    settings.SECURE_SSL_REDIRECT = True
    yield 301, Client().get(reverse("sign-in"))  # a new client: settings are read when the handler is made


def test_every_answer_has_the_policy_and_the_headers(forgiving, settings, monkeypatch, surgeon):
    for code, answer in answers(forgiving, settings, monkeypatch, surgeon):
        said = f"{code} {answer.request['PATH_INFO']}"
        assert answer.status_code == code, said
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, said
        assert "frame-ancestors 'none'" in policy, said
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS, said
        is_file = answer.request["PATH_INFO"].endswith("look.css")
        assert ("no-store" in answer.headers["Cache-Control"]) is not is_file, said


def code_of(method, kind, encoding, body):
    """What the whole application answers, asked as a web server asks it."""
    factory = RequestFactory()
    asked = factory.generic(method, f"{reverse('sign-in')}?q=%2BAG%ff", body, content_type=kind).environ
    asked["CONTENT_TYPE"] = f"{kind}; charset={encoding}"
    codes = []
    b"".join(application(asked, lambda status, headers, *rest: codes.append(int(status[:3]))))
    return codes[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])
def test_a_request_in_no_readable_encoding_is_a_bad_request(kind, encoding):
    for body in (b"username=+AGE-", b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\n\xff\r\n--x--\r\n'):
        assert [code_of(method, kind, encoding, body) for method in ("GET", "POST")] == [400, 400]


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", '"utf8"', "us-ascii"])
def test_a_readable_request_passes(encoding):
    assert code_of("GET", "text/plain", encoding, b"") == 200
    assert code_of("POST", "application/x-www-form-urlencoded", encoding, b"") == 403, "it has no token"
