"""Trying other facts: two answers side by side, an address that holds only what differs, and nothing stored."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.what_if import what_if
from mdt.events.models import Event
from tests.builders import make_case, make_finding
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

LESIONS = [
    {"segments": ["3"], "diameter_mm": 20, "nature": "metastasis"},
    {"segments": ["2"], "diameter_mm": 12, "nature": "metastasis"},
]
FACTS = {
    "liver_metastasis": "clinical",
    "t_category": "T3",
    "n_category": "N1",
    "liver_lesions": LESIONS,
    "liver_lesions_complete": True,
}


@pytest.fixture
@remembered
def known(case, radiologist, surgeon):
    """Two small lesions of one lobe; type I under the assumptions."""
    make_finding(case, radiologist, FACTS)
    make_finding(case, surgeon, {"before_any_systemic_therapy": True, "liver_resectable_r0": True})
    case.refresh_from_db()
    return case


@pytest.fixture
def ask(client, surgeon, known):
    """`ask(**facts)`: the page's answer while somebody tries values, as htmx fetches it."""
    client.force_login(surgeon)

    def fetch(**facts):
        return client.get(reverse("what-if", args=[known.reference]), facts, headers={"HX-Request": "true"})

    return fetch


def words(response) -> str:
    return " ".join(response.text.split())


def every_row():
    """How many rows each table holds."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - {"django_session"}
    with connection.cursor() as cursor:
        return {table: cursor.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables}


def test_a_changed_fact_shows_the_type_before_and_after(ask):
    page = words(ask(peritoneum="P1"))
    assert '<b>Peritoneum</b>: <span class="muted">not stated</span>' in page
    row = page.partition('<th scope="row">C-GCLM 2019</th>')[2].partition("</tr>")[0]
    before, after = row.split("</td>")[:2]
    assert "Type I" in before
    assert "provisional" in before
    assert "Type III" in after


def test_options_whose_status_changes_stand_beside_it(ask):
    page = words(ask(peritoneum="P1"))
    options = page.partition("would change their status")[2]
    assert '<th scope="row">' in options


def test_what_follows_from_the_lesions_is_what_a_figure_is_compared_with(ask):
    page = words(ask(liver_lesion_count="4"))
    assert '<b>Number of liver metastases</b>: <span class="muted">2</span>' in page


def test_nothing_is_stored_and_no_line_is_logged_while_somebody_tries(ask):
    before, last = every_row(), Event.objects.order_by("-number").values_list("number", flat=True).first()
    assert "Type III" in ask(peritoneum="P1").text
    assert ask(liver_lesion_count="nonsense").status_code == 200
    assert every_row() == before
    assert Event.objects.order_by("-number").values_list("number", flat=True).first() == last


def test_opening_the_page_is_one_look_at_the_case_and_changes_no_fact(client, surgeon, known):
    client.force_login(surgeon)
    before = every_row()
    address = reverse("what-if", args=[known.reference])
    client.get(address, {"peritoneum": "P1"})
    after = every_row()
    assert {table for table in before if before[table] != after[table]} == {Event._meta.db_table}
    assert Event.objects.order_by("-number").first().data == {"page": "what if"}
    assert known.latest_proposal.facts.get("peritoneum") is None


def test_the_address_keeps_only_what_differs_from_the_case(client, surgeon, known):
    client.force_login(surgeon)
    address = reverse("what-if", args=[known.reference])
    sent = {
        "peritoneum": "P1",
        "cytology": "",
        "t_category": "T3",
        "liver_lesions-1-segments": "3",
        "liver_lesions-1-diameter": "20",
        "liver_lesions-1-nature": "metastasis",
        "liver_lesions-2-segments": "2",
        "liver_lesions-2-diameter": "12",
        "liver_lesions-2-nature": "metastasis",
        "patient_preference": "Mrs Lin wants surgery",
    }
    response = client.get(address, sent)
    assert response.status_code == 302
    assert parse_qs(urlsplit(response.url).query) == {"peritoneum": ["P1"]}
    assert client.get(response.url).status_code == 200


def test_the_address_follows_what_is_tried(ask, known):
    response = ask(peritoneum="P1", cytology="")
    assert response.headers["HX-Replace-Url"] == reverse("what-if", args=[known.reference]) + "?peritoneum=P1"


def test_free_text_and_days_have_no_control(client, surgeon, known):
    client.force_login(surgeon)
    page = client.get(reverse("what-if", args=[known.reference])).text
    assert 'name="peritoneum"' in page
    assert 'name="patient_preference"' not in page
    assert 'name="liver_imaging_on"' not in page


def test_one_lesion_can_be_left_out_or_changed(ask):
    rows = {
        "liver_lesions-1-segments": "3",
        "liver_lesions-1-diameter": "55",
        "liver_lesions-1-nature": "metastasis",
        "liver_lesions-2-segments": "2",
        "liver_lesions-2-remove": "1",
    }
    response = ask(**rows)
    assert "Liver lesions" in response.text
    assert "liver_lesions-2" not in response.headers["HX-Replace-Url"]
    assert "liver_lesions-1-diameter=55" in response.headers["HX-Replace-Url"]


def test_a_value_that_cannot_be_read_is_named_and_compared_with_nothing(ask):
    page = ask(liver_lesion_count="many").text
    assert "Number of liver metastases" in page
    assert "Nothing is changed yet." in page


def test_a_stranger_finds_no_case(client, outsider, known):
    client.force_login(outsider)
    assert client.get(reverse("what-if", args=[known.reference])).status_code == 404


def test_reset_leads_to_the_bare_address(client, surgeon, known):
    client.force_login(surgeon)
    address = reverse("what-if", args=[known.reference])
    page = client.get(address, {"peritoneum": "P1"}).text
    assert f'href="{address}">Reset</a>' in page
    assert "Nothing is changed yet." in client.get(address).text


def test_after_a_restaging_what_can_be_removed_now_moves_and_the_type_at_presentation_does_not(known, radiologist):
    restaging = actions.open_restaging(
        case=known, by=radiologist, on=timezone.localdate(), reason="two months of treatment"
    )
    make_finding(known, radiologist, {"peritoneum": "P0", "t_category": "T3"}, restaging=restaging)
    proposal = known.latest_proposal
    before, after = what_if(proposal, {"peritoneum": "P1"}, on=timezone.localdate(), language="en")
    assert before["systems"]["c-gclm"] == after["systems"]["c-gclm"]
    assert after["systems"]["now"]["possible"] == ["III"]
    assert before["systems"]["now"]["possible"] != ["III"]


def test_another_pathway_has_the_same_page(client, team, coordinator, surgeon):
    case = make_case(team=team, by=coordinator, pathway="hcc")
    facts = {"hepatocellular_carcinoma": "clinical", "liver_lesion_count": 3, "liver_max_diameter_mm": 28}
    make_finding(case, surgeon, facts | {"liver_function": "preserved", "ecog": 0})
    client.force_login(surgeon)
    address = reverse("what-if", args=[case.reference])
    page = words(client.get(address, {"liver_max_diameter_mm": "42"}))
    assert re.search(r"<b>\s*Largest", page)
    assert "Stage B" in page
    assert "Systems side by side" in client.get(case.get_absolute_url()).text
