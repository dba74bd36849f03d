"""The database takes nothing while somebody sends a long text: it stands in the page, and is sent again from there."""

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from cases.models import Finding
from tests.builders import make_case

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Two lesions in segment VI, 31 mm & 12 mm.\n\n“Margins clear” <on MRI>; 腹膜未见转移。"


@pytest.mark.parametrize(("width", "scheme"), [(1920, "light"), (390, "dark")])
def test_what_was_typed_is_kept_and_sent_again(page, live_server, client, radiologist, axe, monkeypatch, width, scheme):
    case = make_case(team=radiologist.memberships.get().team)
    client.force_login(radiologist)
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + reverse("finding-record", args=[case.reference, "radiology"]))
    page.fill("[name=impression]", TEXT)
    page.fill("[name=examined_on]", timezone.localdate().isoformat())

    def full(**_):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("cases.actions.record_findings", full)
        page.evaluate("document.querySelector('[name=impression]').form.requestSubmit()")
        page.get_by_role("heading", name="Not just now").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_text("What you typed").click()
    assert "腹膜未见转移" in page.locator(".typed").last.inner_text()
    assert not Finding.objects.exists()
    assert any("503" in problem for problem in page.problems)
    page.problems.clear()  # the browser complains of the status, rightly

    page.get_by_role("button", name="Send it again").click()
    page.wait_for_url(lambda address: "/findings/record/" not in address)
    assert Finding.objects.get().impression.replace("\r\n", "\n") == TEXT
