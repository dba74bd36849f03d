"""The explanation on paper: few sheets, and not a reason or a source less than on the screen."""

import re

import pytest
from django.urls import reverse

from tests.builders import complete_case, make_case

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_explanation_takes_few_sheets_and_leaves_out_no_reason_and_no_source(
    page, live_server, client, team, coordinator
):
    case = complete_case(make_case(team=team, by=coordinator), coordinator)
    client.force_login(coordinator)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(live_server.url + reverse("case-explanation", args=[case.reference]))
    told = page.locator(".chain td, .chain th, .chain .src, .chain a")
    on_screen = told.evaluate_all("all => all.filter(each => each.checkVisibility()).length")
    page.emulate_media(media="print")
    assert told.evaluate_all("all => all.filter(each => each.checkVisibility()).length") == on_screen > 100
    sheets = re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) <= 3  # two with a narrow font
