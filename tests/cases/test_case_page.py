import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Proposal
from mdt.duties.models import Duty
from mdt.events.models import Event
from mdt.meetings.actions import list_case, plan_meeting
from tests.builders import complete_case, make_case, make_finding


def test_opening_a_case_leaves_a_line_in_the_log(client, surgeon, case):
    client.force_login(surgeon)
    client.get(case.get_absolute_url())
    event = Event.objects.get(kind="case-opened")
    assert (event.by, event.case_reference, event.data) == (surgeon, case.reference, {"page": "overview"})


def test_the_page_says_how_sure_the_proposal_is_and_that_the_edition_is_unverified(client, surgeon, case, radiologist):
    make_finding(case, radiologist, {"t_category": "T3", "liver_lesion_count": 2, "liver_lobes": "left"})
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Provisionally Type I" in page
    assert "Strictly possible: I, II, III." in page
    assert "No clinician has compared this edition with the paper." in page


@pytest.mark.parametrize("path", ["case", "case-findings", "case-history"])
def test_it_hides_the_case_from_an_outsider(client, outsider, case, path):
    client.force_login(outsider)
    assert client.get(reverse(path, args=[case.reference])).status_code == 404


@pytest.mark.parametrize("path", ["case", "case-findings", "case-history"])
def test_an_administrator_of_the_team_sees_no_patient(client, admin, case, path):
    client.force_login(admin)
    assert client.get(reverse(path, args=[case.reference])).status_code == 403


def test_an_earlier_proposal_shows_what_was_known_then(client, surgeon, radiologist, case):
    make_finding(case, radiologist, {"distant_sites": [{"site": "lung"}]})
    client.force_login(surgeon)
    first = client.get(reverse("proposal", args=[case.reference, 1])).content.decode()
    assert "Proposal 1 as it was made" in first
    assert "Only type III is possible" not in first
    assert "Only type III is possible" in client.get(case.get_absolute_url()).content.decode()


def test_disciplines_that_differ_stand_side_by_side_with_the_effect_of_each(client, surgeon, radiologist, case):
    make_finding(case, radiologist, {"peritoneum": "P0", "t_category": "T3", "liver_lesion_count": 1})
    make_finding(case, surgeon, {"peritoneum": "P1"})
    case.refresh_from_db()
    assert case.is_disputed
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "Where sources differ" in page
    contradiction = case.latest_proposal.contradictions[0]
    holding = next(side for side in contradiction["sides"] if side["holds"])
    assert (contradiction["fact"], holding["value"], holding["discipline"]) == ("peritoneum", "P1", "surgery")
    assert "III" in contradiction["effect"]["en"]


def test_the_mark_of_differing_readings_leads_to_them_and_each_side_to_its_finding(client, radiologist, auditor, case):
    said = [make_finding(case, radiologist, {"liver_lesion_count": count}) for count in (1, 4)]
    case.refresh_from_db()
    assert case.is_disputed
    client.force_login(radiologist)
    page = client.get(case.get_absolute_url()).content.decode()
    findings = client.get(reverse("case-findings", args=[case.reference])).content.decode()
    for shown in (page, findings):
        assert f'<a href="{case.get_absolute_url()}#contradictions">' in shown
    for finding in said:
        assert page.count(f'href="{reverse("finding-correct", args=[case.reference, finding.pk])}"') == 1
    client.force_login(auditor)
    read_only = client.get(case.get_absolute_url()).content.decode()
    for finding in said:
        assert f'href="{reverse("finding", args=[case.reference, finding.pk])}"' in read_only
        assert reverse("finding-correct", args=[case.reference, finding.pk]) not in read_only


def test_a_proposal_is_made_only_where_something_was_said_and_the_earlier_ones_stay(case, surgeon):
    before = Proposal.objects.get(case=case)
    complete_case(case, surgeon)
    numbers = list(Proposal.objects.filter(case=case).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Proposal.objects.get(pk=before.pk).outcome == before.outcome
    assert (case.is_ready, case.types_provisional) == (True, "I")


def test_a_fact_that_grows_too_old_makes_the_case_unready_on_that_day(case, surgeon, monkeypatch):
    complete_case(case, surgeon)
    make_finding(
        case, surgeon, {"afp_ng_ml": 12, "liver_imaging_on": timezone.localdate().isoformat()}, discipline="radiology"
    )
    duty = Duty.objects.get(kind="recheck-readiness")
    assert timezone.localdate(duty.due_at) == timezone.localdate() + timedelta(days=29)
    proposals = case.proposals.count()
    assert actions.recheck_readiness(case=case) is False
    assert case.proposals.count() == proposals
    later = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert actions.recheck_readiness(case=case) is True
    statement = case.latest_proposal.statements["afp_ng_ml"][0]
    assert statement["is_stale"]


def test_a_failed_log_line_undoes_the_finding(case, radiologist, monkeypatch):
    monkeypatch.setattr("cases.actions.projection.record", _broken)
    with pytest.raises(RuntimeError):
        make_finding(case, radiologist, {"ascites": True})
    assert not case.findings.exists()


def _broken(*args, **kwargs):
    raise RuntimeError("the log cannot be written")


def test_each_reason_names_the_report_that_it_rests_on(client, surgeon, case, radiologist):
    lesion = {"segments": ["4"], "diameter_mm": 54, "nature": "metastasis", "vessel_relation": "clear"}
    make_finding(case, radiologist, {"liver_lesions": [lesion], "liver_lesions_complete": True})
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).text
    because = " ".join(page.partition('id="because"')[2].partition("</section>")[0].split())
    assert "Largest liver metastasis: 54 mm" in because
    assert f"{radiologist.display_name} · " in because


