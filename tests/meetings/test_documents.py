"""Outcome letters and minutes: what they say, that they are kept once, and that nobody else opens them."""

import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cases.actions import change_referral, correct_patient
from mdt.duties.registry import handler_of
from mdt.events.models import Event
from mdt.meetings import actions, documents
from mdt.meetings.documents import decision_parts
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.models import Decision, Document
from mdt.meetings.shown import shown_by
from tests.builders import complete_case, make_case
from tests.meetings.builders import finish
from tests.remembered import remembered

LANGUAGES = [code for code, _name in settings.LANGUAGES]
INJECTION = '#read("/etc/passwd") *b* <script>alert(1)</script> $x$ @ref \\ // [] #{1+1}'


@pytest.fixture
@remembered
def meeting(team, coordinator, chair):
    now = timezone.now()
    return actions.plan_meeting(
        team=team, by=coordinator, starts_at=now, cut_off_at=now - timedelta(days=2), place="Room 3", chair=chair
    )


@pytest.fixture
@remembered
def room(meeting, coordinator, chair, oncologist, pathologist):
    """Who sits in it; hepatobiliary surgery and radiology are not there."""
    for person in (chair, oncologist, pathologist):
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
    return meeting


def list_case(meeting, case, by):
    return actions.list_case(meeting=meeting, case=case, by=by, late_reason="asked for by the ward")


@pytest.fixture
def content(oncologist, pathologist, surgeon):
    """Without options: those depend on the proposal."""
    return actions.Content(
        category="II", reason="imaging_reread", reason_text="One lesion touches the middle hepatic vein.",
        intent="conversion", conditions="Response: question of hepatectomy. Progression: second line.",
        rationale="Laparoscopy with cytology is missing.", responsible=oncologist,
        dissents=[actions.Disagreement(pathologist, "Cytology is not known", "III")],
        next_steps=[actions.Step("Staging laparoscopy", surgeon, timezone.localdate() + timedelta(days=8))],
        quorum_reason="It returns before any operation",
    )  # fmt: skip


def decide(item, by, content):
    proposal = item.case.latest_proposal
    options = [actions.Choice(next(iter(shown_by(proposal).options))), actions.Choice("other", "Ask intervention")]
    return actions.record_decision(item=item, by=by, proposal=proposal, content=replace(content, options=options))


@pytest.fixture
@remembered
def decision(room, case, coordinator, content):
    return decide(list_case(room, complete_case(case, coordinator), coordinator), coordinator, content)


@pytest.fixture
@remembered
def signed(decision, chair):
    actions.sign_decision(decision=decision, by=chair)
    return Decision.objects.get(pk=decision.pk)


def read(decision, language="en"):
    """The letter's data, and all its words as one text."""
    data = letter_data(decision_parts.with_parts(Decision.objects.all()).get(pk=decision.pk), language)
    return data, json.dumps(data, ensure_ascii=False)


def pages(document):
    """The page count, from the page tree of the PDF."""
    return max(int(count) for count in re.findall(rb"/Count (\d+)", bytes(document.content)))


