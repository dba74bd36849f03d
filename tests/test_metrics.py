"""Figures for Prometheus: behind their token, right, and without a patient."""

import pytest
from django.test import RequestFactory, override_settings
from django.urls import include, path, reverse

from mdt.audit.actions import note_daily_check
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
