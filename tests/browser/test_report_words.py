"""A pasted report in a real browser: what is found is offered, taken by hand or keyboard, undone, recorded, quoted."""

import os
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import Finding
from tests.builders import make_case, make_finding
from tests.reading import documents

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"
REPORT = """MRI liver, 18 Nov 2026. Liver metastasis in segment 6, 3.5 cm. Second metastasis in segment 8: 12 mm.
No ascites. Gastric antral tumour, cT4a N2. Adrenal metastasis is suspected."""
CHINESE = "肝S6段见一转移灶，大小约3.5cm×2.8cm。胃窦癌，cT4aN2。未见腹水。卵巢转移待排。"


def sign_in(page, live_server, username="radiologist"):
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")


def open_form(page, live_server, case):
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/radiology/")
    page.fill("[name=examined_on]", timezone.localdate().isoformat())


def offer(page, label: str):
    return page.locator("[data-mention]").filter(has=page.locator("b", has_text=label)).first


def shot(page, name: str) -> None:
    if folder := os.environ.get("REPORT_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def leave(page, by) -> None:
    """Leave the page; a draft that is under way then is cut off, and htmx says so in the console."""
    before = list(page.problems)
    by()
    page.wait_for_load_state("networkidle")
    page.problems = before + [said for said in page.problems[len(before) :] if not said.startswith("htmx:")]


def test_the_day_in_the_report_is_taken_by_a_click_and_taken_back_by_a_key(page, live_server, axe, case, radiologist):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=examined_on]", "")
    page.fill("[name=report_text]", "上腹部增强CT（2025年10月30日）：未见腹水。")
    take = page.get_by_role("button", name="Take over the date of examination")
    take.click()
    day = page.locator("[name=examined_on]")
    assert day.input_value() == "2025-10-30"
    expect(page.get_by_text("Stands in the form")).to_be_visible()
    expect(page.locator("[name=examined_on] + .day-said")).to_have_text("Thu 30 Oct 2025")  # 10/30 in some browsers
    axe(page)
    page.keyboard.press("Alt+z")
    assert day.input_value() == ""
    expect(take).to_be_visible()
    leave(page, lambda: page.goto(f"{live_server.url}/"))


def test_a_report_is_pasted_taken_over_and_quoted_on_the_case(page, live_server, axe, case, radiologist):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=report_text]", REPORT)
    offer(page, "T category").wait_for()
    assert Finding.objects.count() == 0
    assert page.locator("mark", has_text="segment 6, 3.5 cm").count() == 1
    axe(page)
    shot(page, "report-en-light")

    offer(page, "Liver lesions").get_by_role("button", name="Take over").click()
    lesion = page.locator("[data-lesions] tr:visible").first
    assert lesion.locator("[name$='-diameter']").input_value() == "35"
    assert lesion.locator("[name$='-segments'][value='6']").is_checked()
    assert lesion.locator("[name$='-nature']").input_value() == "metastasis"
    page.keyboard.press("Enter")  # the focus went on to the next offer: the second lesion
    assert page.locator("[data-lesions] tr:visible").count() == 2
    expect(page.locator("[data-taken-count]")).to_have_text("2")
    expect(page.locator("[data-open-count]")).to_have_text(str(page.locator("[data-how=offered]").count()))

    first = offer(page, "T category")
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("[name=t_category][value=T4a]").is_checked()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    offer(page, "N category").focus()
    with page.expect_response("**/draft/"):
        page.keyboard.press("Delete")
    assert not page.locator("[name=n_category][value=N2]").is_checked()
    expect(offer(page, "N category").get_by_text("Put aside")).to_be_visible()
    assert offer(page, "Other organs").get_by_role("button").count() == 0  # the report is not sure

    leave(page, page.reload)
    expect(offer(page, "T category").get_by_text("Taken over")).to_be_visible()
    expect(offer(page, "N category").get_by_text("Put aside")).to_be_visible()
    offer(page, "N category").get_by_role("button", name="Take back").click()
    offer(page, "N category").get_by_role("button", name="Take over").click()
    assert page.locator("[name=n_category][value=N2]").is_checked()
    axe(page)
    leave(page, lambda: page.keyboard.press("Control+Enter"))
    page.get_by_text("The findings are recorded.").wait_for()
    finding = Finding.objects.get()
    assert finding.facts["t_category"] == "T4a"
    assert {quotation.fact: quotation.words for quotation in finding.quotations.all()}["t_category"] == "cT4a"
    assert "from the report: “cT4a”" in page.inner_text("#findings")
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/{finding.pk}/")
    assert page.locator("mark", has_text="cT4a").count() == 1
    axe(page)


