"""Figures for Prometheus: behind their token, right, and without a patient."""

import pytest
from django.test import RequestFactory, override_settings
from django.urls import include, path, reverse
from django.utils import timezone

from mdt.audit.actions import note_daily_check
from mdt.duties.models import Duty
from mdt.events.verification import verify
from mdt.metrics import metrics
from mdt.urls import handler500  # noqa: F401 - of this list of addresses too
from tests.builders import make_case

pytestmark = pytest.mark.django_db
TOKEN = "only-for-the-collector"
urlpatterns = [path("metrics/", metrics, name="metrics"), path("", include("mdt.urls"))]


@pytest.fixture(autouse=True)
def with_token(settings):
    settings.METRICS_TOKEN = TOKEN
    with override_settings(ROOT_URLCONF=__name__):
        yield


def ask(client):
    return client.get("/metrics/", headers={"Authorization": f"Bearer {TOKEN}"})


def test_without_the_token_nothing_is_told(client, settings, chair):
    assert client.get("/metrics/").status_code == 401
    assert client.get("/metrics/", headers={"Authorization": "Bearer wrong"}).status_code == 401
    client.force_login(chair)
    assert client.get("/metrics/").status_code == 401
    settings.METRICS_TOKEN = ""
    request = RequestFactory().get("/metrics/", headers={"Authorization": "Bearer "})
    assert metrics(request).status_code == 401


def test_it_counts_duties_lines_and_answers_and_names_no_patient(client, team, coordinator, surgeon):
    case = make_case(team=team, by=coordinator, name="Wang Unmistakable")
    client.force_login(surgeon)
    client.get(reverse("case", args=[case.reference]))
    client.get("/?q=Unmistakable")
    client.get("/Unmistakable/")
    note_daily_check(verdict=verify())
    text = ask(client).content.decode()
    assert 'mdt_http_requests_total{method="GET",status="200",view="case"}' in text
    assert 'view="none"' in text
    assert "mdt_log_lines " in text
    assert "mdt_checkpoint_age_seconds" in text
    assert "mdt_log_check_faults" in text
    assert "Unmistakable" not in text
    assert case.reference not in text


def test_a_backup_that_was_never_made_grows_old_and_tries_in_vain_are_counted(client, team, coordinator, settings):
    make_case(team=team, by=coordinator)
    assert "mdt_backup_age_seconds" not in ask(client).text, "none is wanted without a key"
    settings.BACKUP_KEY = "ab" * 32
    Duty.objects.create(
        kind="make-backup", subject="make-backup", due_at=timezone.now(), attempts=3, last_error="OSError: no room"
    )
    text = ask(client).text
    assert "mdt_backup_age_seconds" in text
    assert "mdt_backup_failures 3.0" in text
    assert 'mdt_disk_free_bytes{folder="data"}' in text
