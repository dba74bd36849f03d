"""A case that is not ready says what it lacks, from whom, and leads there."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.lacking import lacking
from tests.builders import complete_case, make_case
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(team, coordinator):
    return make_case(team=team, by=coordinator)


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def line(client, url: str) -> str:
    return client.get(url).text.partition('class="lacks')[2].partition("</p>")[0]


def test_the_head_of_every_page_of_the_case_names_what_is_missing_with_its_way(client, case, radiologist):
    client.force_login(radiologist)
    for name in ("case", "case-findings", "case-decisions"):
        html = line(client, reverse(name, args=[case.reference]))
        assert "Not ready: " in plain(html)
        assert "(ask Radiology)" in plain(html)
        assert html.count("href=") - html.count("#ask-") == len(lacking(case, radiologist)) > 3
    ways = [lack.url for lack in lacking(case, radiologist) if lack.owner == "radiology"]
    for way in ways:
        page, _hash, field = way.partition("#")
        assert page == reverse("finding-record", args=[case.reference, "radiology"]) + f"?field={field}"
        assert f'id="{field}"' in client.get(page).text


def test_who_may_enter_nothing_is_led_to_the_list(client, case, auditor):
    client.force_login(auditor)
    ways = {lack.url for lack in lacking(case, auditor)}
    assert ways == {f"{case.get_absolute_url()}#readiness"}
    assert 'id="readiness"' in client.get(case.get_absolute_url()).text


def test_a_ready_case_lacks_nothing(client, case, coordinator):
    case = complete_case(case, coordinator)
    client.force_login(coordinator)
    assert lacking(case, coordinator) == []
    assert "Not ready:" not in plain(client.get(case.get_absolute_url()).text)


def test_the_boxes_for_the_reason_to_list_it_all_the_same_name_it_too(client, team, case, chair, coordinator):
    meeting = plan(team, coordinator, chair=chair, starts_at=timezone.now() + timedelta(days=3))
    client.force_login(coordinator)
    for url in (meeting.get_absolute_url(), f"{reverse('meetings')}?case={case.reference}"):
        html = line(client, url)
        assert "Not ready: " in plain(html)
        assert html.count("href=") - html.count("#ask-") == len(lacking(case, coordinator))
