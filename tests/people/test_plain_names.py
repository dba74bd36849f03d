"""Names and numbers cannot be written so that they read as another's."""

import pytest
from django.urls import reverse

from cases.models import Case, Patient
from tests.builders import make_user
from tests.page_forms import form_on

pytestmark = pytest.mark.django_db
TURNED = "12\u202e43"  # reads as 1234 on the screen


def referral(client, **entries):
    page = reverse("case-refer")
    given = {
        "hospital_number": "1243",
        "name": "Zhang Wei",
        "born_on": "1960-02-03",
        "sex": "female",
        "pathway": "gclm",
    }
    given |= {"question": "Hepatectomy now?", "reason": "new", "referrer": "Dr Bai", "urgency": "routine"}
    return client.post(page, form_on(client.get(page).text, "", page) | given | entries)


@pytest.mark.parametrize("field", ["hospital_number", "national_number", "name", "referrer"])
@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\u200f"])
def test_a_patient_cannot_be_made_to_read_as_another(client, coordinator, field, unseen):
    client.force_login(coordinator)
    answer = referral(client, **{field: f"12{unseen}43"})
    assert answer.status_code == 422
    assert "make it read as another" in answer.text
    assert not Case.objects.exists()


def test_names_in_every_script_are_taken(client, coordinator):
    client.force_login(coordinator)
    assert referral(client, name="\u738b\u5c0f\u660e \U0001f642 \u0645\u062d\u0645\u062f").status_code == 302
    assert Patient.objects.get().name.startswith("\u738b\u5c0f\u660e")


def test_nor_can_a_colleague(client, surgeon, team):
    client.force_login(surgeon)
    page = reverse("account")
    answer = client.post(page, form_on(client.get(page).text, "", page) | {"name": TURNED})
    assert answer.status_code == 422
    assert "make it read as another" in answer.text
    assert make_user("other", team=team).name != TURNED
