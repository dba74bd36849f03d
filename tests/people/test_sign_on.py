"""The hospital's own sign-on, against a real OpenID provider in a process of its own."""

import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from mdt import environment
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import ProviderIdentity, Role, SignIn
from mdt.privacy import actions as privacy_actions
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuer():
    """Address of a running provider that knows every client."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--host", "localhost", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        for _attempt in range(150):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=2).raise_for_status()
                break
            except requests.RequestException:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def hospital(issuer, settings):
    settings.OIDC = {
        "issuer": issuer,
        "client_id": "mdt",
        "client_secret": "a secret of both",
        "username_claim": "preferred_username",
    }
    return issuer


def knows(hospital, subject, **claims):
    requests.put(f"{hospital}/users/{subject}", json=claims, timeout=5).raise_for_status()


def way_there(client, **asked):
    answer = client.get(reverse("sign-on"), asked)
    assert answer.status_code == 302, answer.text
    return answer.url


def back_from(there, subject):
    """Sign on at the provider as this subject; the way back that it names."""
    answer = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def sign_on(client, subject, **asked):
    return client.get(back_from(way_there(client, **asked), subject))


def test_without_a_provider_there_is_no_door(client, settings):
    assert settings.OIDC == {}
    assert client.get(reverse("sign-on")).url == reverse("sign-in")
    assert client.get(reverse("sign-on-answer")).url == reverse("sign-in")
    assert reverse("sign-on") not in client.get(reverse("sign-in")).text


def test_it_signs_in_the_account_of_the_same_name_and_links_it(client, hospital, team, surgeon):
    knows(hospital, "s-4711", preferred_username="surgeon")
    page = client.get(reverse("sign-in"), {"next": reverse("account")})
    assert f"{reverse('sign-on')}?next={reverse('account')}" in page.text
    there = way_there(client, next=reverse("account"))
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"]
    assert client.get(back_from(there, "s-4711")).url == reverse("account")
    assert client.get(reverse("account")).status_code == 200
    assert SignIn.objects.get().way == SignIn.Way.PROVIDER
    identity = ProviderIdentity.objects.get()
    assert (identity.person, identity.issuer, identity.subject) == (surgeon, hospital, "s-4711")
    kinds = list(Event.objects.filter(team=team).order_by("number").values_list("kind", flat=True))
    assert kinds == [Kind.SIGN_ON_LINKED, Kind.SIGNED_IN]


def test_a_linked_account_is_found_by_its_identity_and_never_again_by_name(client, hospital, surgeon):
    knows(hospital, "s-1", preferred_username="surgeon")
    sign_on(client, "s-1")
    client.logout()
    knows(hospital, "s-1", preferred_username="renamed")
    assert sign_on(client, "s-1").status_code == 302
    client.logout()
    knows(hospital, "impostor", preferred_username="surgeon")
    refused = sign_on(client, "impostor")
    assert refused.status_code == 403
    assert "no open account" in refused.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("name", ["nobody-of-this-name", "boss", "closed", 7, ""])
def test_it_makes_no_account_and_opens_no_closed_one(client, hospital, team, name):
    make_user("boss", is_superuser=True)
    make_user("closed", team=team, is_active=False)
    knows(hospital, f"x-{name}", preferred_username=name)
    assert sign_on(client, f"x-{name}").status_code == 403
    assert not ProviderIdentity.objects.exists()
    assert Event.objects.latest("number").kind == Kind.SIGN_IN_FAILED


def test_a_second_factor_is_asked_for_unless_the_provider_asked(client, hospital, chair):
    factor = actions.begin_second_factor(person=chair)
    codes = pyotp.TOTP(factor.secret)
    actions.confirm_second_factor(person=chair, code=codes.at(timezone.now().timestamp() - 30))
    knows(hospital, "c-1", preferred_username="chair")
    assert sign_on(client, "c-1").url == reverse("sign-in-code")
    assert client.get(reverse("account")).status_code == 302
    assert client.post(reverse("sign-in-code"), {"code": codes.now()}).status_code == 302
    assert client.get(reverse("account")).status_code == 200
    client.logout()
    knows(hospital, "c-1", preferred_username="chair", amr=["pwd", "mfa"])
    assert sign_on(client, "c-1").url == reverse("queue")
    assert client.session["second_factor"]


def test_who_signs_confirms_at_the_provider_as_themselves_and_just_now(client, hospital, chair, surgeon):
    knows(hospital, "c-1", preferred_username="chair")
    knows(hospital, "s-1", preferred_username="surgeon")
    sign_on(client, "c-1")
    there = way_there(client, again="1", next=reverse("account"))
    asked = parse_qs(urlsplit(there).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert client.get(back_from(there, "s-1")).status_code == 403
    assert "confirmed_at" not in client.session
    knows(hospital, "c-1", preferred_username="chair", auth_time=int(time.time()) - 3600)
    assert sign_on(client, "c-1", again="1").status_code == 403, "they signed on an hour ago"
    knows(hospital, "c-1", preferred_username="chair", auth_time=int(time.time()))
    assert sign_on(client, "c-1", again="1", next=reverse("account")).url == reverse("account")
    assert client.session["confirmed_at"]


def test_where_each_signature_asks_a_confirmation_at_the_provider_serves_one(client, hospital, team, chair, case):
    """For somebody who has no password here, also where three minutes are not enough."""
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    asked = {"asked_by": "patient", "right": "gdpr-17", "asked_on": timezone.localdate(), "text": "By letter."}
    order = privacy_actions.ask_erasure(case=case, by=officer, **asked)
    granted = {"outcome": "granted", "parts": [], "exceptions": [], "reason": "No ground to keep it."}
    privacy_actions.decide_erasure(request=order, by=officer, **granted)
    chair.set_unusable_password()
    chair.save()
    knows(hospital, "c-1", preferred_username="chair", auth_time=int(time.time()))
    sign_on(client, "c-1")
    url = reverse("erasure-carry-out", args=[order.pk])
    page = client.get(order.get_absolute_url()).content.decode()
    assert "Confirm at the hospital sign-on" in page
    assert client.post(url, {"reference": case.reference, "password": ""}).status_code == 422
    assert sign_on(client, "c-1", again="1", next=order.get_absolute_url()).url == order.get_absolute_url()
    assert client.post(url, {"reference": "GC-0000-0000", "password": ""}).status_code == 422, "the wrong case"
    sign_on(client, "c-1", again="1", next=order.get_absolute_url())
    assert client.post(url, {"reference": case.reference, "password": ""}).status_code == 302
    assert "provider_confirmed_at" not in client.session, "it served one signature"


def test_every_form_that_asks_for_a_password_shows_the_way_to_the_provider():
    """Each template that shows such a form includes the link, or has its own."""
    shows = re.compile(r"sign_form(?:\.password\.label|\|crispy)|step\.form\|crispy|carry_out_form\|crispy")
    links = ("people/_confirm_at_provider.html", "sign_form.provider_url")
    templates = {path: path.read_text(encoding="utf-8") for path in (settings.BASE_DIR / "templates").rglob("*.html")}
    asking = {path.name for path, text in templates.items() if shows.search(text)}
    assert len(asking) >= 5
    assert {path.name for path, text in templates.items() if any(link in text for link in links)} >= asking


def test_an_answer_that_was_not_asked_for_opens_nothing(client, hospital, surgeon):
    knows(hospital, "s-1", preferred_username="surgeon")
    stolen = back_from(way_there(client), "s-1")
    other = type(client)()
    assert other.get(stolen).url == reverse("sign-in"), "another browser did not ask"
    way_there(other)
    assert other.get(stolen).status_code == 403, "it asked, but not this"
    assert client.get(stolen).status_code == 302
    client.logout()
    assert client.get(stolen).url == reverse("sign-in"), "an answer serves once"
    way_there(client)
    state = parse_qs(urlsplit(stolen).query)["state"][0]
    assert client.get(reverse("sign-on-answer"), {"code": "forged", "state": state}).status_code == 403


def test_who_declines_there_is_not_signed_in_here(client, hospital, surgeon):
    there = way_there(client)
    answer = requests.post(there, data={"action": "deny"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert client.get(f"{back.path}?{back.query}").status_code == 403


def test_a_provider_that_is_away_is_said_and_passwords_still_work(client, settings, surgeon):
    settings.OIDC = {
        "issuer": "http://localhost:9",
        "client_id": "away",
        "client_secret": "",
        "username_claim": "preferred_username",
    }
    assert client.get(reverse("sign-on")).status_code == 403
    entries = {"username": "surgeon", "password": "correct-horse-battery"}
    assert client.post(reverse("sign-in"), entries).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(client, hospital, surgeon, elsewhere):
    knows(hospital, "s-1", preferred_username="surgeon")
    assert sign_on(client, "s-1", next=elsewhere).url == reverse("queue")


def test_an_administrator_unlinks_an_account(client, hospital, team, surgeon, admin):
    actions.link_to_provider(person=surgeon, issuer=hospital, subject="old")
    client.force_login(admin)
    assert client.post(reverse("person-unlink", args=[team.code, "surgeon"])).status_code == 302
    assert not ProviderIdentity.objects.exists()
    assert Event.objects.get(kind=Kind.SIGN_ON_UNLINKED).by == admin


def test_the_environment_names_the_provider(monkeypatch):
    assert environment.provider("MDT_OIDC") == {}
    monkeypatch.setenv("MDT_OIDC_ISSUER", "https://sso.example.org/")
    with pytest.raises(ImproperlyConfigured, match="MDT_OIDC_CLIENT_ID"):
        environment.provider("MDT_OIDC")
    monkeypatch.setenv("MDT_OIDC_CLIENT_ID", "mdt")
    assert environment.provider("MDT_OIDC")["issuer"] == "https://sso.example.org"
    monkeypatch.setenv("MDT_OIDC_ISSUER", "http://sso.example.org/")
    with pytest.raises(ImproperlyConfigured, match="https"):
        environment.provider("MDT_OIDC")
