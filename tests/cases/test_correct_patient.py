"""Whose case it is can be corrected: with a reason, for every case of the patient, and nothing that stood is lost."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions
from cases.actions.patient import patient_for
from cases.models import Case, Patient, PatientCorrection
from mdt.events.chain import Restricted
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.meetings import documents
from mdt.meetings.documents.decision_parts import with_parts
from mdt.meetings.documents.details_then import with_patient_of_its_day
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.models import Decision
from tests.builders import complete_case, make_case


def page_of(case):
    return reverse("patient-correct", args=[case.reference])


def entries(case, **changes):
    patient = Patient.objects.get(pk=case.patient_id)
    stored = {name: getattr(patient, name) for name in actions.DETAILS} | {"version": patient.version}
    return {**stored, "born_on": patient.born_on.isoformat(), "reason": "Typed wrongly", **changes}


def test_name_birth_and_numbers_are_corrected_for_every_case_and_the_search(client, coordinator, case):
    case.patient.refresh_from_db()
    other = make_case(
        **{"team": case.team, "hospital_number": case.patient.hospital_number, "name": case.patient.name},
        question="Another question, later?",
    )
    client.force_login(coordinator)
    answer = client.post(page_of(case), entries(case, name="林美华", born_on="1963-05-17", hospital_number="Z 9"))
    assert answer.url == case.get_absolute_url()
    for each in (case, other):
        each.refresh_from_db()
        assert (each.patient.name, str(each.patient.born_on)) == ("林美华", "1963-05-17")
        assert "林美华" in each.search_text
        assert "linmeihua" in each.search_text
        assert "Z 9" in each.search_text


def test_one_line_of_the_log_names_the_fields_and_a_row_keeps_what_they_said(client, coordinator, case):
    before = case.patient.name
    actions.correct_patient(case=case, by=coordinator, version=1, reason="Misheard", name="Gao Jianguo", sex="male")
    event, row = Event.objects.get(kind="patient-corrected"), PatientCorrection.objects.get()
    assert event.data == {"fields": ["name", "sex"], "reason": "Misheard"}
    assert event.subject == f"cases.PatientCorrection:{row.pk}"
    assert (row.before, row.after) == ({"name": before, "sex": "female"}, {"name": "Gao Jianguo", "sex": "male"})
    client.force_login(coordinator)
    history = client.get(reverse("case-history", args=[case.reference])).text
    assert f"Name: {before} → Gao Jianguo; Sex: female → male. Reason: Misheard" in history
    assert f"Name: {before} → Gao Jianguo" in client.get(page_of(case)).text


def test_the_history_of_another_case_of_the_patient_says_it_too(client, coordinator, case):
    other = make_case(
        **{"team": case.team, "hospital_number": case.patient.hospital_number, "name": case.patient.name},
        question="Another question, later?",
    )
    actions.correct_patient(case=case, by=coordinator, version=1, reason="Misheard", name="Gao Jianguo")
    client.force_login(coordinator)
    assert "→ Gao Jianguo" in client.get(reverse("case-history", args=[other.reference])).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "required"),
        ({"born_on": "2999-01-01"}, "future"),
        ({"name": ""}, "required"),
        ({"national_number": "110105194912310020"}, "check digit"),
        ({"national_number": "11010519491231002X"}, "The identity number says 31 Dec 1949."),
        ({"hospital_number": "TAKEN"}, "belongs to another patient"),
        ({"national_number": "ID 7"}, "belongs to a patient with another name"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(client, coordinator, case, changes, said):
    make_case(team=case.team, hospital_number="TAKEN", national_number="ID 7", name="Somebody Else")
    client.force_login(coordinator)
    answer = client.post(page_of(case), entries(case, **changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert not PatientCorrection.objects.exists()
    assert Patient.objects.get(pk=case.patient_id).version == 1


def test_where_nothing_differs_nothing_is_written(client, coordinator, case):
    client.force_login(coordinator)
    assert "Nothing differs" in client.post(page_of(case), entries(case), follow=True).text
    assert not Event.objects.filter(kind="patient-corrected").exists()


def test_a_form_that_somebody_overtook_shows_both_texts(client, coordinator, chair, case):
    sent = entries(case, name="Gao Jianguo")
    actions.correct_patient(case=case, by=chair, version=1, reason="Misheard", name="Gao Jianguang")
    client.force_login(coordinator)
    answer = client.post(page_of(case), sent)
    assert answer.status_code == 409
    assert "Two of you were writing" in answer.text
    assert Patient.objects.get(pk=case.patient_id).name == "Gao Jianguang"


def test_a_member_may_not_and_an_outsider_finds_nothing(client, surgeon, outsider, case):
    for person, status in ((surgeon, 403), (outsider, 404)):
        client.force_login(person)
        assert client.post(page_of(case), entries(case, name="X Y")).status_code == status


def test_the_more_menu_of_the_case_leads_there(client, coordinator, surgeon, case):
    client.force_login(coordinator)
    assert page_of(case) in client.get(case.get_absolute_url()).text
    client.force_login(surgeon)
    assert page_of(case) not in client.get(case.get_absolute_url()).text


def test_not_while_the_data_may_only_be_stored(coordinator, case):
    Case.objects.filter(pk=case.pk).update(is_restricted=True)
    with pytest.raises(Restricted, match=case.reference):
        actions.correct_patient(case=case, by=coordinator, version=1, reason="Misheard", name="Gao Jianguo")


@pytest.mark.django_db(transaction=True)
def test_the_log_fits_the_rows_after_it(coordinator, case):
    actions.correct_patient(case=case, by=coordinator, version=1, reason="Misheard", name="Gao Jianguo")
    assert verify().is_whole


def test_a_signed_letter_keeps_what_it_said_and_says_that_it_was_corrected_since(client, demo):
    decision = Decision.objects.filter(sign_off__isnull=False).select_related("case__patient").first()
    case, person = decision.case, decision.sign_off.signed_by
    name, new = case.patient.name, "Zebra Finch"
    before = documents.letter(decision, "en")
    actions.correct_patient(case=case, by=person, version=case.patient.version, reason="Misheard", name=new)
    fresh = with_patient_of_its_day(with_parts(Decision.objects.all()).get(pk=decision.pk))
    said = str(letter_data(fresh, "en"))
    assert name in said
    assert new not in said
    assert "corrected on" in said
    after = documents.letter(decision, "en")
    assert after.pk != before.pk
    assert type(before).objects.filter(pk=before.pk).exists()
    client.force_login(person)
    page = client.get(reverse("decision", args=[decision.meeting.reference, case.reference, decision.version])).text
    assert "This paper keeps what was signed" in page


def age_in(proposal):
    return proposal.current_facts.get("age_years")


def test_after_a_corrected_birth_the_proposals_of_the_patients_cases_say_the_new_age(coordinator, radiologist, case):
    complete_case(case, radiologist)
    other = make_case(
        **{"team": case.team, "hospital_number": case.patient.hospital_number, "name": case.patient.name},
        question="Another question, later?",
    )
    before = {each.pk: each.proposals.count() for each in (case, other)}
    born_on = case.patient.born_on.replace(year=case.patient.born_on.year - 30)
    actions.correct_patient(case=case, by=coordinator, version=1, reason="Wrong century", born_on=born_on)
    for each in Case.objects.filter(pk__in=before):
        newest = each.latest_proposal
        assert age_in(newest) == each.patient.age == case.patient.age + 30
        assert (each.proposals.count(), newest.made_by) == (before[each.pk] + 1, coordinator)


def test_a_corrected_name_asks_no_rule_again(coordinator, case):
    count = case.proposals.count()
    actions.correct_patient(case=case, by=coordinator, version=1, reason="Misheard", name="Gao Jianguo")
    assert case.proposals.count() == count


def test_a_wrong_identity_number_of_before_stops_no_other_correction_and_is_pointed_out(client, coordinator, case):
    wrong = "110105194912310020"
    Patient.objects.filter(pk=case.patient_id).update(national_number=wrong)
    client.force_login(coordinator)
    assert "The check digit of this identity number is wrong" in client.get(page_of(case)).text
    assert client.post(page_of(case), entries(case, name="Gao Jianguo")).status_code == 302
    patient = Patient.objects.get(pk=case.patient_id)
    assert (patient.name, patient.national_number) == ("Gao Jianguo", wrong)
    assert client.post(page_of(case), entries(case, national_number="110105194912310021")).status_code == 422


def test_who_changes_a_number_waits_at_the_team_before_any_number_is_looked_up(team, coordinator, case):
    locks = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    entered = {"hospital_number": "Z 1", "national_number": "ID 1", "name": "A B", "born_on": case.patient.born_on}
    for work in (
        lambda: actions.correct_patient(case=case, by=coordinator, version=1, reason="Misread", national_number="ID 7"),
        lambda: patient_for(team=team, details={**entered, "sex": "female"}),
    ):
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            work()
        said = [query["sql"] for query in seen]
        first = next(place for place, sql in enumerate(said) if 'FROM "cases_patient"' in sql)
        assert any('FROM "people_team"' in sql and sql.endswith(locks) for sql in said[:first])
