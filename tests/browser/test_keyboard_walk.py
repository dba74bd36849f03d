"""The main line without a mouse: from the sign-in to a signed decision, by Tab, arrows, Space, Enter and own keys.

Nothing is focused, filled or clicked by script; whoever cannot use a mouse gets there too (WCAG 2.1.1, 2.1.2, 2.4.3,
2.4.7). Strokes are counted and printed (`pytest -s`); docs/adr/0025-entry-is-measured-by-strokes.md says what came out.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from mdt.meetings.models import Decision
from mdt.people.models import Role
from tests.builders import make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"
MOST_TABS = 400
MOST_DATE_PARTS = 5  # day, month, year, the button of the calendar, and the field itself
MOST_CHOICES = 12
ON_CASE = re.compile(r"/cases/GC-\d{4}-\d{4}/$")


# Whether the focused element, or the label that stands for a hidden box, is marked by a line around it.
LOOK = """selector => {
  const lined = ({outlineStyle, outlineWidth}) => outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  const isMarked = (each) => lined(getComputedStyle(each)) || getComputedStyle(each).boxShadow !== "none";
  const at = document.activeElement;
  const looked = [at, ...(at.labels || []), at.nextElementSibling, at.closest(".ranked, label")].filter(Boolean);
  return {
    fits: at.matches(selector), isLost: at === document.body, isMarked: looked.some(isMarked),
    name: at.outerHTML.slice(0, 120), isDate: at.type === "date",
  };
}"""


class Keys:
    """A keyboard whose strokes are counted, and eyes that see where the focus is."""

    def __init__(self, page):
        self.page, self.strokes, self.walked, self.pages = page, 0, 0, 0
        page.on("framenavigated", lambda _frame: setattr(self, "pages", self.pages + 1))

    def press(self, *names):
        for name in names:
            self.page.keyboard.press(name)
            self.strokes += name.count("+") + 1

    def to(self, selector, key="Tab"):
        """Tab on until the focus is on something that fits; on the way it is never invisible and never held fast."""
        before, repeats = "", 0
        for step in range(MOST_TABS):
            seen = self.page.evaluate(LOOK, selector)
            if seen["fits"]:
                return self
            assert step == 0 or seen["isMarked"] or seen["isLost"], f"no visible focus: {seen['name']}"
            repeats = repeats + 1 if seen["name"] == before and not seen["isLost"] else 0
            assert repeats < (MOST_DATE_PARTS if seen["isDate"] else 2), f"a trap: {seen['name']}"
            before = seen["name"]
            self.press(key)
            self.walked += 1
        raise AssertionError(f"{selector} is not reached in {MOST_TABS} steps")

    def choose(self, name, value):
        """One of a group of radios: Tab leads into the group, arrows through it."""
        self.to(f"[name='{name}']").press("Space")
        for _ in range(MOST_CHOICES):
            if self.page.locator(f"[name='{name}'][value='{value}']").is_checked():
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not reached by arrows")

    def type(self, text):
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def field(self, name, text):
        self.to(f"[name='{name}']").type(text)

    def day(self, name, value):
        """A date in Chromium's own field: month, day, year."""
        self.field(name, f"{value:%m%d%Y}")

    def focused(self):
        return self.page.evaluate("document.activeElement.innerText || document.activeElement.name")

    def wait_to_be_somewhere(self):
        """A part is swapped in first and settles then; until it has, nobody can press a key in it."""
        self.page.locator("body :focus").wait_for()


@pytest.fixture
def meeting(team, coordinator):
    return plan(team, coordinator)


@pytest.fixture
def keys(page):
    return Keys(page)


def test_from_the_sign_in_to_a_signed_decision_without_a_mouse(page, keys, live_server, team, meeting):
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
    keys.to(".pick-reason summary")
    keys.press("Enter")
    keys.to("[name=late_reason]").type("The operation date is near.")
    keys.press("Enter")
    page.get_by_role("link", name="Lin Meihua").first.wait_for()
    keys.press("r")
    page.wait_for_url(re.compile("/room/"))

    keys.to("#own-here").press("Enter")
    page.locator("#own-here").wait_for(state="detached")
    page.locator("#own-undo").wait_for()
    keys.wait_to_be_somewhere()  # the button is gone; the focus is on what stands in its place

    keys.press("2")
    keys.choose("category", "I")
    keys.to("[data-option] [type=checkbox]").press("Space")
    keys.to("[name=intent]").press("ArrowDown")
    keys.to("[name=responsible]").press("ArrowDown")
    keys.field("quorum_reason", "The members present cover the question.")
    keys.press("Control+Enter")
    page.wait_for_url("**step=sign")
    assert Decision.objects.get().category == "I"
    keys.field("password", PASSWORD)
    keys.press("Enter")
    page.get_by_text("The decision is signed.").first.wait_for()
    assert Decision.objects.get().is_signed
    assert meeting.agenda.get().case == case
    print(
        f"\nSign-in to signed decision, no mouse: {keys.pages} pages, {keys.strokes} strokes, {keys.walked} of them Tab"
    )
