"""The room in a browser: keys, ranked options, attendance in place, and a decision recorded from the keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mdt.meetings import actions
from mdt.meetings.models import Decision
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db(transaction=True)
DISCIPLINES = ("hepatobiliary", "oncology", "radiology", "pathology", "interventional")


@pytest.fixture
def room(page, live_server, team, coordinator, chair) -> str:
    """The chair is signed in and in the room; only the hepatobiliary surgeon is away."""
    meeting = plan(team, coordinator, chair=chair)
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    actions.list_case(meeting=meeting, case=case, by=coordinator)
    people = [make_user(f"d-{name}", discipline=name, team=team, name=f"Lin {name}") for name in DISCIPLINES]
    for person in [chair, *people[1:]]:
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
    page.goto(live_server.url + reverse("sign-in"))
    page.fill("[name=username]", chair.username)
    page.fill("[name=password]", "correct-horse-battery")
    page.press("[name=password]", "Enter")
    page.wait_for_url(live_server.url + "/")
    url = live_server.url + reverse("room", args=[meeting.reference, case.reference])
    page.goto(url)
    return url


def test_a_decision_is_recorded_from_the_keyboard(page, oncologist, room, axe):
    page.keyboard.press("2")
    axe(page)
    options = page.locator("[data-option] [type=checkbox]")
    options.nth(1).focus()
    page.keyboard.press("Space")
    options.nth(0).focus()
    page.keyboard.press("Space")
    assert page.locator("[data-place]").all_text_contents()[:2] == ["2", "1"]
    page.locator("[name=category][value=III]").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-reason]").is_visible()
    page.locator("[name=category][value=I]").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-reason]").is_hidden()
    page.select_option("[name=intent]", "curative")
    page.select_option("[name=responsible]", str(oncologist.pk))
    page.fill("[name=quorum_reason]", "Heard by telephone")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**step=sign")
    axe(page)
    decision = Decision.objects.get()
    values = [row.option for row in decision.options.all()]
    assert len(values) == 2
    assert (decision.category, decision.quorum_reason) == ("I", "Heard by telephone")


def test_the_owner_of_a_step_is_offered_from_who_is_responsible_and_never_chosen_over(page, oncologist, chair, room):
    page.keyboard.press("2")
    what, owner = page.locator("[name=steps-0-what]"), page.locator("[name=steps-0-owner]")
    note = page.locator("[data-offered-owner]:visible")
    what.fill("Restaging CT")
    assert owner.input_value() == "", "nobody is responsible yet"
    page.select_option("[name=responsible]", str(oncologist.pk))
    assert owner.input_value() == str(oncologist.pk)
    assert note.count() == 1
    page.select_option("[name=responsible]", str(chair.pk))
    assert owner.input_value() == str(chair.pk), "what is only offered follows"
    owner.select_option(str(oncologist.pk))
    assert note.count() == 0
    page.select_option("[name=responsible]", "")
    page.select_option("[name=responsible]", str(chair.pk))
    what.fill("Restaging CT and MRI")
    assert owner.input_value() == str(oncologist.pk)
    page.locator("[data-rows=steps] [data-add]").click()
    page.locator("[name=steps-1-what]").fill("Tell the patient")
    assert page.locator("[name=steps-1-owner]").input_value() == str(chair.pk)


def test_an_option_is_found_by_its_conditions_and_reasons_in_either_language(page, room):
    page.keyboard.press("2")
    sift, shown = page.get_by_role("searchbox", name="Find an option"), page.locator("[data-option]:visible label")
    every = page.locator("[data-option]").count()
    for words in ("staging laparoscopy", "RENAISSANCE", "腹腔镜分期探查"):
        sift.fill(words)
        labels = page.locator("[data-option]:visible > label").all_text_contents()
        assert 1 <= len(labels) < every, words
        assert not all(words.lower() in label.lower() for label in labels), words
    sift.fill("nothing says this")
    assert shown.count() == 0


def test_attendance_is_marked_without_losing_what_was_typed(page, room):
    page.keyboard.press("2")
    page.fill("[name=conditions]", "Typed before")
    assert page.locator("[data-quorum-reason]").is_visible()
    still_open = page.locator("[data-still]").get_by_role("button", name="quorum")
    assert still_open.count() == 1
    page.locator("[name=conditions]").blur()
    page.keyboard.press("a")
    page.get_by_role("group", name="Lin hepatobiliary").get_by_role("button", name="here").click()
    page.wait_for_selector("#presence[data-quorate=yes]")
    page.locator("[data-quorum-reason]").wait_for(state="hidden")
    still_open.wait_for(state="detached")
    assert page.input_value("[name=conditions]") == "Typed before"


def test_rows_are_added_and_removed(page, room):
    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.name") == "dissents-0-person"
    page.locator("[data-rows=dissents] [data-add]").click()
    page.locator("[data-rows=dissents] [data-add]").click()
    page.locator("[data-rows=dissents] [data-add]").click()
    assert page.locator("[data-rows=dissents] > [data-row]:visible").count() == 4
    assert page.input_value("[name=dissents-TOTAL_FORMS]") == "4"
    page.locator("[data-rows=dissents] [data-remove]:visible").first.click()
    assert page.locator("[data-rows=dissents] > [data-row]:visible").count() == 3


def test_typing_finds_a_person_by_any_word_and_an_option_by_its_words(page, room, axe):
    page.keyboard.press("2")
    people = page.locator("[name=responsible]")
    people.focus()
    page.keyboard.type("patho")  # the third word of "Dr Lin pathology, Pathology": every entry begins with "Dr Lin"
    assert "Lin pathology" in people.evaluate("list => list.selectedOptions[0].text")
    assert "Lin pathology" in page.inner_text("#announce")
    people.blur()
    page.keyboard.press("/")
    sift = page.get_by_role("searchbox", name="Find an option")
    expect(sift).to_be_focused()
    every = page.locator("[data-option]:visible").count()
    page.keyboard.type("supportive")
    shown = page.locator("[data-option]:visible")
    assert 1 <= shown.count() < every
    axe(page)
    page.keyboard.press("Enter")  # records nothing: it goes to what was found
    assert Decision.objects.count() == 0
    page.keyboard.press("Space")
    assert shown.first.get_by_role("checkbox").is_checked()
    assert page.input_value("[name=conditions]") == ""
    sift.fill("")
    assert page.locator("[data-option]:visible").count() >= every
