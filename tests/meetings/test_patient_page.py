"""One page in plain words, released by the responsible doctor under their name, and never by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cases.actions import correct_patient
from mdt.duties.registry import handler_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions, documents
from mdt.meetings.actions import Refused, Step
from mdt.meetings.models import ChosenOption, Decision, Document, PatientPage
from mdt.meetings.outcome.plain import explained, first_wording, unexplained, words_of
from tests.meetings.test_documents import extracted, pages

pytestmark = pytest.mark.django_db
LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEXTS = {
    "decided": "The aim is to cure. You get chemotherapy first, then an operation.",
    "next": "A laparoscopy, by 3 December.",
    "ask": "Dr Oncologist, telephone 3311",
}


@pytest.fixture
def content(content, surgeon):
    return replace(content, next_steps=[Step("CT of the belly", surgeon, timezone.localdate() + timedelta(days=4))])


def url(decision, *more):
    name = "patient-page-paper" if more else "patient-page"
    return reverse(name, args=[decision.meeting.reference, decision.case.reference, decision.version, *more])


def release(decision, by, language="en", **texts):
    return actions.release_patient_page(decision=decision, by=by, language=language, **TEXTS | texts)


def test_nothing_is_released_by_itself(signed, coordinator, client, surgeon):
    actions.release_outcome(decision=signed, by=coordinator)
    handler_of("prepare-letters")(signed.pk)
    handler_of("send-outcome")(signed.pk)
    assert not PatientPage.objects.exists()
    assert not Document.objects.filter(kind="patient").exists()
    client.force_login(surgeon)
    assert client.get(url(signed, "en")).status_code == 404


def test_the_responsible_doctor_reads_changes_and_releases(client, signed, oncologist, surgeon):
    client.force_login(oncologist)
    answer = client.get(url(signed))
    assert "The aim of the treatment is to cure the illness." in answer.text
    assert "CT of the belly, by" in answer.text
    preview = client.post(url(signed), {**TEXTS, "language": "en", "preview": "1"})
    assert preview.content.startswith(b"%PDF")
    assert not PatientPage.objects.exists()
    assert client.post(url(signed), {**TEXTS, "language": "en"}).status_code == 302
    page = PatientPage.objects.get()
    assert page.released_by == oncologist
    assert Event.objects.get(kind=Kind.PATIENT_PAGE_RELEASED).by == oncologist
    client.force_login(surgeon)
    assert client.get(url(signed, "en")).content.startswith(b"%PDF")


@pytest.mark.parametrize(("name", "status"), [("surgeon", 403), ("coordinator", 403), ("auditor", 403), ("chair", 200)])
def test_only_the_responsible_doctor_or_a_chair(client, request, signed, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get(url(signed)).status_code == status
    posted = client.post(url(signed), {**TEXTS, "language": "en"})
    assert PatientPage.objects.exists() is (status == 200), posted.status_code


def test_not_of_an_unsigned_or_replaced_version(signed, decision, oncologist, coordinator, chair, content):
    newer = actions.amend_decision(decision=signed, by=coordinator, content=content, amendment_reason="Date")
    with pytest.raises(actions.ActionError, match="signed"):
        release(newer, oncologist)
    actions.sign_decision(decision=newer, by=chair)
    with pytest.raises(actions.ActionError, match="newer version"):
        release(signed, oncologist)
    release(Decision.objects.get(pk=newer.pk), oncologist)


def test_released_twice_is_kept_once_and_changed_is_a_new_page(signed, oncologist):
    assert release(signed, oncologist) == release(signed, oncologist)
    assert release(signed, oncologist, ask="Dr Oncologist, telephone 4422").number == 2


def test_an_abbreviation_that_nobody_explains_is_refused(signed, oncologist):
    with pytest.raises(Refused, match="DOS") as refused:
        release(signed, oncologist, decided="You get DOS.")
    assert refused.value.field == "decided"
    release(signed, oncologist, decided="You get DOS (three medicines together) and a CT.")


@pytest.mark.parametrize(
    ("text", "left"),
    [("Type II, HER2 and PD-L1", []), ("type II", []), ("MRI or PET-CT", []), ("S-1 and SOX", ["S-1", "SOX"]),
     ("Dr Bai, ward 7", []), ("SOX(两种药物)", []), ("DOS（三种药物）", [])],
)  # fmt: skip
def test_what_counts_as_unexplained(text, left):
    assert unexplained(text, "zh-hans" if "种" in text else "en") == left


def test_words_of_the_field_are_explained_on_the_page(signed, oncologist):
    page = release(signed, oncologist)
    text = extracted(documents.patient_page(page))
    for said in ("chemotherapy", "Medicines against the tumour", "laparoscopy", "Read and released by", page.ask):
        assert said in text, said
    assert "HAIC" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_plain_explanation(language):
    for word in words_of(language):
        assert word.says.rstrip()[-1] in ".。", word.name
        assert unexplained(word.says, language) == [], word.name
        assert explained(word.name, language), word.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_wording_holds_no_abbreviation_and_fits_one_page(signed, oncologist, language):
    with override(language):
        texts = first_wording(signed)
    page = actions.release_patient_page(decision=signed, by=oncologist, language=language, **texts)
    assert pages(documents.patient_page(page)) == 1


def test_the_first_wording_names_every_chosen_option_in_its_order(signed):
    labels = [option.wording for option in signed.options.all()]
    assert f"They advise: {labels[0]}" in first_wording(signed)["decided"]
    ChosenOption.objects.create(decision=signed, rank=2, option="other", label={"en": "Wait and look again"})
    decided = first_wording(signed)["decided"].splitlines()
    assert decided[-2].startswith(f"1. {labels[0]}")
    assert decided[-1] == "2. Wait and look again."


@pytest.mark.parametrize(
    ("present", "words"),
    [
        (["surgery", "radiology"], "doctors of several disciplines (Surgery, Radiology) looked"),
        (["surgery", "nursing", "surgery"], "doctors of one discipline (Surgery) looked"),
        (["coordination"], "doctors looked at your results together"),
    ],
)
def test_the_first_wording_says_several_disciplines_only_where_there_were_several(signed, present, words):
    signed.present = [{"discipline": name} for name in present]
    assert words in first_wording(signed)["decided"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_a_page_is_refused_and_the_longest_texts_are_printed_whole(signed, oncologist, language):
    word, most = ("手术", 560) if language == "zh-hans" else ("walk ", 890)
    with pytest.raises(Refused, match="one page"):
        release(signed, oncologist, language, decided="\n".join(["x"] * 200))
    fits = release(signed, oncologist, language, decided=word * (most // len(word)), next=word * (most // len(word)))
    assert pages(documents.patient_page(fits)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_that_the_fonts_lack_is_printed_with_its_number(signed, oncologist, language):
    patient = signed.case.patient
    patient.name = "㐱 🙂 Wang"
    patient.save()
    page = release(signed, oncologist, language)
    assert "U+1F642" in extracted(documents.patient_page(page))


def test_the_page_stays_the_one_that_was_handed_over_when_the_name_is_corrected(signed, oncologist, coordinator):
    page, patient = release(signed, oncologist), signed.case.patient
    before = patient.name
    correct_patient(case=signed.case, by=coordinator, version=patient.version, reason="Misheard", name="Zebra Finch")
    said = extracted(documents.patient_page(page))
    assert before in said
    assert "Zebra Finch" not in said