def test_the_same_in_chinese_in_the_dark_and_on_a_phone(page, live_server, axe, case, radiologist):
    page.emulate_media(color_scheme="dark")
    sign_in(page, live_server)
    page.get_by_role("button", name="中文").first.click()
    open_form(page, live_server, case)
    page.fill("[name=report_text]", CHINESE)
    offer(page, "T 分期").wait_for()
    axe(page)
    page.set_viewport_size({"width": 1920, "height": 1080})
    shot(page, "report-zh-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, "report-zh-phone")
    offer(page, "肝脏病灶").get_by_role("button", name="采用").first.click()
    assert page.locator("[data-lesions] tr:visible [name$='-diameter']").first.input_value() == "35"
    offer(page, "腹水").get_by_role("button", name="采用").first.click()
    assert page.locator("[name=ascites][value=no]").is_checked()


def test_the_last_entry_is_undone_and_the_value_of_before_is_one_key_away(page, live_server, case, radiologist):
    make_finding(case, radiologist, {"t_category": "T3", "liver_max_diameter_mm": 54})
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.focus("[name=liver_max_diameter_mm]")
    page.keyboard.press("Alt+l")
    assert page.input_value("[name=liver_max_diameter_mm]") == "54"
    page.fill("[name=liver_max_diameter_mm]", "3,5 cm")
    expect(page.locator("[data-field=liver_max_diameter_mm] [data-word]")).to_have_text("Known")
    page.keyboard.press("Alt+z")
    assert page.input_value("[name=liver_max_diameter_mm]") == "54"
    page.fill("[name=report_text]", "cT4a N2.")
    offer(page, "T category").wait_for()
    expect(offer(page, "T category").get_by_text("differs")).to_be_visible()
    offer(page, "T category").get_by_role("button", name="Take over").click()
    page.locator("[data-undo-entry]").click()
    assert not page.locator("[name=t_category]:checked").count()
    expect(offer(page, "T category").get_by_role("button", name="Take over")).to_be_visible()


def test_all_that_contradicts_nothing_is_taken_at_once_and_undone_at_once(page, live_server, case, radiologist, axe):
    make_finding(case, radiologist, {"n_category": "N1"})
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.locator("[name=ascites][value=yes]").press("Space")
    page.set_viewport_size({"width": 1280, "height": 500})  # too low for the whole list
    page.fill("[name=report_text]", REPORT)
    button = page.locator("[data-take-all]")
    offer(page, "T category").wait_for()
    expect(button).to_contain_text("not seen yet")  # not before each was on the screen
    button.evaluate("button => button.click()")  # a real click would scroll there first, and show them
    assert page.locator("[data-mention][data-how=taken]").count() == 0
    for each in page.locator("[data-mention]").all():
        each.scroll_into_view_if_needed()
    expect(button).to_contain_text("that contradict nothing")
    expect(button).not_to_contain_text("and the date")  # a day is typed already
    button.press("Enter")
    taken = page.locator("[data-mention][data-how=taken]")
    number = taken.count()
    assert number >= 4
    expect(page.locator("#announce")).to_have_text(f"Taken over together: {number}")
    assert page.locator("[data-lesions] tr:visible").count() == 2
    assert page.locator("[name=t_category][value=T4a]").is_checked()
    # Another value in the case, another value typed already, a doubt: each waits for a person.
    assert offer(page, "N category").get_attribute("data-how") == "offered"
    assert not page.locator("[name=n_category]:checked").count()
    assert page.locator("[name=ascites]:checked").input_value() == "yes"
    assert offer(page, "Other organs").get_attribute("data-how") == "doubtful"
    expect(page.locator("[data-mention][data-how=offered]").first).to_be_focused()
    axe(page)

    page.keyboard.press("Alt+z")
    expect(taken).to_have_count(0)
    assert page.locator("[name=t_category]:checked").count() == 0
    assert page.locator("[data-lesions] [name$=-diameter]").first.input_value() == ""
    assert page.locator("[name=ascites]:checked").input_value() == "yes"


def test_enter_never_leaves_the_page_and_taking_over_leads_on_from_the_day_to_the_facts(
    page, live_server, case, radiologist
):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=examined_on]", "")
    page.fill("[name=report_text]", REPORT)
    page.get_by_role("button", name="Take over the date of examination").click()
    first = page.locator("[data-mention][data-how=offered]").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-taken-count]")).to_have_text("1")
    expect(page.locator("[data-mention][data-how=offered]").first).to_be_focused()
    address = page.url
    for name in ("examined_on", "liver_max_diameter_mm"):
        page.press(f"[name={name}]", "Enter")
    page.locator("[name=t_category]").first.press("Enter")
    with page.expect_response("**/draft/"):
        page.fill("[name=liver_max_diameter_mm]", "35")
    assert page.url == address
    with page.expect_navigation():
        page.get_by_role("link", name="Discard the draft").click()  # as soon as there is one
    page.get_by_role("button", name="Discard the draft").click()
    page.get_by_text("The draft is discarded.").wait_for()


