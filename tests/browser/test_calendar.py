"""A series from the form to an answer, in the browser: dates appear as one chooses, and every page is accessible."""

import re
from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from mdt.meetings.models import Series

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(page, live_server, client, coordinator):
    def sign_in(person):
        client.force_login(person)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        return page

    return sign_in


def test_a_series_is_made_from_the_dates_that_were_shown_and_answered_with_one_click(
    signed_in, live_server, coordinator, radiologist, axe
):
    page = signed_in(coordinator)
    page.goto(live_server.url + reverse("meetings"))
    page.keyboard.press("s")
    page.wait_for_url("**/meetings/series/")
    page.keyboard.press("n")
    page.get_by_label("Name").fill("Upper GI board")
    assert not page.locator("#id_rule").is_visible()
    page.get_by_label("How often").select_option("monthly")
    page.get_by_label("last", exact=True).check()
    dates = page.locator("#dates tbody tr")
    dates.nth(9).wait_for()
    assert re.match("each month on the last", page.locator("#dates .panel-head .muted").inner_text())
    axe(page)
    page.get_by_label("How often").select_option("weekly")
    page.locator("#dates .muted", has_text=re.compile("^every ")).wait_for()
    shown = [row.split("\t")[0] for row in dates.all_inner_texts()]
    page.get_by_role("button", name="Start the series").click()
    page.wait_for_url("**/meetings/series/GC-S1/")
    assert [row.split("\t")[0] for row in dates.all_inner_texts()] == shown
    axe(page)
    page.locator("#id_person").select_option(str(radiologist.pk))
    page.get_by_role("button", name="Add a core member").click()
    page.get_by_text("no deputy").wait_for()

    page = signed_in(radiologist)
    page.goto(live_server.url + reverse("my-meetings"))
    axe(page)
    first = page.locator(".seat").first
    first.get_by_role("button", name="cannot").click()
    page.get_by_text(re.compile("GC-M1: cannot come")).wait_for()
    first.get_by_role("button", name="Undo").click()
    page.get_by_text(re.compile("GC-M1: no answer")).wait_for()


def test_the_calendar_fits_a_phone_and_is_accessible(signed_in, live_server, coordinator, axe):
    from mdt.meetings.calendar import actions

    today = timezone.localdate()
    team = coordinator.memberships.get().team
    actions.start_series(
        team=team,
        by=coordinator,
        name="N" * 120,
        rule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=today,
        begins_at=time(14, 0),
        cut_off_unit=Series.CutOffUnit.HOURS,
        place="P" * 120,
        mode="hybrid",
    )
    closed_on = team.meetings.order_by("starts_at")[1].local_start.date()
    actions.close_days(team=team, by=coordinator, first_on=closed_on, last_on=closed_on, label="L" * 80)
    page = signed_in(coordinator)
    names = ("meetings", "my-meetings", "series-list", "series-start", "calendar-feeds")
    addresses = [*map(reverse, names), reverse("series", args=["GC-S1"]), reverse("team-calendar", args=["gc"])]
    wide = {}
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for address in [*addresses, team.meetings.first().get_absolute_url()]:
            page.goto(live_server.url + address)
            wide[width, address] = page.evaluate("document.documentElement.scrollWidth") - width
            axe(page)
    assert set(wide.values()) == {0}, wide
