"""On a phone nothing scrolls sideways, however long a word somebody typed."""

import pytest
from django.urls import reverse

from tests.builders import make_case, make_finding

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
