"""The audit's pictures, survival and annual report in the browser: accessible in every dress, legible on paper."""

import random
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.audit.models import AuditRow
from mdt.duties.actions import claim_due
from mdt.duties.tasks import carry_out

pytestmark = pytest.mark.django_db(transaction=True)
DECIDED_ON = date(2026, 3, 4)


@pytest.fixture
def year(team):
    """Rows of forty decisions in a year, with follow-up by lot."""
    draw = random.Random(5)
    AuditRow.objects.bulk_create(
        AuditRow(
            item_id=1_000_000 + place, case_id=1_000_000 + place, meeting_id=1, decision_id=place, team_id=team.pk,
            pathway="gclm", edition="c-gclm 2019", meeting_on=date(2026, 1 + place % 8, 3), ended="decided",
            proposed=draw.choice(["I", "II", ""]), confirmed=draw.choice(["I", "II", "III"]), verdict="confirmed",
            concordance=draw.choice(["concordant", "different_with_reason"]), departure="technical",
            implementation=draw.choice(["full", "not_done", "unknown"]),
            treatment=draw.choice(["conversion", "systemic"]),
            ready_after_days=4, discussed_after_days=place % 9, is_signed=True,
            died_on=DECIDED_ON + timedelta(days=draw.randint(200, 900)) if place % 2 else None,
        )
        for place in range(40)
    )  # fmt: skip


@pytest.fixture
def reading(page, live_server, client, auditor):
    client.force_login(auditor)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize("name", ["audit-pictures", "audit-survival"])
def test_a_page_of_pictures_is_accessible_in_every_dress_and_fits_a_phone(name, reading, year, live_server, axe):
    page = reading
    for language, theme, width in (("en", "light", 1280), ("zh-hans", "dark", 390)):
        page.context.add_cookies([{"name": "mdt_language", "value": language, "url": live_server.url}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}{reverse(name)}?from=2026-01-01&to=2026-12-31")
        page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
        assert page.locator("svg.chart").count() >= 2
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        axe(page)


def test_paper_is_light_and_shows_all_rows_whatever_the_screen_has(reading, year, live_server):
    page = reading
    page.goto(f"{live_server.url}{reverse('audit-pictures')}?from=2026-01-01&to=2026-12-31")
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    tall, title = page.locator(".tall").first, page.locator("h1")
    ink = "element => getComputedStyle(element).color"
    on_screen = title.evaluate(ink)
    page.emulate_media(media="print")
    assert title.evaluate(ink) != on_screen
    assert tall.evaluate("element => element.scrollHeight <= element.clientHeight + 1")
    assert page.locator(".topbar").is_hidden()


def test_a_report_is_asked_for_and_appears_without_a_reload(reading, year, live_server, axe):
    page = reading
    page.goto(live_server.url + reverse("annual-reports"))
    axe(page)
    page.get_by_label("Period").select_option("2026")
    page.get_by_role("button", name="Make the report").click()
    page.get_by_role("heading", name="Waiting for its turn").wait_for()
    axe(page)
    (duty,) = (duty for duty in claim_due(now=timezone.now(), limit=20) if duty.kind == "annual-report")
    carry_out(duty)
    page.get_by_role("link", name="Open the PDF").wait_for()
    axe(page)
    answer = page.request.get(live_server.url + page.get_by_role("link", name="Open the PDF").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
