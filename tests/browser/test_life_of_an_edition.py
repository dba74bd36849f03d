"""An edition from draft to retired in a real browser: compared with the paper, signed by one, approved by another."""

import pytest
from django.urls import reverse

from mdt.events.verification import verify
from mdt.rulebook import library
from mdt.rulebook.models import EditionStep, Judgement
from mdt.rulebook.standing import status_of
from tests.rulebook.builders import EDITION, LATER, SCHEME, edition_of, judge, small_rulebook

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"
NAMES = ("gclm", SCHEME, EDITION)


@pytest.fixture
def edition(tmp_path, monkeypatch):
    rulebook = small_rulebook(tmp_path)
    monkeypatch.setattr(library, "rulebook", lambda: rulebook)
    return edition_of(rulebook)


@pytest.fixture
def go(page, live_server, client):
    """Open a page of the edition as somebody, on a wide screen."""

    def to(person, name: str, query: str = "") -> None:
        client.force_login(person)
        value = client.cookies["sessionid"].value
        page.context.clear_cookies()
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.goto(live_server.url + reverse(name, args=NAMES) + query)

    return to


def sign(page, heading: str) -> None:
    form = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    form.locator("[name=reason]").fill("Read beside the paper.")
    form.locator("[name=password]").fill(PASSWORD)
    form.get_by_role("button", name="Sign").click()
    page.get_by_text("Signed. The edition is now").wait_for()


def test_an_edition_is_compared_reviewed_approved_and_retired(page, go, axe, edition, surgeon, chair):
    rules = [each.id for each in library.citables(edition)]
    go(surgeon, "rules-checklist")
    axe(page)
    page.get_by_role("link", name="Next rule that nobody compared").click()
    axe(page)
    page.get_by_label("as in the paper").check()
    page.fill("[name=place]", "page 6, table 2")
    page.get_by_role("button", name="Record and go on").click()
    page.get_by_text(f"Recorded for {rules[0]}").wait_for()
    assert Judgement.objects.get().rule == rules[0]
    assert rules[1] in page.inner_text("#main")

    go(surgeon, "rules-sign")
    sign(page, "Sign as reviewed")
    axe(page)
    go(chair, "rules-sign")
    assert f"{len(rules) - 1} rules were not compared" in page.inner_text("#main")
    for rule in rules[1:]:
        judge(edition, surgeon, rule)
    go(chair, "rules-sign")
    sign(page, "Approve")
    axe(page)
    assert status_of(SCHEME, EDITION, edition.digest) == "approved"
    go(chair, "rules-edition")
    assert "Approved edition" in page.inner_text("#main")
    go(chair, "rules-sign")
    sign(page, "Retire")
    assert [step.status for step in EditionStep.objects.order_by("id")] == ["reviewed", "approved", "retired"]
    assert verify().is_whole


def test_the_pages_of_the_rules_are_accessible_and_fit_a_phone(page, live_server, go, axe, edition, surgeon):
    judge(edition, surgeon, "c-gclm.2019.liver.within")
    wide = {}
    for name, query in (
        ("rules-edition", ""),
        ("rules-coverage", "?category=II"),
        ("rules-compare", f"?with=edition:{LATER}"),
        ("rules-compare", "?with=reading:A"),
        ("rules-checklist", ""),
        ("rules-sign", ""),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        go(surgeon, name, query)
        axe(page)
        page.set_viewport_size({"width": 390, "height": 844})
        wide[name, query] = page.evaluate("document.documentElement.scrollWidth")
    for address in (reverse("rules"), *(reverse("rules-part", args=["gclm", part]) for part in ("options", "gates"))):
        page.goto(f"{live_server.url}{address}")
        axe(page)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert set(wide.values()) == {390}, wide
