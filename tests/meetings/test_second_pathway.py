"""A case of hepatocellular carcinoma through the whole main line, by the same pages as every other case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.meetings import actions
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.models import Decision, Meeting
from tests.builders import make_case, make_user
from tests.cases.forms_helper import findings_data
from tests.meetings.builders import desk_entries

FACTS = {
    "radiology": {
        "hepatocellular_carcinoma": "clinical",
        "liver_imaging": "mri_hepatobiliary",
        "liver_lesions": [
            {"segments": ["5"], "diameter_mm": 24, "nature": "metastasis", "vessel_relation": "clear"},
            {"segments": ["8"], "diameter_mm": 12, "nature": "metastasis", "vessel_relation": "clear"},
        ],
        "liver_lesions_complete": True,
        "macrovascular_invasion": [],
        "extrahepatic_spread": [],
    },
    "hepatobiliary": {
        "liver_function": "preserved",
        "child_pugh": "A",
        "portal_hypertension": True,
        "transplant_candidate": True,
    },
    "oncology": {"ecog": 0, "comorbidity_note": "none", "afp_ng_ml": 12, "before_any_treatment": True},
    "nursing": {"patient_preference": "Wants to hear about transplantation."},
}


@pytest.fixture
def referral():
    return {
        "pathway": "hcc",
        "hospital_number": "000 5512",
        "name": "Zhao Ming",
        "born_on": "1961-04-09",
        "sex": "male",
        "question": "Transplantation, resection or ablation?",
        "reason": "new",
        "referrer": "Dr Bai Lu",
        "urgency": "routine",
        "target_on": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "summary": "",
    }


@pytest.fixture
def interventional(team):
    return make_user("interventional", discipline="interventional", team=team)


def refer(client, coordinator, team, referral) -> Case:
    client.force_login(coordinator)
    answer = client.post(reverse("case-refer"), referral | {"team": team.pk})
    assert answer.status_code == 302, answer.context["form"].errors
    return Case.objects.get(patient__hospital_number=referral["hospital_number"])


def record(client, case, person, discipline) -> None:
    client.force_login(person)
    page = reverse("finding-record", args=[case.reference, discipline])
    assert client.get(page).status_code == 200
    answer = client.post(page, findings_data(case, discipline, FACTS[discipline]))
    assert answer.status_code == 302, answer.content.decode()[:2000]


@pytest.fixture
def ready(client, coordinator, team, referral, radiologist, hepatobiliary, oncologist):
    case = refer(client, coordinator, team, referral)
    nurse = make_user("nurse", discipline="nursing", team=team)
    for person in (radiologist, hepatobiliary, oncologist, nurse):
        record(client, case, person, person.discipline)
    case.refresh_from_db()
    return case


def test_the_referral_asks_which_pathway_and_stores_it(client, coordinator, team, referral):
    client.force_login(coordinator)
    page = client.get(reverse("case-refer")).text
    assert 'value="hcc"' in page
    assert "Hepatocellular carcinoma" in page
    assert client.post(reverse("case-refer"), referral | {"team": team.pk, "pathway": ""}).status_code == 422
    case = refer(client, coordinator, team, referral)
    assert (case.pathway, case.types_possible) == ("hcc", "0 A B C D")


def test_with_one_pathway_nobody_is_asked(client, coordinator, team, referral, settings):
    settings.PATHWAYS = ["hcc"]
    client.force_login(coordinator)
    page = client.get(reverse("case-refer")).text
    assert '<input type="hidden" name="pathway" value="hcc"' in page
    case = refer(client, coordinator, team, referral)
    assert case.pathway == "hcc"


def test_a_pathway_that_is_not_in_use_is_refused(client, coordinator, team, referral, settings):
    settings.PATHWAYS = ["gclm"]
    client.force_login(coordinator)
    assert client.post(reverse("case-refer"), referral | {"team": team.pk}).status_code == 422
    with pytest.raises(ValueError, match="hcc"):
        make_case(team=team, by=coordinator, pathway="hcc")
    assert not Case.objects.exists()


def test_the_form_begins_with_the_pathway_of_the_newest_case(client, coordinator, team, referral):
    refer(client, coordinator, team, referral)
    assert '<option value="hcc" selected>' in client.get(reverse("case-refer")).text


def test_disciplines_record_and_a_stage_is_proposed(client, ready, coordinator):
    assert ready.is_ready
    assert (ready.types_possible, ready.types_provisional) == ("A", "A")
    client.force_login(coordinator)
    page = client.get(ready.get_absolute_url()).text
    assert "Stage A, early" in page
    assert "Liver transplantation" in page
    assert "HCC" in page
    assert "metastas" not in page.casefold()


def test_the_queue_shows_and_finds_it_by_its_stage(client, ready, coordinator):
    client.force_login(coordinator)
    assert ready.patient.name in client.get(reverse("queue"), {"category": "A"}).text
    assert ready.patient.name not in client.get(reverse("queue"), {"category": "B"}).text
    assert ready.patient.name not in client.get(reverse("queue"), {"category": "II"}).text
    page = client.get(reverse("queue")).text
    assert '<optgroup label="Hepatocellular carcinoma">' in page
    assert 'aria-label="Only type A is possible"' in page


def test_it_is_decided_signed_and_put_on_paper(
    client, ready, team, coordinator, chair, radiologist, hepatobiliary, oncologist, pathologist, interventional
):
    client.force_login(coordinator)
    begin = timezone.localtime() + timedelta(days=3)
    meeting = actions.plan_meeting(
        team=team, by=coordinator, starts_at=begin, cut_off_at=begin - timedelta(days=2), place="Room 2", chair=chair
    )
    client.post(reverse("case-list", args=[meeting.reference]), {"case": ready.reference, "planned_minutes": 6})
    item = Meeting.objects.get().agenda.get()
    assert item.case == ready
    for person in (chair, radiologist, hepatobiliary, oncologist, pathologist, interventional):
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)

    client.force_login(chair)
    room = client.get(reverse("room", args=[meeting.reference, ready.reference]), {"step": "case"}).text
    assert "Clinically significant portal hypertension" in room
    assert "Biomarkers" not in room
    address = [meeting.reference, ready.reference]
    entries = desk_entries(ready.latest_proposal, oncologist, category="A")
    answer = client.post(reverse("decision-record", args=address), entries)
    assert answer.status_code in (200, 302), answer.content.decode()[:2000]
    decision = Decision.objects.get()
    assert decision.category == "A"
    client.post(reverse("decision-sign", args=address), {"version": 1, "password": "correct-horse-battery"})
    decision.refresh_from_db()
    ready.refresh_from_db()
    assert (ready.state, ready.type_confirmed) == (Case.State.SIGNED, "A")

    assert "stage A, early" in str(letter_data(decision, "en"))
    assert "A 期" in str(letter_data(decision, "zh-hans"))
    letter = client.get(reverse("decision-letter", args=[*address, 1, "en"]))
    assert b"".join(letter).startswith(b"%PDF")
    assert ready.reference in client.get(reverse("case-decisions", args=[ready.reference])).text
