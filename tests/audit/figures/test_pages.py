"""The pages of figures: who may read them, and that opening cases behind a number is logged."""

import pytest
from django.urls import reverse

from mdt.audit.models import AuditRow
from mdt.audit.rows.actions import behind
from mdt.events.models import Event
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting with a case on its agenda

pytestmark = pytest.mark.django_db
PAGES = ("audit", "audit-cases")


@pytest.mark.parametrize("name", PAGES)
def test_chair_and_auditor_read_it_and_nobody_else(name, client, chair, auditor, surgeon, coordinator, admin):
    for person, status in [(chair, 200), (auditor, 200), (surgeon, 403), (coordinator, 403), (admin, 403)]:
        client.force_login(person)
        assert client.get(reverse(name)).status_code == status


def test_a_page_takes_in_what_was_done_since(signed, client, auditor):
    assert behind() > 0
    client.force_login(auditor)
    page = client.get(reverse("audit"), {"to": signed.meeting.local_start.date().isoformat()})
    assert page.context["counts"].decided == 1
    assert AuditRow.objects.count() == 1
    assert behind() == 0


def test_cases_behind_a_number_count_as_opened(signed, client, auditor):
    client.force_login(auditor)
    answer = client.get(reverse("audit-cases"), {"to": signed.meeting.local_start.date().isoformat()})
    assert signed.case.reference in answer.content.decode()
    assert signed.case.patient.name not in answer.content.decode()
    line = Event.objects.get(kind="case-opened", by=auditor)
    assert (line.case_reference, line.data) == (signed.case.reference, {"page": "audit"})


def test_a_number_that_matches_nothing_opens_nothing(signed, client, auditor):
    client.force_login(auditor)
    answer = client.get(reverse("audit-cases"), {"only": "deferred"})
    assert "Nothing in this period fits" in answer.content.decode()
    assert not Event.objects.filter(kind="case-opened", by=auditor).exists()


def test_what_was_not_understood_is_said(client, auditor):
    client.force_login(auditor)
    assert "implementation=&lt;b&gt;" in client.get(reverse("audit"), {"implementation": "<b>"}).content.decode()
