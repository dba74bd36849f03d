"""Trying other facts in a real browser: with scripts, where the answer follows the fingers, and without."""

import pytest
from playwright.sync_api import expect

from mdt.events.models import Event
from tests.builders import make_finding

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"
LESION = {"segments": ["3"], "diameter_mm": 20, "nature": "metastasis"}


@pytest.fixture
def known(case, radiologist, surgeon):
    """One small lesion: type I under the assumptions."""
    make_finding(
        case,
        radiologist,
        {
            "liver_metastasis": "clinical",
            "t_category": "T3",
            "n_category": "N1",
            "liver_lesions": [LESION],
            "liver_lesions_complete": True,
        },
    )
    return case


def sign_in(page, live_server):
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("[name=username]", "surgeon")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")


def choose(page, field: str, value: str) -> None:
    chip = page.locator(f"[name={field}][value='{value}']")
    page.locator(f"label[for='{chip.get_attribute('id')}']").click()


def test_the_answer_follows_what_is_tried_and_reset_forgets_it(page, live_server, axe, known, surgeon):
    sign_in(page, live_server)
    page.goto(live_server.url + known.get_absolute_url())
    axe(page)
    page.get_by_role("link", name="What if …").click()
    page.wait_for_url("**/what-if/")
    axe(page)
    result = page.locator("#what-if-result")
    expect(result).to_contain_text("Nothing is changed yet.")
    logged, proposals = Event.objects.count(), known.proposals.count()
    choose(page, "peritoneum", "P1")
    expect(result.get_by_role("row", name="C-GCLM 2019")).to_contain_text("Type III")
    page.wait_for_url("**/what-if/?peritoneum=P1")
    axe(page)
    choose(page, "peritoneum", "P1")
    expect(result).to_contain_text("Nothing is changed yet.")
    page.wait_for_url("**/what-if/")
    choose(page, "cytology", "CY1")
    page.wait_for_url("**/what-if/?cytology=CY1")
    assert (Event.objects.count(), known.proposals.count()) == (logged, proposals)
    page.get_by_role("link", name="Reset").click()
    expect(result).to_contain_text("Nothing is changed yet.")
    assert page.url.endswith("/what-if/")


def test_it_works_without_scripts(browser, live_server, known, surgeon):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{known.get_absolute_url()}what-if/")
    choose(page, "peritoneum", "P1")
    page.get_by_role("button", name="Show what would change").click()
    assert page.url.endswith("/what-if/?peritoneum=P1")
    assert "Type III" in page.locator("#what-if-result").inner_text()
    assert page.locator("[name=peritoneum][value=P1]").is_checked()
    context.close()
