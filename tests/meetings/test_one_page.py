"""A case on one page of paper: one page whatever it holds, nothing left out in silence, and for its readers alone."""

import re
import shutil
import subprocess

import pytest
from django.urls import reverse
from django.utils import translation

from cases.actions import open_restricted
from mdt.events.models import Event
from mdt.meetings.documents.typesetting import source_digest
from mdt.meetings.documents.wording import short_digest
from mdt.meetings.one_page.actions import print_case
from mdt.meetings.one_page.contents import contents_of
from mdt.meetings.one_page.shortened import shortened, width_of
from mdt.people.models import Role
from mdt.privacy import actions as privacy
from tests.builders import complete_case, make_case, make_finding, make_user
from tests.remembered import remembered

LANGUAGES = ("en", "zh-hans")
REPORT = "Multiple lesions with rim enhancement in both lobes. 肝右叶见多发低密度影，增强后环形强化。"


def pages(content):
    return max(int(count) for count in re.findall(rb"/Count (\d+)", content))


def words_of(content):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text on paper is not read back")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def lesions(count, more_mm=0):
    return [
        {
            "segments": [str(2 + number % 7)],
            "diameter_mm": 5 + number + more_mm,
            "nature": "metastasis" if number % 3 else "indeterminate",
            "vessel_relation": "abuts",
            "vessel": "ivc",
        }
        for number in range(count)
    ]


@pytest.fixture
@remembered
def stuffed(team, coordinator):
    """The longest of everything: names, question, reports, forty lesions, and sources that differ."""
    case = make_case(
        team=team,
        by=coordinator,
        name="Featherstonehaugh " * 6,
        hospital_number="X" * 40,
        question=("Resection first? 先化疗还是先手术？" * 40)[:1000],
        referrer="Dr Very Long Name " * 6,
        urgency="emergency",
        summary=REPORT * 40,
    )
    complete_case(case, coordinator)
    text = (REPORT * 100)[:5000]
    for discipline, facts in {
        "radiology": {"liver_lesions": lesions(40)},
        "hepatobiliary": {"liver_lesions": lesions(30, more_mm=20)},
        "surgery": {"peritoneum": "P1a", "t_category": "T4b"},
        "nursing": {"patient_preference": text[:280]},
        "oncology": {"comorbidity_note": text[:280]},
    }.items():
        make_finding(case, coordinator, facts, discipline=discipline, report_text=text, impression=text[:3000])
    return case


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_of_forty_lesions_and_long_reports_is_one_page_that_counts_what_it_leaves_out(
    stuffed, coordinator, language
):
    content = print_case(case=stuffed, by=coordinator, language=language)
    words = words_of(content)
    assert pages(content) == 1
    assert stuffed.patient.name.strip() in words
    compact = words.replace(" ", "")
    said = re.findall(r"and(\d+)morelesions" if language == "en" else r"另有(\d+)个病灶", compact)
    rows = re.findall(r"\b(\d+) S\d \d+ mm", words)
    assert len(said) == 1
    assert int(said[0]) + len(set(rows)) == 40
    assert re.search(r"\[\d+morecharacters:seethecase\]" if language == "en" else r"\[另有\d+字，见病例页面\]", compact)


