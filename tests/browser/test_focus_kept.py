"""The part that held the focus is replaced: somebody at the keyboard must not start again at the top of the page."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = """
<section id="one" hx-get="/part-one/" hx-trigger="fetch" hx-swap="innerHTML settle:400ms">
  <a href="#main">Elsewhere in it</a><form class="own"><button id="before">Before</button></form>
</section>
<section id="two" hx-get="/part-two/" hx-trigger="fetch"></section>
"""
SHOW = "html => { document.getElementById('main').innerHTML = html; htmx.process(document.getElementById('main')); }"
AFTER = '<a href="#main">Elsewhere in it</a><form class="own"><button id="after">After</button></form>'


@pytest.fixture
def parts(page: Page, live_server) -> Page:
    """A page of two parts that are fetched when told; the focus is on a button of the first."""
    page.route("**/part-one/", lambda route: route.fulfill(body=AFTER, content_type="text/html"))
    page.route("**/part-two/", lambda route: route.fulfill(body="<p>Two</p>", content_type="text/html"))
    page.goto(live_server.url + reverse("sign-in"))
    page.evaluate(SHOW, PARTS)
    page.locator("#before").focus()
    return page


def fetch(page: Page, part: str) -> None:
    page.evaluate("part => htmx.trigger(`#${part}`, 'fetch')", part)


def test_it_goes_to_what_stands_in_the_place_of_the_element_that_is_gone(parts):
    fetch(parts, "one")
    parts.locator("#after:focus").wait_for()


def test_it_is_not_forgotten_when_another_part_comes_before_the_first_has_settled(parts):
    fetch(parts, "one")
    parts.locator("#after").wait_for()
    fetch(parts, "two")
    parts.locator("#two p").wait_for()
    parts.locator("#after:focus").wait_for()


def test_it_is_not_forgotten_when_the_same_part_comes_again_before_it_has_settled(parts):
    fetch(parts, "one")
    parts.locator("#after").wait_for()
    fetch(parts, "one")
    parts.locator("#after:focus").wait_for()


def test_it_is_not_taken_from_where_somebody_has_put_it_meanwhile(parts):
    fetch(parts, "one")
    parts.locator("#after").wait_for()
    parts.evaluate("document.querySelector('header a, body a').focus()")
    was = parts.evaluate("document.activeElement.outerHTML")
    parts.wait_for_timeout(600)
    assert parts.evaluate("document.activeElement.outerHTML") == was
