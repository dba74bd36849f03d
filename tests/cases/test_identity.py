"""A number that somebody else holds, or that contradicts what was typed, is said before anything is stored."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from cases import identity
from cases.models import Case, Patient, PatientCorrection
from mdt.audit.sentences import sentence
from mdt.events.models import Event
from mdt.people.models import Team
from tests.builders import make_case

URL = "/cases/refer/"
NUMBER = "11010519491231002X"  # the example of GB 11643-1999: a woman born on 31 Dec 1949


@pytest.fixture
def entry(team):
    return {
        **{"team": team.pk, "pathway": "gclm", "hospital_number": "000 4471", "name": "Lin Meihua"},
        **{"born_on": "1949-12-31", "sex": "female", "national_number": NUMBER},
        "question": "Extended hepatectomy now, or chemotherapy first?",
        **{"reason": "new", "referrer": "Dr Bai Lu", "urgency": "urgent", "summary": ""},
        "target_on": (timezone.localdate() + timedelta(days=7)).isoformat(),
    }


@pytest.fixture
def refer(client, coordinator, entry):
    client.force_login(coordinator)
    return lambda **changes: client.post(URL, {**entry, **changes})


def test_the_number_of_the_standard_says_birth_and_sex():
    assert identity.holder_of(NUMBER) == identity.Holder(date(1949, 12, 31), "female")
    assert identity.holder_of("440524188001010014") == identity.Holder(date(1880, 1, 1), "male")
    assert identity.holder_of("A123456789") is None


@pytest.mark.parametrize(
    ("number", "part"),
    [("110105194912310021", "check"), ("11010519491331001X", "check"), ("11010519491331003X", "born_on")],
)
def test_a_number_that_nobody_can_hold_is_wrong(number, part):
    if part == "born_on":  # a day that no month has, with the check digit that belongs to it
        number = number[:17] + _check_digit(number)
    with pytest.raises(identity.WrongNumber) as wrong:
        identity.holder_of(number)
    assert wrong.value.part == part


def _check_digit(number):
    """By another road than the code: ISO 7064 asks that the weighted sum with the check be 1 modulo 11."""
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return next(sign for sign in "0123456789X" if (total + (10 if sign == "X" else int(sign))) % 11 == 1)


def test_every_single_wrong_digit_is_noticed():
    for place in range(17):
        for digit in set("0123456789") - {NUMBER[place]}:
            with pytest.raises(identity.WrongNumber):
                identity.holder_of(NUMBER[:place] + digit + NUMBER[place + 1 :])


def test_blanks_wide_digits_and_a_small_x_are_one_way_of_writing():
    assert identity.plain(" 110105 19491231 002x") == NUMBER
    assert identity.plain("１１０１０５１９４９１２３１００２Ｘ") == NUMBER
    assert identity.plain("943 476 5919") == "9434765919"
    assert identity.plain("AB  12-x") == "AB 12-x"


def test_a_wrong_check_digit_is_said_beside_the_number_and_nothing_is_stored(refer):
    answer = refer(national_number="110105194912310020")
    assert (answer.status_code, Patient.objects.count()) == (422, 0)
    assert "check digit of this identity number is wrong" in answer.text


def test_ten_digits_are_an_nhs_number_where_the_clock_is_british_only(refer, team):
    assert refer(national_number="943 476 5918", hospital_number="1").status_code == 302
    Team.objects.filter(pk=team.pk).update(time_zone="Europe/London")
    assert "check digit of this NHS number" in refer(national_number="943 476 5918", hospital_number="2").text
    assert refer(national_number="943 476 5919", hospital_number="3").status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"born_on": "1994-12-31"}, "The identity number says 31 Dec 1949."),
        ({"sex": "male"}, "The identity number says: female."),
    ],
)
def test_what_contradicts_the_number_is_confirmed_or_corrected_by_a_person(refer, changes, said):
    answer = refer(**changes)
    assert (answer.status_code, Patient.objects.count()) == (422, 0)
    assert said in answer.text
    token = answer.context["form"].fields["as_typed"].choices[0][0]
    assert f'value="{token}"' in answer.text
    assert refer(**{**changes, "as_typed": token, "name": ""}).status_code == 422
    assert refer(**{**changes, "as_typed": token}).status_code == 302
    patient = Patient.objects.get()
    assert {name: str(getattr(patient, name)) for name in changes} == changes


def test_a_confirmation_holds_for_exactly_what_was_confirmed(refer):
    token = refer(sex="male").context["form"].fields["as_typed"].choices[0][0]
    assert refer(sex="other", as_typed=token).status_code == 422
    assert not Patient.objects.exists()


def test_an_empty_birth_is_offered_and_stored_only_when_sent_again(refer):
    answer = refer(born_on="", sex="unknown")
    assert (answer.status_code, Patient.objects.count()) == (422, 0)
    form = answer.context["form"]
    assert (form["born_on"].value(), form["sex"].value()) == ("1949-12-31", "unknown")
    assert "Taken from the identity number" in answer.text
    assert "The identity number says: female." in answer.text
    assert refer(born_on=form["born_on"].value(), sex="female").status_code == 302


def test_somebody_may_insist_that_the_sex_is_not_known(refer):
    form = refer(sex="unknown").context["form"]
    token = form.fields["as_typed"].choices[0][0]
    # As the browser sends it: what the page shows, and the box.
    assert refer(sex=form["sex"].value(), as_typed=token).status_code == 302
    assert Patient.objects.get().sex == "unknown"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "is on record under hospital number 000 4471"),
        ({"name": "Gao Jianguo"}, "belongs to a patient with another name or date of birth"),
    ],
)
def test_the_identity_number_of_another_record_is_refused(refer, changes, said):
    refer()
    answer = refer(hospital_number="000 9999", **changes)
    assert (answer.status_code, Case.objects.count(), Patient.objects.count()) == (422, 1, 1)
    assert said in answer.text
    assert "Lin Meihua" not in str(answer.context["form"].errors)


def test_of_a_patient_whose_data_may_only_be_stored_the_number_is_not_said(refer):
    refer()
    Case.objects.update(is_restricted=True)
    answer = refer(hospital_number="000 9999", name="Gao Jianguo")
    assert "belongs to a patient with another hospital number" in answer.text
    assert "000 4471" not in answer.text


@pytest.mark.parametrize(
    "changes",
    [{"sex": "male", "national_number": ""}, {"national_number": "A 77"}, {"name": "Gao Jianguo"}, {}],
)
def test_of_a_patient_whose_data_may_only_be_stored_no_detail_is_compared(refer, changes):
    refer()
    Case.objects.update(is_restricted=True)
    answer = refer(question="Six months later: second opinion?", **changes)
    assert (answer.status_code, Case.objects.count()) == (422, 1)
    assert "may only be stored just now" in answer.text
    assert "on record with" not in answer.text
    assert "belongs to a patient" not in answer.text


def test_a_patient_of_another_team_is_not_looked_at(refer, other_team):
    make_case(team=other_team, national_number=NUMBER, name="Zebra", hospital_number="77-77")
    answer = refer()
    assert answer.status_code == 302
    assert Patient.objects.count() == 2


def test_a_known_patient_with_another_identity_number_or_sex_is_refused(refer):
    refer()
    again = {"question": "Six months later: second opinion?"}
    answer = refer(national_number="A 77", **again)
    assert "on record with another identity number" in answer.text
    assert "on record with another sex" in refer(national_number="", sex="male", **again).text
    assert Case.objects.count() == 1


def test_what_a_later_referral_adds_is_kept_with_who_added_it(refer, coordinator):
    refer(national_number="", sex="unknown")
    assert refer(question="Six months later: second opinion?").status_code == 302
    patient, row = Patient.objects.get(), PatientCorrection.objects.get()
    assert (patient.national_number, patient.sex) == (NUMBER, "female")
    assert (row.before, row.corrected_by) == ({"national_number": "", "sex": "unknown"}, coordinator)
    assert all(NUMBER in case.search_text for case in Case.objects.all())


def test_why_a_later_referral_completed_the_record_reads_in_the_language_of_the_reader(refer, client, coordinator):
    refer(national_number="", sex="unknown")
    with override("zh-hans"):
        said = gettext("stated with a later referral")
    refer(question="Six months later: second opinion?")
    row = PatientCorrection.objects.get()
    assert row.reason == Event.objects.get(kind="patient-corrected").data["reason"] == "later-referral"
    reference = row.case.reference
    pages = [reverse(name, args=[reference]) for name in ("case-history", "patient-correct")]
    for page in pages:
        assert "stated with a later referral" in client.get(page).text, page
    event = Event.objects.get(kind="patient-corrected")
    assert sentence(event).endswith("stated with a later referral")
    with override("zh-hans"):
        assert sentence(event).endswith(said)
    coordinator.language = "zh-hans"
    coordinator.save(update_fields=["language"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    for page in pages:
        assert said in client.get(page, headers={"accept-language": "zh-hans"}).text, page
