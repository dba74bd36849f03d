"""A replay as its auditor watches it: started, under way, cancelled, resumed, done; each step appears by itself."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from mdt.audit.models import ReplayRun
from mdt.audit.replay import actions
from mdt.duties.actions import claim_due
from mdt.duties.tasks import carry_out, work_off_due_duties
from tests.builders import make_case, make_finding

pytestmark = pytest.mark.django_db(transaction=True)
BOTH_LOBES = {
    "liver_metastasis": "clinical",
    "liver_lesion_count": 2,
    "liver_max_diameter_mm": 35,
    "liver_lobes": "both",
    "liver_diffuse": False,
    "liver_vessel_contact": False,
    "liver_major_vessel_or_duct_involved": False,
}


@pytest.fixture
def archive(team, coordinator, radiologist):
    """Six cases; under reading C, which asks for one lobe, three of them are another type."""
    for place in range(6):
        make_finding(make_case(team=team, by=coordinator), radiologist, BOTH_LOBES | {
            "liver_lobes": "both" if place % 2 else "left",
        })  # fmt: skip
    work_off_due_duties()  # what the cases themselves leave to the worker


def next_chunk() -> bool:
    """What the worker takes up next; whether there was anything."""
    duties = [duty for duty in claim_due(now=timezone.now(), limit=20) if duty.kind == "replay"]
    for duty in duties:
        carry_out(duty)
    return bool(duties)


def test_a_replay_shows_how_far_it_is_stops_goes_on_and_ends(
    page, live_server, client, auditor, archive, axe, monkeypatch
):
    monkeypatch.setattr(actions, "CHUNK", 2)
    client.force_login(auditor)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + reverse("replays"))
    expect(page.get_by_role("heading", name="No replay yet")).to_be_visible()
    axe(page)
    page.get_by_label("Edition and reading").select_option("gclm|c-gclm|2019|C")
    page.get_by_role("button", name="Start").click()
    state, said, bar = page.locator("#h-state"), page.get_by_role("status").first, page.get_by_role("progressbar")
    expect(state).to_have_text("Waiting for its turn")
    assert bar.get_attribute("value") == "0"
    axe(page)

    next_chunk()
    expect(said).to_contain_text("2 of 6 snapshots asked again; 1 answered otherwise.")
    expect(state).to_have_text("Running")
    assert bar.get_attribute("value") == "33"
    page.get_by_role("button", name="Cancel").click()
    expect(state).to_have_text("Cancelled")
    next_chunk()
    assert ReplayRun.objects.get().done == 2, "who is cancelled is asked nothing more"
    axe(page)

    page.get_by_role("button", name="Resume").click()
    expect(state).to_have_text("Waiting for its turn")
    while next_chunk():
        pass
    expect(state).to_have_text("Done")
    expect(said).to_contain_text("6 of 6 snapshots asked again; 3 answered otherwise.")
    assert bar.get_attribute("value") == "100"
    assert page.get_by_role("button").filter(has_text="Cancel").count() == 0
    axe(page)
    page.get_by_role("link", name="All that changed").click()
    expect(page.locator("tbody tr")).to_have_count(3)
