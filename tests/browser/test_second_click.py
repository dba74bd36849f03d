"""Two clicks where one was meant."""

import pytest
from django.urls import reverse

from mdt.interchange.models import CalendarFeed

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_address_that_is_shown_once_is_still_shown_after_a_double_click(page, live_server, client, radiologist):
    client.force_login(radiologist)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("calendar-feeds"))
    form = page.locator(f"form[action='{reverse('feed-make')}']")
    form.get_by_role("textbox").fill("Phone")
    form.evaluate("form => { form.requestSubmit(); setTimeout(() => form.requestSubmit(), 20); }")
    page.locator("#address").wait_for(timeout=10_000)
    assert CalendarFeed.objects.count() == 1