def test_the_page_works_out_no_part_that_it_does_not_show(stuffed, monkeypatch):
    for part in ("timeline_of", "side_by_side", "facts_that_matter", "boundaries_of"):
        monkeypatch.setattr(f"cases.case_page.{part}", lambda *_given, part=part: pytest.fail(part))
    assert contents_of(stuffed)["left"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_that_was_just_referred_is_one_page_that_says_what_is_unknown(team, coordinator, language):
    case = make_case(team=team, by=coordinator)
    content = print_case(case=case, by=coordinator, language=language)
    assert pages(content) == 1
    words = words_of(content)
    assert ("not stated" if language == "en" else "未说明") in words
    assert ("Decision support, not validated" if language == "en" else "未经临床验证") in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signed_case_shows_its_decision_with_meeting_and_signature(signed, chair, language):
    content = print_case(case=signed.case, by=chair, language=language)
    words = words_of(content)
    assert pages(content) == 1
    assert signed.meeting.reference in words
    assert ("signed by" if language == "en" else "签署：") in words


def test_no_character_is_lost_and_what_the_fonts_lack_is_named(team, coordinator):
    case = make_case(team=team, by=coordinator, name="吉\U00020bb7欧阳", question="≥ 40 mm × 3 → Ⅱ型 10⁹/L?")
    words = words_of(print_case(case=case, by=coordinator, language="zh-hans"))
    assert "U+20BB7" in words
    assert "\ufffd" not in words
    assert "10⁹/L" in words


def test_sources_that_differ_stand_on_the_page_and_so_does_that_nobody_verified_the_rules(stuffed, coordinator):
    words = words_of(print_case(case=stuffed, by=coordinator, language="en"))
    assert "Where sources differ" in words
    assert "[readings differ]" in words
    assert "unverified" in words
    assert "not verified" in words
    assert "peritoneum: P1a" in words.lower() or "Peritoneum: P1a" in words


def test_facts_placed_and_facts_counted_are_all_of_them(stuffed):
    with translation.override("en"):
        contents = contents_of(stuffed)
    facts = next(each for each in contents["left"] if each["label"] == "Facts by discipline")
    known = {fact for fact in stuffed.latest_proposal.statements if fact != "liver_lesions"}
    missing = [each for each in stuffed.latest_proposal.readiness if each["state"] == "missing"]
    assert sum(each["count"] for each in facts["items"]) == len(known) + len(missing)


def test_a_shortened_text_says_how_much_is_left_out():
    with translation.override("en"):
        assert shortened("  a  b\nc ", 40) == "a b c"
        text = "word " * 100
        cut = shortened(text, 50)
        start, left = re.fullmatch(r"(.*)… \[(\d+) more characters: see the case\]", cut).groups()
        assert width_of(start) <= 50
        assert len(start) + int(left) in (len(text.strip()), len(text.strip()) - 1)  # a blank between them


def test_text_of_people_is_never_markup(team, coordinator):
    case = make_case(team=team, by=coordinator, question='#read("/etc/passwd") $x$ *b* \\ </style> & <b>')
    words = words_of(print_case(case=case, by=coordinator, language="en"))
    assert '#read("/etc/passwd")' in words.replace("“", '"').replace("”", '"')
    assert "root:" not in words


def test_whoever_may_open_the_case_prints_it_and_the_log_names_the_digest_on_the_paper(client, ready_case, surgeon):
    client.force_login(surgeon)
    answer = client.get(reverse("case-one-page", args=[ready_case.reference]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    event = Event.objects.get(kind="document-opened")
    assert (event.by, event.case_reference, event.data["document"]) == (surgeon, ready_case.reference, "one_page")
    assert short_digest(event.data["digest"]) in words_of(answer.content)
    with translation.override("en"):
        assert event.data["digest"] == source_digest(contents_of(ready_case))


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("admin", 403)])
def test_nobody_else_does(client, request, ready_case, name, status):
    client.force_login(request.getfixturevalue(name))
    assert client.get(reverse("case-one-page", args=[ready_case.reference])).status_code == status
    assert not Event.objects.filter(kind="document-opened").exists()


def test_restricted_data_are_printed_only_under_an_exception_and_the_paper_says_so(client, ready_case, team, surgeon):
    officer = make_user("officer", team=team, roles=(Role.PRIVACY,))
    privacy.restrict(case=ready_case, by=officer, asked_by="patient", ground="gdpr-18-a", reason="Checked.")
    client.force_login(surgeon)
    url = reverse("case-one-page", args=[ready_case.reference])
    assert client.get(url).status_code == 403
    ready_case.refresh_from_db()
    open_restricted(case=ready_case, by=surgeon, ground="vital", reason="Bleeding, in theatre now.")
    assert "may only be stored" in words_of(client.get(url).content)


def test_the_page_of_the_case_leads_to_it(client, ready_case, surgeon):
    client.force_login(surgeon)
    page = " ".join(client.get(ready_case.get_absolute_url()).content.decode().split())
    address = reverse("case-one-page", args=[ready_case.reference])
    assert f'<a target="_blank" rel="noopener" class="btn btn-quiet no-print" href="{address}">' in page
    assert "(opens in a new tab)" in page
