"""The main line without a mouse: from the sign-in into the meeting room, by Tab, Space, Enter and the pages' own keys.

How a decision is recorded there by keys is in tests/browser/test_meeting_room.py. Nothing is focused, filled or clicked
by script; whoever cannot use a mouse gets there too (WCAG 2.1.1, 2.1.2, 2.4.3).
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from mdt.people.models import Role
from tests.builders import make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"
MOST_TABS = 400
ON_CASE = re.compile(r"/cases/GC-\d{4}-\d{4}/$")


class Keys:
    """A keyboard, and eyes that see where the focus is."""

    def __init__(self, page):
        self.page = page

    def press(self, *names):
        for name in names:
            self.page.keyboard.press(name)

    def to(self, selector, key="Tab"):
        """Tab on until the focus is on something that fits."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return self
            self.press(key)
        raise AssertionError(f"{selector} is not reached in {MOST_TABS} steps")

    def type(self, text):
        self.page.keyboard.type(text)

    def field(self, name, text):
        self.to(f"[name='{name}']").type(text)

    def day(self, name, value):
        """A date in Chromium's own field: month, day, year."""
        self.field(name, f"{value:%m%d%Y}")

    def focused(self):
        return self.page.evaluate("document.activeElement.innerText || document.activeElement.name")


@pytest.fixture
def meeting(team, coordinator):
    return plan(team, coordinator)


@pytest.fixture
def keys(page):
    return Keys(page)


def test_from_the_sign_in_into_the_room_without_a_mouse(page, keys, live_server, team, meeting):
    make_user("everybody", discipline="surgery", team=team, roles=(Role.CHAIR, Role.COORDINATOR))
    page.goto(f"{live_server.url}/sign-in/")
    keys.field("username", "everybody")
    keys.field("password", PASSWORD)
    keys.press("Enter")
    page.wait_for_url(f"{live_server.url}/")

    keys.press("Tab")
    assert keys.focused() == "Skip to content"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    keys.press("Control+k")
    page.locator("#found-page-1").wait_for()
    keys.type("refer a case")
    page.locator("#found-page-1").wait_for()
    keys.press("Enter")
    page.wait_for_url("**/cases/refer/")
    keys.to("[name=pathway]").type("Gastric")
    keys.field("hospital_number", "000 4471")
    keys.field("name", "Lin Meihua")
    keys.day("born_on", timezone.localdate().replace(year=1958, month=2, day=3))
    keys.to("[name=sex]").type("female")
    keys.field("question", "Can both be removed together?")
    keys.field("referrer", "Dr Bai Lu")
    keys.day("target_on", timezone.localdate() + timedelta(days=10))
    keys.to("[name=then]").press("Enter")
    page.wait_for_url(re.compile("/findings/"))
    case = Case.objects.get()

    if not page.url.rstrip("/").endswith("/record/surgery"):
        page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/surgery/")
    keys.day("examined_on", timezone.localdate())
    keys.to("[name=peritoneum][value=P0]").press("Space")
    keys.press("Control+Enter")
    page.wait_for_url(ON_CASE)
    assert case.findings.count() == 1

    keys.press("Control+k")
    page.locator("#found-page-1").wait_for()
    keys.type(meeting.reference)
    page.locator("#found-meeting-1").wait_for()
    keys.press("Enter")
    page.wait_for_url(re.compile(meeting.reference))
    keys.to("[name=late_reason]").type("The operation date is near.")
    keys.press("Enter")
    page.get_by_role("link", name="Lin Meihua").first.wait_for()
    keys.press("r")
    page.wait_for_url(re.compile("/room/"))

    keys.to("#own-here").press("Enter")
    page.locator("#own-here").wait_for(state="detached")
    assert page.locator("#own-here").count() == 0
    assert meeting.agenda.get().case == case
