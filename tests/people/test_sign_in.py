"""Signing in and out, the first password, and the lock-out."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from tests.builders import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


def sign_in(client, username, password=PASSWORD, **fields):
    return client.post(reverse("sign-in"), {"username": username, "password": password, **fields})


def test_it_signs_in_and_leaves_a_line(client, team, surgeon):
    answer = sign_in(client, "surgeon")
    assert answer.status_code == 302
    assert answer.url == reverse("queue")
    line = Event.objects.get()
    assert (line.kind, line.by, line.team) == (Kind.SIGNED_IN, surgeon, team)


def test_who_audits_and_treats_nobody_begins_at_the_audit_and_may_open_the_queue(client, auditor, chair):
    assert sign_in(client, "auditor").url == reverse("audit")
    assert client.get(reverse("queue")).status_code == 200
    client.logout()
    assert sign_in(client, "auditor", next=reverse("queue")).url == reverse("audit"), "led there by the sign-in"
    client.logout()
    assert sign_in(client, "auditor", next=reverse("events")).url == reverse("events")
    client.logout()
    assert sign_in(client, "chair").url == reverse("queue"), "a chair reads the audit too, and has cases"


def test_it_goes_on_to_the_page_that_was_asked_for(client, surgeon):
    asked = client.get(reverse("account"))
    assert asked.url == f"{reverse('sign-in')}?next={reverse('account')}"
    assert sign_in(client, "surgeon", next=reverse("account")).url == reverse("account")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_it_never_leads_to_another_site(client, surgeon, elsewhere):
    assert sign_in(client, "surgeon", next=elsewhere).url == reverse("queue")


def test_a_wrong_password_is_refused_and_logged_without_it(client, team, surgeon):
    answer = sign_in(client, "surgeon", "wrong-horse-battery")
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    line = Event.objects.get()
    assert (line.kind, line.by, line.team, line.data) == (
        Kind.SIGN_IN_FAILED,
        None,
        team,
        {"username": "surgeon", "address": "127.0.0.1"},
    )


def test_a_name_that_no_account_has_is_not_kept(client, db):
    sign_in(client, "my-secret-password-in-the-wrong-field")
    line = Event.objects.get()
    assert (line.kind, line.team, line.data) == (Kind.SIGN_IN_FAILED, None, {"address": "127.0.0.1"})


def test_a_deactivated_person_is_refused(client, team):
    make_user("gone", team=team, is_active=False)
    assert sign_in(client, "gone").status_code == 200
    assert "_auth_user_id" not in client.session


def test_signing_out_needs_post_and_leaves_a_line(client, surgeon):
    sign_in(client, "surgeon")
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).url == reverse("sign-in")
    assert "_auth_user_id" not in client.session
    assert Event.objects.latest("number").kind == Kind.SIGNED_OUT


def test_the_account_is_locked_after_ten_failures_and_only_there(client, surgeon, chair):
    for _attempt in range(9):
        assert sign_in(client, "surgeon", "wrong").status_code == 200
    assert sign_in(client, "surgeon", "wrong").status_code == 429
    locked = sign_in(client, "surgeon")
    assert locked.status_code == 429
    assert "Too many attempts" in locked.content.decode()
    assert sign_in(client, "chair").status_code == 302, "another account at the same place is open"
    client.logout()
    elsewhere = client.post(reverse("sign-in"), {"username": "surgeon", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 302, "the same account is open at another place"


def test_a_new_first_password_lifts_the_lock(client, surgeon, admin):
    for _attempt in range(10):
        sign_in(client, "surgeon", "wrong")
    actions.set_password(person=surgeon, by=admin, password="another-horse-battery")
    assert sign_in(client, "surgeon", "another-horse-battery").status_code == 302


def test_a_first_password_opens_only_the_page_where_it_is_replaced(client, team, admin):
    person = actions.add_person(
        team=team, by=admin, username="new", name="New", password=PASSWORD, roles=["administrator"]
    )
    sign_in(client, "new")
    for page in ("teams", "account", "queue"):
        assert client.get(reverse(page)).url == reverse("password-change")
    page = client.get(reverse("password-change"))
    assert "set by somebody else" in page.content.decode()
    answer = client.post(
        reverse("password-change"), {"present": PASSWORD, "new": "quite-another-pass", "again": "quite-another-pass"}
    )
    assert answer.url == reverse("account")
    assert client.get(reverse("teams")).status_code == 200, "still signed in, and free"
    person.refresh_from_db()
    assert person.check_password("quite-another-pass")
    assert Event.objects.filter(kind=Kind.PERSON_CHANGED).latest("number").data["changed"] == ["password"]


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"present": "wrong"}, "present"),
        ({"new": "short", "again": "short"}, "new"),
        ({"new": "123456789012", "again": "123456789012"}, "new"),
        ({"again": "something-different"}, "again"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
    ],
)
def test_a_bad_new_password_stores_nothing(client, surgeon, entries, field):
    client.force_login(surgeon)
    good = {"present": PASSWORD, "new": "quite-another-pass", "again": "quite-another-pass"}
    answer = client.post(reverse("password-change"), {**good, **entries})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    surgeon.refresh_from_db()
    assert surgeon.check_password(PASSWORD)
