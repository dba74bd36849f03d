"""The desk with several people at once: opinions before the reveal, two chairs typing, a member who disagrees."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mdt.meetings import actions
from mdt.meetings.models import AgendaItem, Decision, DeskDraft, Dissent, Opinion
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import plan

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both_engines]
PASSWORD = "correct-horse-battery"


@pytest.fixture
def item(team, coordinator, chair, radiologist):
    meeting = plan(team, coordinator, chair=chair)
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    for person in (chair, radiologist):
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
    return actions.list_case(meeting=meeting, case=case, by=coordinator)


@pytest.fixture
def as_person(browser, page, live_server, item):
    """`as_person(user)`: a window of their own, in the room. Each fails the test on a script error, as `page` does."""
    windows = []

    def enter(user, step="decide"):
        window = browser.new_context().new_page()
        windows.append(window)
        window.on("pageerror", lambda error: page.problems.append(str(error)))
        window.goto(live_server.url + reverse("sign-in"))
        window.fill("[name=username]", user.username)
        window.fill("[name=password]", PASSWORD)
        window.press("[name=password]", "Enter")
        window.wait_for_url(live_server.url + "/")
        room = reverse("room", args=[item.meeting.reference, item.case.reference], query={"step": step})
        window.goto(live_server.url + room)
        return window

    yield enter
    for window in windows:
        window.context.close()


def fill_desk(window, oncologist, *, rationale: str, intent: str = "curative") -> None:
    window.locator("[name=category][value=I]").set_checked(True, force=True)
    window.locator("[data-option] [type=checkbox]").first.set_checked(True, force=True)
    window.select_option("[name=intent]", intent)
    window.select_option("[name=responsible]", str(oncologist.pk))
    window.locator("details:has([name=rationale]) > summary").click()
    window.fill("[name=rationale]", rationale)
    window.fill("[name=quorum_reason]", "Those present cover the question.")


def test_two_chairs_typing_at_once_lose_nothing_the_second_sees_the_conflict_and_both_texts(
    as_person, axe, team, chair, oncologist
):
    second = make_user("second-chair", discipline="surgery", team=team, roles=(Role.CHAIR,), name="Qiu Ming")
    one, two = as_person(chair), as_person(second)
    fill_desk(one, oncologist, rationale="Two metastases in one segment")
    fill_desk(two, oncologist, rationale="The vein is touched", intent="conversion")
    two.locator("[data-template=restage]").click()
    assert two.evaluate("document.activeElement.name") == "conditions-0-review_on"
    two.keyboard.type("01012099")
    two.get_by_text("Draft saved").wait_for()
    assert DeskDraft.objects.get(author=second).entries["rationale"] == ["The vein is touched"]

    one.keyboard.press("Control+Enter")
    one.wait_for_url("**step=sign")
    two.keyboard.press("Control+Enter")
    two.get_by_role("heading", name="Two of you were writing").wait_for()
    conflict = two.locator("#conflict")
    for words in ("Two metastases in one segment", "The vein is touched", "Conversion", "Cure"):
        expect(conflict).to_contain_text(words, ignore_case=True)
    assert two.input_value("[name=rationale]") == "The vein is touched"
    axe(two)
    two.keyboard.press("Control+Enter")  # one intent has to be chosen
    two.get_by_text("Say which of the two stands").wait_for()
    two.locator("label[for='take_intent-mine']").click()
    two.keyboard.press("Control+Enter")
    two.wait_for_url("**step=sign")
    decision = Decision.objects.get(version=2)
    assert decision.recorded_by == second
    assert decision.rationale == "The vein is touched\nTwo metastases in one segment"
    assert decision.intent == "conversion"
    assert decision.condition_rows.get().review_on.isoformat() == "2099-01-01"
    assert decision.condition_rows.get().branches[0]["option"] == "resection_after_response"
    assert not DeskDraft.objects.exists()


def test_a_member_disagrees_by_the_key_d_on_their_own_screen(as_person, axe, item, chair, radiologist, oncologist):
    desk = as_person(chair)
    fill_desk(desk, oncologist, rationale="As proposed")
    desk.locator("[data-reject-now]").nth(1).click()
    assert desk.evaluate("document.activeElement.name").startswith("rejected_")
    desk.locator("[data-reject-rest]").click()
    desk.locator(".check", has_text="Stage").get_by_text("yes").click()  # by its word, as a person does
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url("**step=sign")
    decision = Decision.objects.get()
    assert decision.rejected_options.count() > 3
    assert set(decision.rejected_options.values_list("reason", flat=True)) <= {"rules", "preferred"}
    assert decision.checklist == {"stage": "yes"}

    member = as_person(radiologist, step="proposal")
    member.keyboard.press("d")
    assert member.evaluate("document.activeElement.name") == "dissent-reason"
    axe(member)
    member.keyboard.type("The left vein is involved")
    member.keyboard.press("Control+Enter")
    member.wait_for_url("**step=sign")
    dissent = Dissent.objects.get()
    assert (dissent.person, dissent.entered_by, dissent.reason) == (
        radiologist, radiologist, "The left vein is involved",
    )  # fmt: skip
    # The chair's page is older than the dissent: nothing is signed unread.
    desk.fill("[name=password]", PASSWORD)
    desk.get_by_role("button", name="Sign version 1").click()
    desk.get_by_text("A dissent to this version, or words said in the room").wait_for()
    expect(desk.locator("#step-sign .decided")).to_contain_text("The left vein is involved")
    desk.fill("[name=password]", PASSWORD)
    desk.get_by_role("button", name="Sign version 1").click()
    desk.get_by_text("The decision is signed").first.wait_for()


def test_each_discipline_commits_before_it_sees_the_proposal_and_the_chair_opens_the_table(
    as_person, axe, item, chair, coordinator, radiologist
):
    meeting = item.meeting
    meeting.refresh_from_db()
    actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
    member, head = as_person(radiologist, step=""), as_person(chair, step="")
    assert member.locator("[role=tab]").count() == 1
    axe(member)
    member.locator("[name=own-category][value=II]").set_checked(True, force=True)
    member.locator("[name=own-confidence][value=doubtful]").set_checked(True, force=True)
    member.keyboard.press("Control+Enter")
    member.get_by_text("Your opinion is committed").wait_for()
    opinion = Opinion.objects.get()
    assert (opinion.category, opinion.confidence, opinion.had_seen_proposal) == ("II", "doubtful", False)
    assert "resectable" not in head.content()
    head.keyboard.press("o")
    head.get_by_text("By name").first.wait_for()
    assert not AgendaItem.objects.get().is_sealed
    expect(head.locator("#opinions .votes")).to_contain_text("Radiology II")
    axe(head)
    head.keyboard.press("2")
    assert head.locator("#step-proposal").is_visible()
    # The member's screen hears of it by itself and shows the proposal, since nothing was being typed there.
    member.locator("#tab-decide").wait_for(state="attached")


def test_the_desk_says_what_is_still_to_fill_in_leads_there_and_on_to_the_next_case(
    as_person, team, item, chair, coordinator, oncologist
):
    second = complete_case(make_case(team=team, by=coordinator, name="Sun Zhiqiang"), coordinator)
    actions.list_case(meeting=item.meeting, case=second, by=coordinator)
    actions.put_on_table(item=item, by=chair)
    desk = as_person(chair)
    still = desk.locator("[data-still]")
    expect(still).to_contain_text("Options, in order")
    still.get_by_role("button", name="Intent").click()
    expect(desk.locator("[name=intent]")).to_be_focused()
    fill_desk(desk, oncologist, rationale="Both agree.")
    expect(still).to_be_hidden()
    desk.fill("[name=quorum_reason]", "")
    expect(still).to_contain_text("quorum", ignore_case=True)
    desk.fill("[name=quorum_reason]", "Those present cover the question.")
    desk.keyboard.press("Control+Enter")
    desk.fill("[name=password]", PASSWORD)
    desk.get_by_role("button", name="Sign version 1").click()
    desk.get_by_role("button", name="Next case: Sun Zhiqiang · 1 not decided").click()
    desk.get_by_role("heading", name="Sun Zhiqiang").wait_for()
    expect(desk.get_by_text("You look at another case")).to_have_count(0)  # the table went along


def test_a_draft_that_could_not_be_saved_is_tried_again_by_itself_and_a_lost_session_says_sign_in(as_person, chair):
    desk = as_person(chair)
    answers = [503]
    desk.route("**/draft/", lambda route: route.fulfill(status=answers.pop()) if answers else route.continue_())
    desk.locator("details:has([name=rationale]) > summary").click()
    line, trouble = desk.locator("#desk-saved"), desk.locator("#trouble")
    desk.fill("[name=rationale]", "Two metastases")
    expect(line).to_have_text("Not saved yet, trying again")
    expect(trouble).to_be_hidden()
    expect(line).to_contain_text("Draft saved", timeout=10_000)  # nobody did anything
    assert DeskDraft.objects.get().entries["rationale"] == ["Two metastases"]

    answers.append(401)
    desk.fill("[name=rationale]", "Two metastases in one segment")
    expect(line).to_have_text("Not saved: you are signed out.")
    expect(trouble.get_by_role("link", name="Sign in again in another window")).to_be_visible()
    desk.evaluate("window.dispatchEvent(new Event('focus'))")  # back from the other window
    expect(line).to_contain_text("Draft saved")
    expect(trouble).to_be_hidden()
    assert DeskDraft.objects.get().entries["rationale"] == ["Two metastases in one segment"]


def test_what_is_typed_while_a_form_is_sent_is_saved_also_where_no_page_comes(as_person, chair):
    desk = as_person(chair)
    desk.locator("details:has([name=rationale]) > summary").click()
    with desk.expect_response("**/draft/"):
        desk.fill("[name=rationale]", "Two metastases")
    desk.evaluate("document.getElementById('decide').dispatchEvent(new Event('submit'))")  # sent, and nothing comes
    desk.fill("[name=rationale]", "Two metastases in one segment")
    with desk.expect_response("**/draft/", timeout=15_000):
        pass  # nobody did anything
    assert DeskDraft.objects.get().entries["rationale"] == ["Two metastases in one segment"]


def test_what_a_surgeon_says_is_noted_at_any_step_and_the_others_read_it_without_a_reload(
    as_person, axe, chair, coordinator, radiologist
):
    recorder, member = as_person(coordinator), as_person(radiologist, step="proposal")
    recorder.fill("[name=preference]", "Half a sentence")  # typed at the desk, and not to be lost by the note
    recorder.keyboard.press("Tab")
    recorder.locator("#spoken > summary").click()
    recorder.get_by_label("Who said it").select_option(label=f"{chair.display_name}, Surgery")
    recorder.get_by_label("What was said").fill("The left lobe is enough")
    recorder.get_by_role("button", name="Note it").click()
    expect(recorder.locator("#spoken-list")).to_contain_text("The left lobe is enough")
    expect(recorder.locator("#spoken-list")).to_contain_text(f"noted by {coordinator.display_name}")
    expect(recorder.locator("#spoken summary").first).to_contain_text("Said in the room 1")
    expect(recorder.get_by_label("What was said")).to_have_value("")
    expect(recorder.locator("[name=preference]")).to_have_value("Half a sentence")
    axe(recorder)
    member.locator("#spoken > summary").click()
    expect(member.locator("#spoken-list")).to_contain_text("The left lobe is enough")
    expect(member.locator("#spoken summary").first).to_contain_text("Said in the room 1")
    axe(member)
    member.get_by_role("button", name="Make it a finding").click()
    expect(member.get_by_label("Report text")).to_have_value(re.compile("^The left lobe is enough\n"))
    expect(member.get_by_label("Date of examination")).to_have_value("")
    expect(member.get_by_role("link", name="Back to the room")).to_have_attribute("href", re.compile("step=proposal$"))


def test_a_condition_takes_the_day_of_a_meeting_and_a_weekend_is_said_and_not_forbidden(
    as_person, axe, team, coordinator, chair, item
):
    later = plan(team, coordinator, chair=chair, starts_at=item.meeting.starts_at + timedelta(days=28))
    back_on = later.cut_off_at.astimezone(team.zone).date()
    window = as_person(chair)
    window.locator("[data-template=restage]").click()
    row = window.locator("[data-rows=conditions] [data-row]:visible").first
    row.get_by_label("In time for the meeting of").select_option(value=back_on.isoformat())
    day = row.locator("[name$=review_on]")
    expect(day).to_have_value(back_on.isoformat())
    saturday = back_on + timedelta(days=(5 - back_on.weekday()) % 7 or 7)
    day.fill(saturday.isoformat())
    expect(row.locator(".day-closed")).to_have_text("weekend: the team does not work on this day.")
    axe(window)
    day.fill((saturday + timedelta(days=2)).isoformat())
    expect(row.locator(".day-closed")).to_be_hidden()