def test_all_at_once_takes_the_day_too_and_a_pasted_report_is_undone(page, live_server, case, radiologist):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=examined_on]", "")
    page.focus("[name=report_text]")
    page.keyboard.type("Mine. ")
    page.evaluate("text => navigator.clipboard.writeText(text)", REPORT)
    page.keyboard.press("Control+v")
    expect(page.locator("[data-undo-entry]")).to_be_enabled()
    offer(page, "T category").wait_for()
    for each in page.locator("[data-mention]").all():
        each.scroll_into_view_if_needed()
    button = page.locator("[data-take-all]")
    expect(button).to_contain_text("and the date")
    button.click()
    assert page.input_value("[name=examined_on]") == "2026-11-18"
    page.keyboard.press("Alt+z")
    assert page.input_value("[name=examined_on]") == ""
    page.keyboard.press("Alt+z")
    assert page.input_value("[name=report_text]") == "Mine. "
    leave(page, lambda: page.goto(f"{live_server.url}/"))


def test_undo_follows_each_taking_over_and_take_back_leaves_the_lesion_beside_it(page, live_server, case, radiologist):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=report_text]", REPORT)
    first, second = (
        page.locator("[data-mention]").filter(has_text=words) for words in ("segment 6, 3.5 cm", "segment 8: 12 mm")
    )
    sizes = page.locator("[data-lesions] tr:visible [name$='-diameter']")
    first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(sizes).to_have_count(2)
    page.keyboard.press("Alt+z")
    expect(second).to_have_attribute("data-how", "offered")
    expect(first).to_have_attribute("data-how", "taken")
    expect(sizes).to_have_count(1)
    expect(second).to_be_focused()
    page.keyboard.press("Delete")
    expect(second).to_have_attribute("data-how", "refused")
    page.keyboard.press("Alt+z")
    expect(second).to_have_attribute("data-how", "offered")
    second.get_by_role("button", name="Take over").press("Enter")
    first.get_by_role("button", name="Take back").press("Enter")
    expect(second).to_have_attribute("data-how", "taken")
    expect(sizes).to_have_count(1)
    expect(sizes).to_have_value("12")
    with page.expect_response("**/draft/"):
        page.keyboard.press("Alt+z")
    expect(first).to_have_attribute("data-how", "taken")
    expect(sizes).to_have_count(2)
    leave(page, page.reload)
    expect(sizes).to_have_count(2)
    first.get_by_role("button", name="Take back").press("Enter")
    expect(sizes).to_have_value("12")


