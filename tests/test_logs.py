"""The program's log: each line JSON for machines, and nowhere what a patient is called."""

import io
import json
import logging
import logging.config

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mdt.duties import actions, registry
from mdt.duties.tasks import carry_out
from mdt.logs import JsonFormatter, LineFormatter
from tests.builders import make_case

pytestmark = pytest.mark.django_db
NAME, NUMBER = "Wang Unmistakable", "H-4711-SECRET"


@pytest.fixture(params=[JsonFormatter, LineFormatter])
def written(request):
    """What the log holds, by the formatter of the settings and at the level that says most."""
    stream, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    if request.param is JsonFormatter:
        assert all(
            {"at", "level", "logger", "message"} <= json.loads(line).keys() for line in stream.getvalue().splitlines()
        )


def broken(*_, **__):
    try:
        raise KeyError(NAME)
    except KeyError as error:
        raise IntegrityError(f"duplicate key\nDETAIL: Key (name)=({NAME}) exists") from error


def test_no_name_and_no_number_of_a_patient_is_written(written, team, coordinator, outsider, monkeypatch):
    case = make_case(team=team, by=coordinator, name=NAME, hospital_number=NUMBER)
    client = Client(raise_request_exception=False)
    for person in (coordinator, outsider):
        client.force_login(person)
        client.get("/", {"q": NAME})
        client.get(f"/nowhere/?q={NUMBER}")
        client.get(reverse("events"), {"q": NAME})
        client.post(case.get_absolute_url(), {"name": NAME})
        client.post("/cases/refer/", {"name": NAME, "hospital_number": NUMBER})
    monkeypatch.setattr("mdt.people.roster.teams_of", broken)
    assert client.get(reverse("account"), {"q": NAME}).status_code == 500
    monkeypatch.setitem(registry._handlers, "prepare-letters", broken)
    actions.owe(kind="prepare-letters", subject="meetings.Decision:1")
    for duty in actions.claim_due(now=timezone.now(), limit=20):
        carry_out(duty)
    text = written.getvalue()
    assert "IntegrityError" in text
    assert "in broken" in text
    assert not any(secret in text for secret in ("Unmistakable", NUMBER))


def test_the_settings_write_by_these(monkeypatch):
    formatters = settings.LOGGING["formatters"]
    assert {name: each["()"] for name, each in formatters.items()} == {
        "line": "mdt.logs.LineFormatter",
        "json": "mdt.logs.JsonFormatter",
    }
    logging.config.DictConfigurator(settings.LOGGING)  # it can be read
