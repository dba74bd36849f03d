"""Attendance on the page of a meeting: one click for all who said that they come, and no row moves by a click."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from mdt.meetings.models import AttendanceMark, Reply
from tests.builders import make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_seven_who_said_that_they_come_are_marked_by_one_click_without_a_reload(page, axe, live_server, team, chair):
    meeting = plan(team, chair, chair=chair, starts_at=timezone.now())
    people = [make_user(f"d-{number}", discipline="surgery", team=team, name=f"Lin {number}") for number in range(8)]
    for person in people[:7]:
        Reply.objects.create(meeting=meeting, person=person, answer="comes", replied_by=person)
    page.goto(live_server.url + reverse("sign-in"))
    page.fill("[name=username]", chair.username)
    page.fill("[name=password]", "correct-horse-battery")
    page.press("[name=password]", "Enter")
    page.wait_for_url(live_server.url + "/")
    page.goto(live_server.url + meeting.get_absolute_url())
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    page.get_by_role("button", name="All 7 who said that they come are here").click()
    expect(page.locator("#attendance .panel-head")).to_contain_text("7 present")
    assert {mark.person for mark in AttendanceMark.objects.all()} == set(people[:7])

    last = page.locator("#attendance form.seat", has=page.get_by_role("group", name="Dr Lin 7"))
    before = last.bounding_box()
    last.get_by_role("button", name="video").click()
    expect(page.locator("#attendance .panel-head")).to_contain_text("8 present")
    after = last.bounding_box()
    assert (after["x"], after["width"], after["height"]) == (before["x"], before["width"], before["height"])
    expect(last.get_by_role("button", name="video")).to_be_focused()
    axe(page)
    assert loads == []
