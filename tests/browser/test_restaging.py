"""A case is staged again in a browser: opened, found at, explained on paper."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import complete_case, make_case

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_opening_a_restaging_to_the_printed_explanation(page, live_server, client, radiologist, tmp_path, axe):
    case = make_case(team=radiologist.memberships.get().team)
    complete_case(case, radiologist)
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + case.get_absolute_url())
    page.get_by_role("link", name="Open a restaging").click()
    axe(page)
    page.get_by_label(re.compile("Restaging from", re.IGNORECASE)).fill(str(timezone.localdate() - timedelta(days=1)))
    page.get_by_label(re.compile("Why the disease", re.IGNORECASE)).fill("r" * 400)
    page.get_by_role("button", name="Open the restaging").click()
    page.get_by_role("heading", name="At presentation and now").wait_for()
    axe(page)

    page.get_by_role("link", name="Add findings").first.click()
    page.get_by_label("Restaging 1", exact=False).wait_for()
    assert page.get_by_label("Restaging 1", exact=False).is_checked()
    axe(page)
    page.locator("#id_examined_on").fill(str(timezone.localdate()))
    page.locator("#liver_lesion_count").fill("5")
    page.locator(".formbar button.btn-primary").click()
    page.get_by_text("The findings are recorded.").wait_for()
    finding = case.findings.order_by("-id").first()
    assert (finding.phase, finding.facts["liver_lesion_count"]) == ("restaging", 5)
    case.refresh_from_db()
    assert case.types_provisional == "I"

    page.set_viewport_size({"width": 390, "height": 844})
    for name in ("case", "case-explanation", "case-findings", "restaging-open"):
        page.goto(live_server.url + reverse(name, args=[case.reference]))
        assert page.evaluate("document.documentElement.scrollWidth") == 390, name
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(live_server.url + reverse("case-explanation", args=[case.reference]))
    axe(page)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1047})  # A4 without its margins, at 96 dots an inch
    leading = page.locator("section[aria-labelledby=h-lead]").bounding_box()
    assert leading["y"] + leading["height"] < 1047, "the leading system does not fit on the first page"
    assert page.locator(".topbar").is_hidden()
