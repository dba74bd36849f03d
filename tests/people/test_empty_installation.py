"""From nothing to the first case: an installation without demonstration data leads its first person on."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.events.verification import verify
from mdt.people.models import Team, User

pytestmark = pytest.mark.django_db

FIRST, OWN = "handed-over-on-paper", "chosen-by-the-person"


@pytest.fixture
def signed_in_superuser(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-root-password")
    call_command("createsuperuser", "--noinput", username="root", email="root@example.org")
    client.post(reverse("sign-in"), {"username": "root", "password": "a-long-root-password"})
    return client


def add(client, username, discipline, *roles):
    return client.post(
        reverse("person-add", args=["UGI"]),
        {"username": username, "name": username.title(), "discipline": discipline, "roles": roles, "password": FIRST},
    )


def sign_in_for_the_first_time(client, username):
    client.post(reverse("sign-out"))
    client.post(reverse("sign-in"), {"username": username, "password": FIRST})
    return client.post(reverse("password-change"), {"present": FIRST, "new": OWN, "again": OWN})


def test_the_landing_page_leads_the_superuser_to_the_first_team(signed_in_superuser):
    landing = signed_in_superuser.get(reverse("queue"), follow=True)
    assert landing.redirect_chain == [(reverse("teams"), 302)]
    assert "No team yet" in landing.content.decode()
    assert reverse("team-create") in landing.content.decode()


def test_somebody_in_no_team_is_told_whom_to_ask(client):
    client.force_login(User.objects.create_user("lost", password=OWN))
    page = client.get(reverse("queue"))
    assert page.status_code == 200
    assert "You are in no team yet" in page.content.decode()


def test_a_new_team_says_what_it_still_needs_until_it_has_it(signed_in_superuser):
    client = signed_in_superuser
    client.post(reverse("team-create"), {"name": "Upper GI board", "hospital": "Harbour Hospital", "code": "ugi"})
    team = reverse("team", args=["UGI"])

    def open_steps():
        return [str(step.label) for step in client.get(team).context["steps"] if not step.is_done]

    assert len(open_steps()) == 4
    add(client, "cora", "coordination", "coordinator")
    assert "first case" in open_steps()[-1]
    add(client, "chen", "surgery", "chair")
    add(client, "rana", "radiology", "member")
    add(client, "olga", "oncology", "member")
    assert open_steps()[0].startswith("An auditor")
    add(client, "aude", "", "auditor")
    assert open_steps() == []


def test_from_the_first_account_to_the_first_case(signed_in_superuser):
    client = signed_in_superuser
    client.post(reverse("team-create"), {"name": "Upper GI board", "hospital": "Harbour Hospital", "code": "ugi"})
    add(client, "cora", "coordination", "coordinator")
    assert client.get(reverse("case-refer")).status_code == 403, "a superuser sees no patient"

    assert sign_in_for_the_first_time(client, "cora").url == reverse("account")
    queue = client.get(reverse("queue"))
    assert queue.status_code == 200
    assert reverse("case-refer") in queue.content.decode()
    answer = client.post(
        reverse("case-refer"),
        {
            "team": Team.objects.get().pk,
            "hospital_number": "H1",
            "name": "Wang Fang",
            "born_on": "1960-05-17",
            "sex": "female",
            "question": "Resection first, or systemic treatment?",
            "reason": "new",
            "referrer": "Dr Bai",
            "urgency": "routine",
            "target_on": timezone.localdate() + timedelta(days=14),
            "pathway": "gclm",
        },
    )
    assert answer.status_code == 302, answer.context["form"].errors
    case = Case.objects.get()
    assert case.reference == f"UGI-{timezone.localdate().year}-0001"
    assert client.get(answer.url).status_code == 200
    assert case.reference in client.get(reverse("queue")).content.decode()
    assert verify().is_whole