DROP = """async (box, {name, type, bytes}) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  for (const kind of ["dragover", "drop"]) {
    box.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
  }
}"""


def drop(page, name: str, content: bytes, kind: str = "text/plain") -> None:
    """A file from the desktop, let go over the report."""
    page.locator("[data-report]").evaluate(DROP, {"name": name, "type": kind, "bytes": list(content)})


def test_a_dropped_or_chosen_file_is_read_and_another_kind_is_refused_in_words(
    page, live_server, axe, case, radiologist
):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    box, refused = page.locator("[name=report_text]"), page.locator("#report-refused")
    box.fill("Typed before.")
    drop(page, "ct.pdf", b"%PDF-1.7 ...", "application/pdf")
    expect(refused).to_contain_text("the file is damaged or incomplete")
    expect(page.locator("#announce")).to_contain_text("the file is damaged or incomplete")
    assert box.input_value() == "Typed before."
    axe(page)
    drop(page, "scan.jpg", b"\xff\xd8\xff", "image/jpeg")
    expect(refused).to_contain_text("only PDF, Word (DOCX) and text files of up to 100,000 characters")
    drop(page, "long.txt", b"a" * 100_001)
    expect(refused).to_contain_text("only PDF, Word (DOCX) and text files of up to 100,000 characters")
    assert box.input_value() == "Typed before."

    drop(page, "ct.txt", CHINESE.encode("gb18030"))  # as hospitals in China still write
    expect(refused).to_be_hidden()
    assert box.input_value() == CHINESE
    expect(box).to_be_focused()
    offer(page, "T category").get_by_role("button", name="Take over").click()
    box.focus()
    page.keyboard.press("Alt+z")
    assert not page.locator("[name=t_category]:checked").count()
    box.focus()
    page.keyboard.press("Alt+z")
    assert box.input_value() == "Typed before."
    expect(page.locator("[data-mention]")).to_have_count(0)

    page.locator("#report-file").set_input_files(
        {"name": "mri.txt", "mimeType": "text/plain", "buffer": REPORT.encode()}
    )
    offer(page, "N category").wait_for()
    assert box.input_value() == REPORT


def test_of_two_files_the_last_one_given_holds_though_the_first_is_answered_later(page, live_server, case, radiologist):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    waiting = []
    page.route("**/report/file/", lambda route: waiting.append(route))
    box, said = page.locator("[name=report_text]"), page.locator("#report-read-from")
    for name in ("first.pdf", "second.pdf"):
        drop(page, name, b"%PDF", "application/pdf")
    expect(said).to_have_text("Reading the file…")
    assert box.get_attribute("readonly") is not None
    while len(waiting) < 2:
        page.wait_for_timeout(20)
    first, second = waiting
    second.fulfill(json={"text": "Of the second patient.", "said": "Read from the file: 1 page."})
    expect(box).to_have_value("Of the second patient.")
    with page.expect_response("**/report/file/"):
        first.fulfill(json={"text": "Of the first patient.", "said": "Read from the file: 9 pages."})
    expect(said).to_have_text("Read from the file: 1 page.")
    expect(box).to_have_value("Of the second patient.")
    box.press_sequentially("x")
    expect(said).to_have_text("")


