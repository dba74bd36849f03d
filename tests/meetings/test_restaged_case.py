"""What the room and the papers show of a case that was staged again after treatment."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import actions as case_actions
from mdt.meetings import actions
from mdt.meetings.documents import basis
from mdt.meetings.glance import glance_at
from tests.builders import complete_case, make_finding
from tests.meetings.builders import plan
from tests.remembered import remembered


@pytest.fixture
@remembered
def restaged(case, coordinator):
    complete_case(case, coordinator)
    restaging = case_actions.open_restaging(case=case, by=coordinator, on=timezone.localdate(), reason="Response?")
    facts = {"liver_lesion_count": 5, "best_response": "PD", "her2_ihc": "2+"}
    make_finding(case, coordinator, facts, discipline="radiology", restaging=restaging)
    case.refresh_from_db()
    return case


def words(lines):
    return {line.label: [entry["text"] for entry in line.stated] for line in lines}


def test_the_room_sees_at_a_glance_what_holds_now_and_what_has_to_be_looked_at_again(restaged):
    lines = glance_at("gclm", restaged.latest_proposal)
    seen = words(lines)
    assert "5" in seen["Liver"]
    assert not any("15 mm" in text for text in seen["Liver"]), "a lesion of the first staging is not one of today"
    assert "Tubular" in " ".join(seen["Primary"]), "histology carries over"
    missing = next(line.missing for line in lines if line.label == "Primary")
    assert "T category" in missing


def test_the_papers_print_both_stagings_apart(restaged):
    rows = {
        row["label"]: " ".join(part["text"] for part in row["parts"]) for row in basis.rows(restaged.latest_proposal)
    }
    assert "T3" in rows["Primary tumour"]
    assert "HER2 immunohistochemistry: 1+" in rows["Biomarkers"]
    assert rows["Restaging: Biomarkers"].count("HER2") == 1
    assert "2+" in rows["Restaging: Biomarkers"]
    assert "Restaging: Primary tumour" not in rows


def test_a_case_that_was_staged_once_is_printed_as_ever(case, coordinator):
    complete_case(case, coordinator)
    assert not any(row["label"].startswith("Restaging") for row in basis.rows(case.latest_proposal))


def test_the_room_names_the_type_at_presentation_beside_what_can_be_resected_now(client, restaged, team, coordinator):
    meeting = plan(team, coordinator)
    actions.list_case(meeting=meeting, case=restaged, by=coordinator, late_reason="Restaging is not complete.")
    client.force_login(coordinator)
    page = client.get(reverse("room", args=[meeting.reference, restaged.reference])).content.decode()
    assert "Type at presentation: <b>Type I</b>" in page
    assert "can be resected now" in page
    assert reverse("proposal-explanation", args=[restaged.reference, restaged.latest_proposal.number]) in page


def test_the_course_shows_the_cut_off_of_the_meeting_ahead(client, restaged, team, coordinator):
    meeting = plan(team, coordinator)
    actions.list_case(meeting=meeting, case=restaged, by=coordinator, late_reason="Restaging is not complete.")
    client.force_login(coordinator)
    page = client.get(restaged.get_absolute_url()).content.decode()
    assert "findings in by then" in page
