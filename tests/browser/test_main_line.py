"""The main line in a real browser: from a referral to a signed letter and a complete log, one person after the other.

Every page on the way is checked: no CSP violation, no console error, no request to another host (the page fixture),
and no accessibility violation (axe).
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.models import Case
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.meetings.models import Decision
from tests.builders import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both_engines]

ON_CASE = re.compile(r"/cases/GC-\d{4}-\d{4}/$")
PASSWORD = "correct-horse-battery"
# Every step of the case that the auditor must find.
STEPS = [
    "case-referred",
    "finding-recorded",
    "assumption-confirmed",
    "proposal-made",
    "case-listed",
    "decision-recorded",
    "decision-signed",
    "document-opened",
]


@pytest.fixture
def people(team, coordinator, radiologist, pathologist, surgeon, hepatobiliary, oncologist, chair, auditor):
    """The whole team; a nurse hears the patient."""
    make_user("nurse", discipline="nursing", team=team)


@pytest.fixture
def as_person(page, live_server):
    """Sign in as somebody, in the same browser; whoever was there is signed out first."""

    def sign_in(username: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)  # an auditor begins at the audit

    return sign_in


def _chip(page, field: str, *values: str) -> None:
    """Choose chips as a person does: by their label."""
    for value in values:
        chip = page.locator(f"[name={field}][value='{value}']")
        page.locator(f"label[for='{chip.get_attribute('id')}']").click()


def _record(page) -> None:
    page.get_by_role("button", name="Record findings").first.click()
    page.wait_for_url(ON_CASE)


def _refer(page, live_server, axe) -> Case:
    page.goto(live_server.url)
    axe(page)
    page.get_by_role("link", name="Refer the first case").click()
    page.wait_for_url("**/cases/refer/")
    axe(page)
    page.select_option("[name=pathway]", "gclm")
    page.fill("[name=hospital_number]", "000 4471")
    page.fill("[name=name]", "Lin Meihua")
    page.fill("[name=born_on]", "1958-02-03")
    page.select_option("[name=sex]", "female")
    page.fill("[name=question]", "Can the primary and the liver lesion be removed together?")
    page.fill("[name=referrer]", "Dr Bai Lu")
    page.fill("[name=target_on]", (timezone.localdate() + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Refer the case").click()
    page.wait_for_url(ON_CASE)
    axe(page)
    return Case.objects.get()


def _radiology(page, live_server, case, axe) -> None:
    """The lesion table, chips, a number in the report's words, and the draft that saves itself."""
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/radiology/")
    page.fill("[name=examined_on]", timezone.localdate().isoformat())
    _chip(page, "liver_metastasis", "clinical")
    lesion = page.locator("[data-lesions] tr:visible").first
    lesion.locator("[name$='-segments'][value='3']").set_checked(True, force=True)
    lesion.locator("[name$='-diameter']").fill("15")
    lesion.locator("[name$='-nature']").select_option("metastasis")
    _chip(page, "t_category", "T3", "T4a")
    _chip(page, "n_category", "N1")
    page.get_by_text("Draft saved").first.wait_for()
    axe(page)
    page.reload()
    assert page.locator("[data-lesions] tr:visible [name$='-diameter']").first.input_value() == "15"
    _chip(page, "liver_lesions_complete", "yes")
    _record(page)


def _pathology(page, live_server, case) -> None:
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/pathology/")
    page.fill("[name=examined_on]", timezone.localdate().isoformat())
    _chip(page, "histology", "tubular")
    _chip(page, "her2_ihc", "1+")
    _chip(page, "mmr", "proficient")
    page.fill("[name=pdl1_cps]", "≥5")
    _record(page)


def _proposal_appears(page, live_server, case, axe) -> None:
    page.goto(live_server.url + case.get_absolute_url())
    axe(page)
    assert "Provisionally Type I, resectable" in page.inner_text("#proposal")
    before = case.proposals.count()
    page.get_by_role("region", name="Proposed type").get_by_role("button", name="Confirm P0").click()
    page.wait_for_url(ON_CASE)
    assert case.proposals.count() == before + 1
    assert "No peritoneal metastasis" not in page.inner_text("#proposal .rank")


def _schedule(page, live_server, axe) -> str:
    page.goto(f"{live_server.url}/meetings/plan/")
    axe(page)
    day = timezone.localtime() + timedelta(days=3)
    page.fill("[name=starts_at]", day.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=cut_off_at]", (day - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Plan the meeting").click()
    page.wait_for_url(re.compile(r"/meetings/GC-M\d+/"))
    page.locator(".pick-reason summary").first.click()
    page.locator("[name=late_reason]").first.fill("The operation date is near.")
    page.get_by_role("button", name="Add").first.click()
    page.get_by_text(re.compile(r"[1-9]\d* of 60 minutes")).first.wait_for()
    axe(page)
    return page.url


def _decide_and_sign(page, live_server, case, meeting_url, axe) -> Decision:
    page.goto(meeting_url)
    page.get_by_role("button", name=re.compile("here")).first.click()
    page.get_by_text("1 present").first.wait_for()
    reference = meeting_url.rstrip("/").rsplit("/", 1)[1]
    page.goto(f"{live_server.url}/meetings/{reference}/room/{case.reference}/?step=decide")
    axe(page)
    page.locator("[name=category][value=I]").set_checked(True, force=True)
    page.locator("[data-option] [type=checkbox]").first.set_checked(True, force=True)
    page.select_option("[name=intent]", "curative")
    page.select_option("[name=responsible]", index=1)
    page.fill("[name=quorum_reason]", "The members present cover the question.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**step=sign")
    axe(page)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name=re.compile("^Sign")).click()
    page.get_by_text("The decision is signed.").first.wait_for()
    return Decision.objects.get()


def test_a_patient_goes_from_referral_to_a_signed_letter_and_the_auditor_sees_every_step(
    page, live_server, axe, people, as_person
):
    as_person("coordinator")
    case = _refer(page, live_server, axe)
    as_person("radiologist")
    _radiology(page, live_server, case, axe)
    as_person("pathologist")
    _pathology(page, live_server, case)
    as_person("surgeon")
    _proposal_appears(page, live_server, case, axe)
    as_person("coordinator")
    meeting_url = _schedule(page, live_server, axe)
    as_person("chair")
    decision = _decide_and_sign(page, live_server, case, meeting_url, axe)
    assert decision.is_signed
    case.refresh_from_db()
    assert (case.state, case.type_confirmed) == ("signed", "I")

    reference = meeting_url.rstrip("/").rsplit("/", 1)[1]
    for language in ("en", "zh-hans"):
        letter = page.request.get(
            f"{live_server.url}/meetings/{reference}/decisions/{case.reference}/{decision.version}/letter/{language}/"
        )
        assert letter.status == 200
        assert letter.body().startswith(b"%PDF")

    as_person("auditor")
    page.goto(f"{live_server.url}/cases/{case.reference}/log/")
    axe(page)
    logged = list(Event.objects.of_case(case.reference).values_list("kind", flat=True))
    assert [kind for kind in STEPS if kind not in logged] == []
    for words in ("referred the case", "signed", "opened the case"):
        assert words in page.inner_text("main")
    assert verify().is_whole