@pytest.mark.parametrize(("language", "report"), [("en", documents.ENGLISH), ("zh", documents.CHINESE)])
def test_a_pdf_is_chosen_read_taken_over_recorded_and_quoted(
    page, live_server, axe, case, radiologist, language, report
):
    sign_in(page, live_server)
    if language == "zh":
        page.get_by_role("button", name="中文").first.click()
    open_form(page, live_server, case)
    pdf = {
        "name": "ct.pdf",
        "mimeType": "application/pdf",
        "buffer": documents.pdf_of(report, "#set text(cjk-latin-spacing: none)"),
    }
    page.locator("#report-file").focus()
    expect(page.locator("#report-file")).to_be_focused()
    page.locator("#report-file").set_input_files(pdf)
    box = page.locator("[name=report_text]")
    expect(box).to_have_value(report)
    expect(box).to_be_focused()
    expect(page.locator("#report-read-from")).to_contain_text("1")
    lesion = page.locator("[data-mention][data-fact=liver_lesions]").first
    lesion.locator("[data-take]").click()
    axe(page)
    shot(page, f"report-pdf-{language}")
    leave(page, lambda: page.keyboard.press("Control+Enter"))
    page.wait_for_url(f"{live_server.url}{case.get_absolute_url()}")
    finding = Finding.objects.get()
    assert finding.report_text == report
    assert finding.facts["liver_lesions"][0]["diameter_mm"] == 35
    assert finding.quotations.get(fact="liver_lesions").words in report


def test_a_form_remembers_nothing_about_another_patient(page, live_server, case, radiologist):
    other = make_case(team=case.team)
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=report_text]", REPORT)
    offer(page, "T category").get_by_role("button", name="Take over").click()
    page.fill("[name=impression]", "Touches the middle hepatic vein.")
    page.get_by_text("Draft saved").first.wait_for()
    page.goto(f"{live_server.url}/cases/{other.reference}/findings/record/radiology/")
    assert page.input_value("[name=report_text]") == ""
    assert page.input_value("[name=impression]") == ""
    assert page.locator("[data-field] input:checked").count() == 0
    assert page.locator("[data-mention]").count() == 0
    open_boxes = page.locator("form#finding input[type=text], form#finding textarea, form#finding [data-number]")
    kept = open_boxes.evaluate_all("boxes => boxes.filter((box) => box.autocomplete !== 'off').map((box) => box.name)")
    assert kept == []
    assert page.locator("form#finding").get_attribute("autocomplete") == "off"


def test_what_was_taken_is_listed_above_the_form_only_its_groups_open_and_a_change_is_said(
    page, live_server, axe, case, radiologist
):
    sign_in(page, live_server)
    open_form(page, live_server, case)
    page.fill("[name=report_text]", "CT: lesion in segment 6, 35 mm.\nHER2 3+. No ascites.")
    offer(page, "Liver lesions").get_by_role("button", name="Take over").click()
    her2 = page.locator("[data-mention][data-fact=her2_ihc]")
    her2.get_by_role("button", name="Take over").click()
    opened = page.locator("details.more-group[open]")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("HER2")
    listed = page.locator("#taken li")
    expect(listed).to_have_count(2)
    listed.filter(has_text="HER2").get_by_role("link").click()
    expect(page.locator("[data-field=her2_ihc]")).to_have_class(re.compile("asked-for"))
    axe(page)
    page.locator("[data-lesions] tr:visible [name$='-nature']").first.select_option("metastasis")
    expect(listed.filter(has_text="Liver lesions")).to_contain_text("Changed by hand")
    page.locator("[data-lesions] tr:visible [name$='-nature']").first.select_option("")
    expect(offer(page, "Liver lesions")).to_contain_text("Taken over")
    expect(listed.filter(has_text="Liver lesions")).not_to_contain_text("Changed by hand")
    page.locator("[data-lesions] tr:visible [name$='-diameter']").first.fill("40")
    expect(listed.filter(has_text="Liver lesions")).to_contain_text("Changed by hand")
    expect(offer(page, "Liver lesions")).to_contain_text("Changed by hand")
    page.locator("[data-lesions] tr:visible [name$='-diameter']").first.fill("35")
    page.locator("[name=her2_ihc][value='2+']").check()
    expect(her2).to_contain_text("Changed by hand")
    shot(page, "report-taken")
