"""A person's language and e-mail address: on the account page and on the administrators' form."""

import pytest
from django.urls import reverse

from mdt.events.models import Event
from mdt.people.actions import version_of
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def fields(person, **changes):
    return {"title": "Dr", "name": "Shen", "email": "", "language": "", "version": version_of(person), **changes}


def test_somebody_chooses_their_language_and_the_pages_speak_it_at_once(client, surgeon):
    client.force_login(surgeon)
    answer = client.post(
        reverse("account"), fields(surgeon, language="zh-hans", email="s@hospital.example"), follow=True
    )
    surgeon.refresh_from_db()
    assert (surgeon.language, surgeon.email) == ("zh-hans", "s@hospital.example")
    assert "我的账户" in answer.content.decode()
    line = Event.objects.get(kind="person-changed").data
    assert line["changed"] == ["email", "language", "name"]
    assert "hospital.example" not in str(line)


def test_after_signing_in_the_pages_speak_the_persons_language(client, team):
    make_user("shen", team=team, language="zh-hans")
    answer = client.post(reverse("sign-in"), {"username": "shen", "password": "correct-horse-battery"}, follow=True)
    assert answer.headers["Content-Language"] == "zh-hans"


def test_who_chose_none_keeps_the_language_of_the_browser(client, surgeon):
    answer = client.post(reverse("sign-in"), {"username": "surgeon", "password": "correct-horse-battery"})
    assert "mdt_language" not in answer.cookies


@pytest.mark.parametrize("email", ["no address", "a@b.example\nBcc: c@d.example"])
def test_an_address_that_is_none_is_refused(client, surgeon, email):
    client.force_login(surgeon)
    assert client.post(reverse("account"), fields(surgeon, email=email)).status_code == 422


def test_an_administrator_gives_a_person_an_address(client, team, admin, surgeon):
    client.force_login(admin)
    changes = fields(surgeon, email="s@hospital.example", discipline="surgery")
    assert client.post(reverse("person-change", args=[team.code, "surgeon"]), changes).status_code == 302
    surgeon.refresh_from_db()
    assert surgeon.email == "s@hospital.example"