@pytest.mark.parametrize("is_staged", [False, True])
def test_each_part_to_jump_to_is_on_the_page_under_the_same_heading(client, surgeon, case, radiologist, is_staged):
    if is_staged:
        make_finding(case, radiologist, {"t_category": "T3", "liver_lesion_count": 2, "liver_lobes": "left"})
    client.force_login(surgeon)
    page = client.get(case.get_absolute_url()).text
    bar = page.partition('<nav class="onpage')[2].partition("</nav>")[0]
    parts = re.findall(r'href="#(\w+)">([^<]+)<', bar)
    assert len(parts) >= 4
    for part, label in parts:
        section = page.partition(f'id="{part}"')[2].partition("</h2>")[0]
        assert label in section


def test_lesions_that_are_said_in_part_are_not_called_unstated(client, surgeon, case, radiologist):
    lesions = [
        {"segments": ["8"], "diameter_mm": 30, "nature": "metastasis"},
        {"segments": ["6"], "diameter_mm": 20},
    ]
    client.force_login(surgeon)
    make_finding(case, radiologist, {"liver_lesions": lesions})
    page = client.get(case.get_absolute_url()).content.decode()
    assert re.search(r"Liver lesions: not stated in full\s*</b>", page)
    assert "Liver lesions: not stated</b>" not in page


def test_what_was_said_without_settling_a_required_fact_stands_once_and_is_still_asked(
    client, surgeon, case, radiologist
):
    make_finding(case, radiologist, {"n_category": "NX", "t_category": "T3"})
    client.force_login(surgeon)
    groups = client.get(case.get_absolute_url()).context["facts_by_discipline"]
    facts = {fact["label"]: fact for group in groups for fact in group["facts"]}
    assert len(facts) == sum(len(group["facts"]) for group in groups)
    assert (facts["N category"]["text"], facts["N category"]["asked"]) == ("NX", "radiology")
    assert (facts["T category"]["is_known"], facts["T category"]["asked"]) == (True, "")
    assert not facts["Histology"]["is_known"]


def main_buttons(client, person, case) -> list[str]:
    client.force_login(person)
    page = client.get(case.get_absolute_url()).content.decode()
    head = page[: page.index("casetabs")]
    return [" ".join(found.split()) for found in re.findall(r'<a class="btn btn-primary"[^>]*>([^<]*)</a>', head)]


def test_the_main_button_of_a_case_is_its_next_step(client, team, coordinator, chair, surgeon):
    case = make_case(team=team, by=coordinator)
    assert main_buttons(client, coordinator, case) == ["Add findings"]
    complete_case(case, surgeon)
    assert main_buttons(client, coordinator, case) == ["Put on an agenda"]
    assert main_buttons(client, surgeon, case) == ["Add findings"]
    now = timezone.now()
    meeting = plan_meeting(
        team=team, by=coordinator, chair=chair, place="Room 3", starts_at=now + timedelta(days=3), cut_off_at=now
    )
    list_case(meeting=meeting, case=case, by=coordinator, late_reason="asked for by the ward")
    case.refresh_from_db()
    assert main_buttons(client, coordinator, case) == ["Open the meeting"]
    assert main_buttons(client, surgeon, case) == ["Open the meeting"]


def test_facts_that_coordination_entered_stand_under_the_discipline_that_knows_them_too(client, case, coordinator):
    make_finding(case, coordinator, {"her2_ihc": "3+", "t_category": "T3"}, discipline="coordination")
    client.force_login(coordinator)
    page = client.get(reverse("case-findings", args=[case.reference])).content.decode()
    pathology = page.split('id="d-pathology"')[1].split("</section>")[0]
    assert "Entered by Coordination" in pathology
    assert "Nothing recorded yet" not in pathology
    assert "3+" in pathology
    assert "T3" not in pathology
    surgery = page.split('id="d-surgery"')[1].split("</section>")[0]
    assert "Nothing recorded yet" in surgery
    assert "Entered by" not in surgery
