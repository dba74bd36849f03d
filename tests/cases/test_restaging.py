"""First staging and restaging kept apart: rows, answers, form, pages."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from cases import actions
from cases.models import Restaging
from classification import FactError
from mdt.events.append_only import AppendOnlyError
from mdt.events.models import Event
from tests.builders import complete_case, make_case, make_finding
from tests.remembered import remembered

AFTER = {
    "radiology": {"liver_lesion_count": 5, "liver_lobes": "both", "liver_max_diameter_mm": 60, "best_response": "PD"},
    "oncology": {"prior_systemic_lines": 1, "months_on_therapy": 4, "ecog": 1},
}


def day(back: int) -> date:
    return timezone.localdate() - timedelta(days=back)


def reopen(case, by, *, back=2, reason="Four months of systemic treatment"):
    return actions.open_restaging(case=case, by=by, on=day(back), reason=reason)


@pytest.fixture
@remembered
def staged(case, coordinator):
    """A plain type I case, everything stated at the first staging."""
    return complete_case(case, coordinator)


@pytest.fixture
@remembered
def restaged(staged, coordinator):
    restaging = reopen(staged, coordinator)
    for discipline, facts in AFTER.items():
        make_finding(staged, coordinator, facts, discipline=discipline, restaging=restaging)
    staged.refresh_from_db()
    return staged


def systems(case):
    return case.latest_proposal.outcome["en"]["systems"]


def test_a_restaging_finding_never_changes_the_type_at_presentation(staged, coordinator):
    before = staged.latest_proposal
    restaging = reopen(staged, coordinator)
    worst = {"distant_sites": [{"site": "lung"}], "peritoneum": "P1", "liver_diffuse": True, "t_category": "T4b"}
    make_finding(
        staged,
        coordinator,
        worst | AFTER["radiology"] | {"liver_lobes": "both"},
        discipline="radiology",
        restaging=restaging,
    )
    after = staged.latest_proposal
    assert (
        (before.types_possible, before.types_provisional)
        == (after.types_possible, after.types_provisional)
        == ("I", "I")
    )
    assert {**after.facts, "age_years": 0} == {**before.facts, "before_any_systemic_therapy": True, "age_years": 0}
    staged.refresh_from_db()
    assert staged.types_provisional == "I"


def test_what_follows_the_course_does_change(staged, coordinator):
    first = systems(staged)
    assert first["omec"]["provisional"]["possible"] == ["oligometastatic"]
    restaging = reopen(staged, coordinator)
    make_finding(staged, coordinator, AFTER["radiology"], discipline="radiology", restaging=restaging)
    now = systems(staged)
    assert now["omec"]["provisional"]["possible"] == ["not_oligometastatic"]
    assert now["bertinoro"]["provisional"]["possible"] != first["bertinoro"]["provisional"]["possible"]
    assert now["omec"]["at_baseline"]["provisional"] == ["oligometastatic"]
    current = staged.latest_proposal.outcome["en"]["current_resectability"]
    assert current["provisional"] == ["II", "III"]


def test_opening_alone_leaves_open_what_can_be_resected_and_asks_anew(staged, coordinator):
    assert staged.is_ready
    reopen(staged, coordinator)
    staged.refresh_from_db()
    assert not staged.is_ready
    missing = {item["fact"] for item in staged.readiness if item["state"] == "missing"}
    assert "t_category" in missing
    assert missing.isdisjoint({"histology", "comorbidity_note"}), "treatment cannot change these"
    assert staged.latest_proposal.restaging_facts.keys() <= {"age_years"}
    assert len(staged.latest_proposal.outcome["en"]["current_resectability"]["possible"]) > 1


def test_a_case_without_a_restaging_stores_none(staged):
    proposal = staged.latest_proposal
    assert (proposal.restaging_facts, proposal.restaging_statements, proposal.is_restaged) == (None, None, False)
    assert proposal.current_facts == proposal.facts


def test_a_late_report_of_the_first_staging_changes_the_type_and_not_what_is_now(restaged, coordinator):
    now = restaged.latest_proposal.restaging_facts
    late = make_finding(restaged, coordinator, {"nodes_beyond_d2": ["16a2"]}, discipline="radiology")
    assert late.phase == "baseline"
    proposal = restaged.latest_proposal
    assert proposal.restaging_facts == now
    assert proposal.types_possible == "II"


def test_a_second_restaging_asks_for_everything_once_more(restaged, coordinator):
    second = reopen(restaged, coordinator, back=0)
    assert second.number == 2
    proposal = restaged.latest_proposal
    assert "liver_lesion_count" not in proposal.current_facts
    assert proposal.current_facts["histology"] == "tubular"
    make_finding(restaged, coordinator, {"liver_lesion_count": 1}, discipline="radiology", restaging=second)
    assert restaged.latest_proposal.restaging_facts["liver_lesion_count"] == 1


def test_what_an_earlier_restaging_found_holds_on_where_treatment_cannot_change_it(restaged, coordinator):
    first = restaged.restagings.get()
    make_finding(restaged, coordinator, {"her2_ihc": "3+"}, discipline="pathology", restaging=first)
    reopen(restaged, coordinator, back=0)
    assert restaged.latest_proposal.restaging_facts["her2_ihc"] == "3+"


def test_phases_do_not_contradict_each_other_and_each_may_contradict_itself(restaged, coordinator):
    assert restaged.latest_proposal.contradictions == [], "one lesion at first and five now are no contradiction"
    restaging = restaged.restagings.get()
    make_finding(restaged, coordinator, {"peritoneum": "P0"}, discipline="radiology", restaging=restaging)
    make_finding(restaged, coordinator, {"peritoneum": "P1"}, discipline="surgery", restaging=restaging)
    found = restaged.latest_proposal.contradictions
    assert [(entry["fact"], entry["phase"]) for entry in found] == [("peritoneum", "restaging")]
    assert "III" in found[0]["effect"]["en"]


def test_findings_that_say_of_themselves_that_treatment_had_begun_work_as_before(case, coordinator):
    make_finding(
        case, coordinator, {"before_any_systemic_therapy": False, "liver_lesion_count": 2}, discipline="oncology"
    )
    proposal = case.latest_proposal
    assert proposal.restaging_facts is None
    assert "AFTER_THERAPY" in proposal.main_system["flags"]
    assert proposal.types_possible == "I II III"
    restaging = reopen(case, coordinator)
    make_finding(case, coordinator, {"liver_lesion_count": 1}, discipline="radiology", restaging=restaging)
    proposal = case.latest_proposal
    assert proposal.types_possible == "I II III", "nobody has ever said what was found before treatment"
    assert (proposal.facts["liver_lesion_count"], proposal.restaging_facts) == (1, None)


def test_a_correction_moves_a_finding_to_where_it_belongs(staged, coordinator):
    wrong = make_finding(staged, coordinator, {"liver_lesion_count": 6, "best_response": "PD"}, discipline="radiology")
    restaging = reopen(staged, coordinator)
    moved = actions.correct_finding(
        finding=wrong,
        by=coordinator,
        facts=wrong.facts,
        examined_on=wrong.examined_on,
        reason="Was found after treatment",
        restaging=restaging,
    )
    assert moved.phase == "restaging"
    assert staged.latest_proposal.types_provisional == "I"
    kept = actions.correct_finding(
        finding=moved, by=coordinator, facts={"liver_lesion_count": 4}, examined_on=day(0), reason="Recounted"
    )
    assert kept.restaging == restaging


def test_a_restaging_says_who_opened_it_and_why_in_the_log(restaged):
    event = Event.objects.get(kind="restaging-opened")
    assert event.data == {"number": 1, "started_on": day(2).isoformat(), "reason": "Four months of systemic treatment"}


def test_a_finding_at_a_restaging_cannot_say_that_no_treatment_was_given(restaged, coordinator):
    with pytest.raises(FactError):
        make_finding(
            restaged,
            coordinator,
            {"before_any_systemic_therapy": True},
            discipline="oncology",
            restaging=restaged.restagings.get(),
        )


def test_a_restaging_of_another_case_is_refused(restaged, team, coordinator):
    other = make_case(team=team, by=coordinator, hospital_number="another")
    with pytest.raises(ValueError, match="not of case"):
        make_finding(other, coordinator, {"ecog": 1}, discipline="oncology", restaging=restaged.restagings.get())


@pytest.mark.parametrize(("back", "reason"), [(-1, "soon"), (1, "  ")])
def test_a_restaging_needs_a_day_that_has_come_and_a_reason(staged, coordinator, back, reason):
    with pytest.raises(actions.ActionError):
        reopen(staged, coordinator, back=back, reason=reason)
    assert not Restaging.objects.exists()


def test_a_second_click_opens_no_second_restaging(staged, coordinator):
    reopen(staged, coordinator)
    with pytest.raises(actions.ActionError, match="open already"):
        reopen(staged, coordinator, back=0)


def test_a_restaging_begins_after_the_one_before_it(restaged, coordinator):
    with pytest.raises(actions.ActionError, match="later day"):
        reopen(restaged, coordinator, back=2)


def test_a_closed_case_is_not_staged_again(staged, coordinator):
    actions.close_case(case=staged, by=coordinator, reason="Moved away")
    with pytest.raises(actions.ActionError, match="closed"):
        reopen(staged, coordinator)


def test_a_restaging_is_written_once(restaged):
    restaging = restaged.restagings.get()
    with pytest.raises(AppendOnlyError):
        restaging.delete()
    for table in ("cases_restaging", "cases_finding", "cases_proposal"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET id = id')


def test_the_age_follows_from_the_record_unless_somebody_stated_it(case, coordinator):
    proposal = case.latest_proposal
    assert proposal.facts["age_years"] == case.patient.age
    make_finding(case, coordinator, {"age_years": 41}, discipline="oncology")
    assert case.latest_proposal.facts["age_years"] == 41


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_form_asks_for_the_phase_only_once_there_is_a_restaging(client, staged, coordinator):
    client.force_login(coordinator)
    url = reverse("finding-record", args=[staged.reference, "radiology"])
    assert 'name="restaging"' not in client.get(url).content.decode()
    reopen(staged, coordinator)
    page = client.get(url).content.decode()
    assert page.count('name="restaging"') == 2
    assert 'value="1" class="form-check-input"' in page
    assert "late report" in page


def test_the_form_shows_what_holds_now_and_says_nothing_of_the_fixed_type(client, restaged, coordinator):
    client.force_login(coordinator)
    form = client.get(reverse("finding-record", args=[restaged.reference, "radiology"])).context["form"]
    stood = {
        name: form.surroundings.base(form.facts[name]) for name in ("liver_lesion_count", "t_category", "bulky_n2")
    }
    assert (stood["liver_lesion_count"].word, stood["t_category"].kind) == ("5", "unknown")
    assert "can change what can be resected now" in stood["t_category"].notes
    assert not any("the type" in note for stand in stood.values() for note in stand.notes)
    finding = restaged.findings.filter(discipline="radiology", restaging=None).get()
    form = client.get(reverse("finding-correct", args=[restaged.reference, finding.pk])).context["form"]
    assert form.initial["restaging"] == "0"
    assert form.surroundings.base(form.facts["peritoneum"]).word == "P0"


@pytest.mark.parametrize(("chosen", "phase"), [("1", "restaging"), ("0", "baseline")])
def test_what_is_posted_belongs_where_it_was_said(client, staged, coordinator, chosen, phase):
    reopen(staged, coordinator)
    client.force_login(coordinator)
    url = reverse("finding-record", args=[staged.reference, "radiology"])
    posted = {"examined_on": day(1).isoformat(), "ascites": "no", "restaging": chosen}
    based_on = client.get(url).context["form"].initial["based_on"]
    answer = client.post(url, posted | {"based_on": based_on})
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    assert staged.findings.order_by("-id").first().phase == phase


def test_a_form_opened_before_the_restaging_is_asked_and_not_guessed(client, staged, coordinator):
    reopen(staged, coordinator)
    client.force_login(coordinator)
    before = staged.findings.count()
    url = reverse("finding-record", args=[staged.reference, "radiology"])
    answer = client.post(url, {"examined_on": day(1).isoformat(), "ascites": "no"})
    assert answer.status_code == 422
    assert "Say at which staging this was found." in answer.content.decode()
    assert staged.findings.count() == before


def test_opening_goes_by_a_page_that_says_what_it_changes(client, staged, coordinator):
    client.force_login(coordinator)
    url = reverse("restaging-open", args=[staged.reference])
    assert f'href="{staged.get_absolute_url()}">Cancel<' in client.get(url).text
    assert "so does the type at presentation" in client.get(url).content.decode()
    assert client.post(url, {"started_on": day(1).isoformat(), "reason": ""}).status_code == 422
    answer = client.post(url, {"started_on": day(1).isoformat(), "reason": "Response?"})
    assert (answer.status_code, answer.url) == (302, staged.get_absolute_url())
    assert staged.restagings.get().opened_by == coordinator


def test_both_answers_stand_on_the_page_each_at_its_place(client, restaged, coordinator):
    client.force_login(coordinator)
    page = client.get(restaged.get_absolute_url()).content.decode()
    assert "At presentation and now" in page
    assert "Fixed by the first staging" in page
    assert "at the first staging:" in page
    assert "Restaging 1" in page


def test_the_page_offers_to_open_a_restaging_where_findings_say_that_treatment_had_begun(client, case, coordinator):
    make_finding(case, coordinator, {"before_any_systemic_therapy": False}, discipline="oncology")
    client.force_login(coordinator)
    assert "they give no type at presentation" in client.get(case.get_absolute_url()).content.decode()


def test_the_course_names_stagings_treatment_and_both_types(client, restaged, coordinator):
    client.force_login(coordinator)
    points = client.get(restaged.get_absolute_url()).context["timeline"]
    stagings = [point for point in points if point["kind"] == "staging"]
    assert {point["label"] for point in stagings} == {"Restaging 1", "First staging"}
    first = next(point for point in stagings if point["label"] == "First staging")
    again = next(point for point in stagings if point["label"] == "Restaging 1")
    assert first["types"] == "Type I"
    assert "Type II" in again["types"]
    for words in ("4 months", "lines", "Progression"):
        assert words.casefold() in again["text"].casefold(), again["text"]
