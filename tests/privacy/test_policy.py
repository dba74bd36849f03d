"""The policy of retention: figures only where somebody said them, and a file that cannot be meant stops the program."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils import timezone

from mdt.events.models import Event
from mdt.people.models import Role
from mdt.privacy import actions, page
from mdt.privacy.policy import KINDS, SHIPPED, read_policy
from tests.builders import make_case, make_user


def changed(tmp_path, old, new):
    text = SHIPPED.read_text()
    assert old in text
    path = tmp_path / "retention.toml"
    path.write_text(text.replace(old, new, 1))
    return str(path)


def test_the_shipped_policy_states_no_years_of_its_own():
    shipped = read_policy(str(SHIPPED))
    assert [kind.code for kind in shipped.kinds] == list(KINDS)
    assert {kind.years for kind in shipped.kinds} == {None}
    assert all(set(kind.words) == {"en", "zh-hans"} for kind in shipped.kinds)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[kind.record]\n", "[kind.record]\nyears = 0\n"),
        ("[kind.record]\n", '[kind.record]\nyears = "30"\n'),
        ("[kind.record]\n", "[kind.record]\nyears = true\n"),
        ("[kind.log]\n", "[kind.log]\nyears = 6\n"),
        ("[kind.log]\nerasable = false", "[kind.log]\nerasable = true"),
        ("[kind.record]", "[kind.recrod]"),
        ('"last_entry"', '"born_on"'),
        ('code = "gdpr-17-3-c"', 'code = "gdpr-17-3-b"'),
        ("version =", "version"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused_by_name(tmp_path, old, new):
    path = changed(tmp_path, old, new)
    with pytest.raises(ImproperlyConfigured, match=r"retention\.toml"):
        read_policy(path)


@pytest.mark.django_db
def test_nothing_falls_due_before_the_hospital_has_said_the_years(team, coordinator, settings, tmp_path):
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    old, _young, held = (make_case(team=team, by=coordinator) for _ in range(3))
    actions.place_hold(case=held, by=officer, reason="A claim is pending.")
    ago = timezone.now() - timedelta(days=11 * 366)
    age([old, held], ago)
    assert page.due_records([team.pk]) == []
    settings.RETENTION_POLICY = changed(tmp_path, "[kind.record]\n", "[kind.record]\nyears = 10\n")
    due = page.due_records([team.pk])
    assert {row.case for row in due} == {old, held}
    assert [row.is_held for row in due if row.case == held] == [True]
    assert page.due_records([]) == []


@pytest.mark.django_db
def test_a_younger_case_of_the_same_patient_keeps_the_older_one(team, coordinator, settings, tmp_path):
    old = make_case(team=team, by=coordinator, hospital_number="H-same", name="Li Same")
    make_case(team=team, by=coordinator, hospital_number="H-same", name="Li Same", question="And now?")
    age([old], timezone.now() - timedelta(days=11 * 366))
    settings.RETENTION_POLICY = changed(tmp_path, "[kind.record]\n", "[kind.record]\nyears = 10\n")
    assert page.due_records([team.pk]) == []


def age(cases, at):
    """Let what the log says of these cases have happened then."""
    from django.db import connection

    from mdt.events import guards

    guards.remove(connection, ["events_event"])
    models.QuerySet(Event).filter(case_reference__in=[case.reference for case in cases]).update(at=at)
    guards.install(connection, ["events_event"])


@pytest.mark.django_db
def test_the_pages_of_the_privacy_office_lead_from_the_request_to_the_erasure(
    team, coordinator, client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ERASURE_FILE = str(tmp_path / "erasures.txt")
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    chair = make_user("chair", team=team, roles=(Role.CHAIR,))
    case = make_case(team=team, by=coordinator, name="Zhao Gone")
    client.force_login(officer)
    assert "not stated" in client.get("/privacy/").content.decode()
    form = {"reference": case.reference, "asked_by": "patient", "right": "pipl-47", "asked_on": timezone.localdate()}
    missing = client.post("/privacy/requests/ask/", {**form, "reference": "XY-2026-0001", "text": "By letter."})
    assert missing.status_code == 422
    asked = client.post("/privacy/requests/ask/", {**form, "text": "By letter."})
    url = asked.url
    assert "Zhao Gone" in client.get(url).content.decode()
    assert client.post(f"{url}decide/", {"outcome": "granted", "reason": "No ground."}).status_code == 302
    own = {"reference": case.reference, "password": "correct-horse-battery"}
    assert client.post(f"{url}carry-out/", own).status_code == 422, "who decided"
    client.force_login(chair)
    wrong = client.post(f"{url}carry-out/", {**own, "password": "wrong"})
    assert wrong.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}carry-out/", own).status_code == 302
    said = client.get(url).content.decode()
    assert "Zhao Gone" not in said
    assert case.reference in said
    assert case.reference in (tmp_path / "erasures.txt").read_text()
    client.force_login(officer)
    assert "carried out" in client.get("/privacy/").content.decode()
