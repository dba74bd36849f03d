"""On a phone nothing scrolls sideways, however long a word somebody typed."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.actions import correct_finding
from tests.builders import complete_case, make_case, make_finding

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_word_without_a_gap_widens_no_page(page, live_server, client, radiologist):
    case = make_case(
        team=radiologist.memberships.get().team,
        hospital_number="4" * 40,
        name="N" * 120,
        referrer="R" * 60,
        question="q" * 900,
        citation="https://journal.example/" + "article-" * 40,
    )
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size({"width": 390, "height": 844})
    addresses = [reverse("queue"), reverse("finding-record", args=[case.reference, "radiology"])]
    addresses += [reverse(name, args=[case.reference]) for name in ("case", "case-findings", "case-history")]
    wide = {}
    for address in addresses:
        page.goto(live_server.url + address)
        wide[address] = page.evaluate("document.documentElement.scrollWidth")
    assert set(wide.values()) == {390}, wide


def test_what_one_reads_second_is_folded_on_a_phone_and_opens_by_links_and_on_paper(
    page, live_server, client, axe, radiologist
):
    case = complete_case(make_case(team=radiologist.memberships.get().team), radiologist)
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url + reverse("case", args=[case.reference]))
    systems, facts = page.locator("#systems > .panel-body"), page.locator("#findings > .panel-body")
    options = page.locator("#options > .panel-body").first
    expect(systems).to_be_hidden()
    expect(options).to_be_visible()
    axe(page)
    page.locator(".onpage a[href='#systems']").click()
    expect(systems).to_be_visible()
    page.locator("#findings .fold").click()
    expect(facts).to_be_visible()
    page.locator("#findings .fold").click()
    expect(facts).to_be_hidden()
    page.emulate_media(media="print")
    expect(facts).to_be_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 844})
    expect(facts).to_be_visible()


def test_the_figures_of_the_audit_need_no_scrolling_sideways_on_a_phone(page, live_server, client, auditor, team):
    client.force_login(auditor)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("audit-pictures", "audit-survival", "audit"):
        page.goto(live_server.url + reverse(name))
        wide = (
            "[...document.querySelectorAll('main .scroll')].filter((each) => each.scrollWidth > each.clientWidth + 1)"
        )
        assert page.evaluate(f"{wide}.map((each) => each.getAttribute('aria-labelledby'))") == [], name


def test_the_long_names_of_readings_widen_no_page(page, live_server, client, chair):
    case = make_case(team=chair.memberships.first().team)
    make_finding(case, chair, {"liver_metastasis": "clinical"})
    client.force_login(chair)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (reverse("replays"), reverse("case-replay", args=[case.reference])):
        page.goto(live_server.url + address)
        assert page.locator("select[name=rules]").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address


BROKEN_DAYS = """() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT), broken = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (const found of node.data.matchAll(/\\d{4}年\\d{1,2}月\\d{1,2}日/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""


def test_a_chinese_day_stays_on_one_line_and_is_read_as_it_was_written(page, live_server, client, radiologist):
    case = make_case(team=radiologist.memberships.get().team)
    correct_finding(
        finding=make_finding(case, radiologist, {"cytology": "CY0"}),
        by=radiologist,
        facts={"cytology": "CY1"},
        examined_on=timezone.localdate(),
        reason="2026年11月18日复核",
    )
    client.force_login(radiologist)
    cookies = {"sessionid": client.cookies["sessionid"].value, "mdt_language": "zh-hans"}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )
    page.goto(live_server.url + reverse("case-findings", args=[case.reference]))
    for width in range(320, 420, 9):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(BROKEN_DAYS) == [], width
    expect(page.locator("main")).to_contain_text("2026年11月18日复核")
