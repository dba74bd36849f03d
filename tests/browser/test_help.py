"""Help in the browser: search by keyboard alone, words that explain themselves, and the tour."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.builders import complete_case, make_case

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(team, coordinator):
    return complete_case(make_case(team=team, by=coordinator, name="Wang Unmistakable"), coordinator)


@pytest.fixture
def signed_in(page, live_server, client, radiologist):
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.emulate_media(reduced_motion="reduce")
    return page


def test_a_case_is_reached_by_keys_alone(signed_in, live_server, axe, case):
    page = signed_in
    page.goto(live_server.url + reverse("account"))
    page.locator("h1").click()
    page.keyboard.press("/")  # this page has no search of its own
    field = page.get_by_role("combobox", name="Search and go")
    assert field.evaluate("each => each === document.activeElement")
    page.locator("#found-page-1").wait_for()
    axe(page)
    page.keyboard.type("unmist")
    page.locator("#found-case-1").wait_for()
    assert field.get_attribute("aria-activedescendant") == "found-case-1"
    assert page.locator("#palette-said").text_content() == "1 found"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(case.reference))


def test_whoever_types_fast_opens_what_they_typed_not_what_stood_there_before(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("account"))
    page.keyboard.press("Control+k")
    page.locator("#found-page-1").wait_for()
    page.keyboard.type("glossary")
    page.keyboard.press("Enter")  # before the server has answered
    page.wait_for_url("**/help/glossary/")


def test_one_escape_closes_the_search_although_something_was_typed(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("account"))
    page.keyboard.press("Control+k")
    page.locator("#found-page-1").wait_for()
    page.keyboard.type("glossary")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_have_value("")


def test_who_types_on_before_the_answer_causes_no_error(signed_in, live_server, case):
    page, held = signed_in, []
    page.goto(live_server.url + reverse("account"))
    page.keyboard.press("Control+k")
    page.locator("#found-page-1").wait_for()
    page.route("**/search/?q=gl", lambda route: held.append(route))
    page.keyboard.type("gl")
    page.locator("#palette-q.htmx-request").wait_for()
    page.keyboard.type("ossary")
    page.locator("#found-said[data-asked=glossary]").wait_for(state="attached")
    assert len(held) == 1
    assert page.problems == []


def test_escape_leaves_the_search_for_what_was_found(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("queue"))
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.queue') !== null")
    page.goto(live_server.url + reverse("glossary"))
    page.keyboard.press("/")
    page.keyboard.type("recist")
    page.get_by_text("1 word fits").wait_for()
    assert page.locator("dl.words dt").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "main"


def test_arrows_walk_and_escape_closes(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("queue"))
    page.keyboard.press("Control+k")
    page.locator("#found-page-1").wait_for()
    field = page.get_by_role("combobox", name="Search and go")
    page.keyboard.press("ArrowUp")  # from the field, up is the last
    last = page.locator("#palette [role=option]:visible").last
    assert field.get_attribute("aria-activedescendant") == last.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert page.locator("#palette [aria-selected=true]").count() == 1
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#palette-q")).not_to_be_focused()  # Chromium takes the focus away a moment later
    page.keyboard.press("/")
    assert page.locator("#q").evaluate("each => each === document.activeElement")  # the queue's own search


def test_what_the_page_can_do_is_there_and_a_part_gets_the_focus(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("case", args=[case.reference]))
    page.keyboard.press("Control+k")
    page.keyboard.type("options")
    option = page.locator("#palette-actions [role=option]:visible", has_text="Options")
    option.first.click()
    assert page.evaluate("document.activeElement.id") == "options"


def test_a_word_explains_itself_by_key_and_escape_closes_it(signed_in, live_server, case):
    page = signed_in
    page.goto(live_server.url + reverse("case", args=[case.reference]))
    word, tip = page.get_by_role("button", name="Provisional", exact=True), page.locator("#word-provisional")
    word.focus()
    assert tip.is_visible()
    box = tip.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.get_by_role("button", name="Unverified", exact=True).focus()
    assert page.locator("#word-unverified").is_visible()
    word.focus()
    assert tip.is_visible()


def test_the_tour_goes_over_the_pages_and_ends_by_escape(signed_in, live_server, axe, case):
    page = signed_in
    page.goto(live_server.url + reverse("queue"))
    page.get_by_role("button", name="Show me").click()
    expect(page.locator("#tour")).to_be_focused()
    axe(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"/cases/.*step=2"))
    assert page.locator("#proposal.tour-shown").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(rf"{case.reference}/$"))
    assert page.locator("#tour").count() == 0