def extracted(document):
    """The words on paper, for a reader that knows nothing of our data."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text on paper is not read back")
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=bytes(document.content), capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def test_the_letter_says_what_was_decided(signed, case, chair, oncologist, pathologist, surgeon):
    data, words = read(signed)
    for said in (
        case.reference, case.patient.name, case.patient.hospital_number, case.question, case.referrer,
        "Type confirmed: type II", "thresholds unverified", "Intent: conversion, then cure.", "Ask intervention",
        "Response: question of hepatectomy.", "Staging laparoscopy", surgeon.display_name,
        "images or pathology read differently",
        "One lesion touches the middle hepatic vein.",
        f"{pathologist.display_name} (Pathology): type III. Cytology is not known.",
        f"{oncologist.display_name} (Oncology)",
        "Hepatobiliary surgery", "It returns before any operation", signed.sign_off.digest, chair.display_name,
        "does not replace", "10.1177/1758835920904803",
    ):  # fmt: skip
        assert said in words, said
    assert data["draft"] == ""
    assert data["notices"] == []
    assert shown_by(signed.proposal).options[signed.options.first().option].label["en"] in data["decision"]["headline"]


def test_facts_stand_with_source_and_date(signed):
    data, words = read(signed)
    rows = {row["label"]: row["parts"] for row in data["basis"]["rows"]}
    assert {"text": "Lavage cytology: CY0", "source": f"(Pathology, {timezone.localdate():%-d %b %Y})"} in [
        part for parts in rows.values() for part in parts
    ]
    assert "Wants surgery only if it can cure" in words


def test_what_the_rules_left_open_stands_in_the_minutes_and_not_in_the_letter(signed):
    """In a letter it would read as turned down by the meeting."""
    chosen = {option.option for option in signed.options.all()}
    left = [option for option in shown_by(signed.proposal).options.values() if option.id not in chosen]
    line = decision_parts.left_open(signed)
    named = {option.label["en"]: option.status for option in left if option.label["en"] in line}
    assert named
    assert set(named.values()) <= set(decision_parts.ALTERNATIVES)
    assert "None of these" not in line
    assert all(option.label["en"] in line for option in left if option.status == "recommended")
    assert line in json.dumps(minutes_data(signed.meeting, "en"), ensure_ascii=False)
    assert not any(label in read(signed)[1] for label in named)


def test_the_answer_names_every_option_that_was_chosen(signed):
    data, _words = read(signed)
    options = [option["text"] for option in data["plan"]["options"]]
    assert len(options) > 1
    assert all(option in data["decision"]["headline"] for option in options)


def test_an_unsigned_letter_says_that_it_is_a_draft(decision):
    data, _words = read(decision)
    assert data["draft"] == "DRAFT, not signed"
    assert data["notices"][0].startswith("DRAFT")
    assert "DRAFT" in data["running"]["foot"]
    assert data["signatures"][0]["name"] == "not signed"


def test_an_amended_letter_says_what_it_replaces_and_the_old_one_that_it_is_replaced(
    signed, content, coordinator, chair
):
    options = [actions.Choice("other", "Surgery first")]
    amended = actions.amend_decision(
        decision=signed, by=coordinator, amendment_reason="Cytology came back negative",
        content=replace(content, options=options),
    )  # fmt: skip
    assert "will replace this one once it is signed" in read(signed)[0]["notices"][0]
    actions.sign_decision(decision=amended, by=chair)
    old, new = read(signed)[0], read(amended)[0]
    assert old["notices"][0].startswith("Replaced by version 2")
    assert "It replaces version 1" in new["notices"][0]
    assert "Cytology came back negative" in new["notices"][0]


def test_the_question_is_the_one_that_was_asked_then(signed, case, coordinator):
    asked = case.question
    case.refresh_from_db()
    change_referral(case=case, by=coordinator, version=case.version, question="Something else altogether?")
    assert read(signed)[0]["question"]["text"] == asked


def test_a_case_without_any_finding_is_deferred_on_one_page_per_language(room, case, coordinator, chair):
    item = list_case(room, case, coordinator)
    content = actions.Content(reason="missing_facts", reason_text="No findings", quorum_reason="nothing is decided")
    deferred = actions.defer(item=item, by=coordinator, proposal=case.latest_proposal, content=content)
    actions.sign_decision(decision=deferred, by=chair)
    data, words = read(deferred)
    assert "Deferred: facts are missing." in data["decision"]["headline"]
    assert "Type confirmed" not in words
    stated = {row["label"]: row["parts"][0]["text"] for row in data["basis"]["rows"]}
    assert stated["Findings"] == "none recorded"
    assert "T category" in stated["Not stated"]
    assert [pages(documents.letter(deferred, language)) for language in LANGUAGES] == [1, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_ordinary_letter_fits_one_page(signed, language):
    assert pages(documents.letter(signed, language)) == 1


def test_an_overlong_letter_flows_over_pages(room, case, coordinator, content):
    item = list_case(room, complete_case(case, coordinator), coordinator)
    long = decide(item, coordinator, replace(content, rationale="A long discussion. " * 200))
    assert [pages(documents.letter(long, language)) > 1 for language in LANGUAGES] == [True, True]


def test_typed_text_is_never_markup(room, team, coordinator, content):
    case = complete_case(make_case(team=team, by=coordinator, question=INJECTION, name="#strong[x]"), coordinator)
    hostile = decide(list_case(room, case, coordinator), coordinator, replace(content, rationale=INJECTION))
    assert read(hostile)[0]["question"]["text"] == INJECTION
    words = extracted(documents.letter(hostile, "en"))
    assert words.count(INJECTION) == 2
    assert "#strong[x]" in words
    assert "root:" not in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_carries_the_decision_and_a_chinese_name(room, team, coordinator, content, language):
    case = complete_case(make_case(team=team, by=coordinator, name="林美华 㐱"), coordinator)
    made = decide(list_case(room, case, coordinator), coordinator, content)
    words = extracted(documents.letter(made, language))
    assert "林美华 㐱" in words
    assert "Response: question of hepatectomy." in words
    assert case.reference in words


def test_a_character_that_the_font_lacks_is_named_at_the_foot(room, team, coordinator, content):
    case = complete_case(make_case(team=team, by=coordinator, name="吴\U00020bb7"), coordinator)
    made = decide(list_case(room, case, coordinator), coordinator, content)
    data, _words = read(made)
    assert data["identity"][0][1].startswith("吴[U+20BB7]")
    assert "U+20BB7" in data["glyph_note"]
    assert documents.letter(made, "en").content


def test_the_same_content_is_kept_once(signed, coordinator):
    first = documents.letter(signed, "en", by=coordinator)
    assert documents.letter(signed, "en").pk == first.pk
    assert Document.objects.count() == 1
    assert first.digest == hashlib.sha256(bytes(first.content)).hexdigest()
    event = Event.objects.get(kind="document-made")
    assert (event.by, event.case_reference, event.data["language"]) == (coordinator, signed.case.reference, "en")
    assert signed.case.patient.name not in json.dumps(event.data)


def test_signing_makes_another_letter_and_keeps_the_draft(decision, chair):
    draft = documents.letter(decision, "en")
    actions.sign_decision(decision=decision, by=chair)
    assert documents.letter(decision, "en").pk != draft.pk
    assert Document.objects.filter(pk=draft.pk).exists()


def test_the_duty_makes_both_languages_and_nothing_twice(signed):
    for _attempt in range(2):
        handler_of("prepare-letters")(signed.pk)
        assert sorted(Document.objects.values_list("language", flat=True)) == sorted(LANGUAGES)


def test_the_duty_refuses_an_unsigned_decision(decision):
    with pytest.raises(Decision.DoesNotExist):
        handler_of("prepare-letters")(decision.pk)


@pytest.fixture
@remembered
def held(signed, room, team, coordinator, oncologist):
    """Closed, with one case decided, one not reached, and one person who left early."""
    list_case(room, make_case(team=team, by=coordinator, name="Not Reached"), coordinator)
    actions.mark_attendance(meeting=room, person=oncologist, is_present=False, by=coordinator)
    return finish(room, coordinator).meeting


def test_the_minutes_hold_attendance_agenda_decisions_and_actions(held, signed, surgeon, oncologist):
    data = minutes_data(held, "en")
    assert data["draft"] == ""
    attendance = {row[0]: row[2] for row in data["attendance"]["rows"]}
    assert " to " in attendance[oncologist.display_name]
    assert data["agenda"]["rows"][0][1] == signed.case.reference
    assert data["agenda"]["rows"][0][3] == "type II; conversion, then cure."
    assert data["left"]["rows"][0][1:] == ["Not Reached", "time ran out."]
    assert data["cases"]["blocks"][0]["headline"].startswith("Decision: ")
    assert data["actions"]["rows"][0][1:3] == [signed.case.reference, "Staging laparoscopy"]
    assert surgeon.display_name in data["actions"]["rows"][0][3]
    assert signed.sign_off.signed_by.display_name in data["signatures"]["rows"][0][2]


def test_minutes_of_an_open_meeting_are_provisional(room, signed):
    data = minutes_data(room, "en")
    assert data["draft"] == "PROVISIONAL"
    assert data["notices"] == ["PROVISIONAL. The meeting is not closed."]


def test_minutes_are_kept_once_for_the_same_content(held):
    made = [documents.minutes(held, language) for language in LANGUAGES for _again in range(2)]
    assert len({document.pk for document in made}) == len(LANGUAGES)


def test_an_empty_meeting_has_minutes_too(meeting):
    assert [pages(documents.minutes(meeting, language)) for language in LANGUAGES] == [1, 1]


def letter_url(decision, language="en"):
    return reverse(
        "decision-letter", args=[decision.meeting.reference, decision.case.reference, decision.version, language]
    )


@pytest.mark.parametrize("name", ["surgeon", "chair", "auditor"])
def test_a_member_opens_the_letter_and_the_log_knows(client, request, signed, name):
    reader = request.getfixturevalue(name)
    client.force_login(reader)
    response = client.get(letter_url(signed))
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "object-src 'self'" in response["Content-Security-Policy"]  # else a browser shows an empty viewer
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert signed.case.reference in response["Content-Disposition"]
    event = Event.objects.get(kind="document-opened")
    assert (event.by, event.case_reference) == (reader, signed.case.reference)


def test_a_member_opens_the_minutes_and_the_log_names_the_cases(client, held, signed, surgeon):
    client.force_login(surgeon)
    response = client.get(reverse("meeting-minutes", args=[held.reference, "zh-hans"]))
    assert response.content.startswith(b"%PDF-")
    assert signed.case.reference in Event.objects.get(kind="document-opened").data["cases"]


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("admin", 403)])
def test_others_open_neither(client, request, held, signed, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get(letter_url(signed)).status_code == status
    assert client.get(reverse("meeting-minutes", args=[held.reference, "en"])).status_code == status
    assert not Event.objects.filter(kind__startswith="document-").exists()


def test_an_unknown_language_version_or_case_is_not_found(client, signed, surgeon, team, coordinator):
    other = make_case(team=team, by=coordinator)
    client.force_login(surgeon)
    assert client.get(letter_url(signed, "fr")).status_code == 404
    for case, version in ((signed.case, 7), (other, 1)):
        address = reverse("decision-letter", args=[signed.meeting.reference, case.reference, version, "en"])
        assert client.get(address).status_code == 404


def test_somebody_signed_out_is_sent_to_sign_in(client, signed):
    assert client.get(letter_url(signed)).status_code == 302


def test_opening_is_only_a_get(client, signed, surgeon):
    client.force_login(surgeon)
    assert client.post(letter_url(signed)).status_code == 405


@pytest.mark.parametrize("language", LANGUAGES)
def test_minutes_print_the_patient_as_signed_and_say_that_the_details_were_corrected_since(
    held, signed, coordinator, language
):
    patient = signed.case.patient
    before, notices = patient.name, minutes_data(held, language)["notices"]
    correct_patient(case=signed.case, by=coordinator, version=patient.version, reason="Misheard", name="Zebra Finch")
    data = minutes_data(held, language)
    said = json.dumps(data, ensure_ascii=False)
    assert "Zebra Finch" not in said
    assert before in data["agenda"]["rows"][0][2]
    assert before in data["cases"]["blocks"][0]["heading"]
    (notice,) = [each for each in data["notices"] if each not in notices]
    assert notice.startswith(signed.case.reference)
    assert timezone.localdate().strftime("%Y") in notice


def test_the_record_for_the_chart_prints_the_patient_as_signed(signed, coordinator):
    patient = signed.case.patient
    before = patient.name
    correct_patient(case=signed.case, by=coordinator, version=patient.version, reason="Misheard", name="Zebra Finch")
    said = extracted(documents.chart_record(signed, "en"))
    assert before in said
    assert "Zebra Finch" not in said
    assert "corrected on" in said


def test_opening_a_kept_paper_reads_no_case_beside_it(signed, chair, django_assert_num_queries):
    documents.letter(signed, "en", by=chair)
    kept, reference = documents.letter(signed, "en", by=chair), signed.case.reference
    with django_assert_num_queries(0):
        assert (kept.decision.case.reference, kept.decision.case.team.code) == (reference, "gc")
