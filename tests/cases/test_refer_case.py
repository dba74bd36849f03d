import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case, Patient
from mdt.events.models import Event

URL = "/cases/refer/"


@pytest.fixture
def entry():
    return {
        "pathway": "gclm",
        "hospital_number": "000 4471",
        "name": "Lin Meihua",
        "born_on": "1958-02-03",
        "sex": "female",
        "question": "Extended hepatectomy now, or chemotherapy first?",
        "reason": "new",
        "referrer": "Dr Bai Lu",
        "urgency": "urgent",
        "target_on": (timezone.localdate() + timedelta(days=7)).isoformat(),
        "summary": "",
    }


def test_it_opens_a_case_with_a_number_a_first_proposal_and_a_line_in_the_log(client, coordinator, team, entry):
    client.force_login(coordinator)
    response = client.post(URL, entry | {"team": team.pk})
    case = Case.objects.get()
    assert response.url == reverse("case", args=[case.reference])
    assert case.reference == f"GC-{timezone.localdate().year}-0001"
    assert case.patient.name == "Lin Meihua"
    assert (case.types_possible, case.state, case.is_ready) == ("I II III", "referred", False)
    kinds = list(Event.objects.of_case(case.reference).values_list("kind", flat=True))
    assert kinds == ["case-referred", "proposal-made"]


def test_numbers_count_up_within_team_and_year(client, coordinator, team, entry):
    client.force_login(coordinator)
    for number in ("A1", "A2"):
        client.post(URL, entry | {"team": team.pk, "hospital_number": number})
    assert [case.reference[-4:] for case in Case.objects.order_by("id")] == ["0001", "0002"]


def test_a_patient_known_by_hospital_number_is_not_entered_twice(client, coordinator, team, entry):
    client.force_login(coordinator)
    client.post(URL, entry | {"team": team.pk})
    client.post(URL, entry | {"team": team.pk, "question": "Six months later: second opinion on resection?"})
    assert (Patient.objects.count(), Case.objects.count()) == (1, 2)


def test_the_same_referral_sent_twice_opens_one_case(client, coordinator, team, entry):
    client.force_login(coordinator)
    first, second = (client.post(URL, entry | {"team": team.pk}) for _time in range(2))
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert Event.objects.filter(kind="case-referred").count() == 1


def test_a_hospital_number_of_somebody_else_is_refused(client, coordinator, team, entry):
    client.force_login(coordinator)
    client.post(URL, entry | {"team": team.pk})
    response = client.post(URL, entry | {"team": team.pk, "name": "Gao Jianguo"})
    assert response.status_code == 422
    assert "belongs to a patient with another name" in response.content.decode()
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("born_on", (timezone.localdate() + timedelta(days=1)).isoformat(), "future"),
        ("born_on", "1801-01-01", "130 years"),
        ("born_on", "yesterday", "valid date"),
        ("target_on", "2020-01-01", "before the referral"),
        ("question", "?", "meeting can answer"),
        ("question", "x" * 1_000_001, "at most 1000 characters"),
        ("sex", "no", "valid choice"),
        ("urgency", "soonish", "valid choice"),
        ("name", "", "required"),
        ("hospital_number", "", "required"),
        ("team", "999", "Team: select a valid choice"),
    ],
)
def test_bad_input_gets_a_message_and_stores_nothing(client, coordinator, team, entry, field, value, message):
    client.force_login(coordinator)
    response = client.post(URL, entry | {"team": team.pk} | {field: value})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Case.objects.exists()
    assert not Patient.objects.exists()


def test_an_auditor_may_not_refer(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403


def test_an_outsider_cannot_refer_into_another_team(client, outsider, team, entry):
    client.force_login(outsider)
    assert client.post(URL, entry | {"team": team.pk}).status_code == 422
    assert not Case.objects.exists()


def test_who_refers_for_somebody_else_is_not_taken_for_the_referrer(client, coordinator, surgeon):
    for person, initial in ((coordinator, None), (surgeon, surgeon.display_name)):
        client.force_login(person)
        assert client.get(URL).context["form"].fields["referrer"].initial == initial


def test_the_referrers_of_the_own_team_are_offered_while_somebody_types_and_no_others(
    client, coordinator, outsider, team, other_team, entry
):
    client.force_login(coordinator)
    for number, referrer in enumerate(["Dr Bai Lu", "Dr Chen Yu", "Dr Bai Lu"]):
        client.post(URL, entry | {"team": team.pk, "hospital_number": f"A{number}", "referrer": referrer})
    page = client.get(URL).content.decode()
    offered = page[page.index('<datalist id="referrers">') : page.index("</datalist>")]
    assert re.findall('value="(.+?)"', offered) == ["Dr Bai Lu", "Dr Chen Yu"]
    assert 'list="referrers"' in page
    change = client.get(reverse("referral-change", args=[Case.objects.first().reference])).content.decode()
    assert offered in change
    client.force_login(outsider)
    assert "Chen Yu" not in client.get(URL).content.decode()
