"""Every address of the system, found by walking the resolver: a page added later is covered without a word here.

Arguments are made by the name of the parameter. A parameter with a new name fails these tests until ARGUMENTS knows it.
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from cases import actions as case_actions
from cases.models import Case
from cases.replaying import Question
from mdt.audit.annual.actions import ask_report, keep_report
from mdt.audit.outcomes.actions import record_follow_up
from mdt.audit.packs.actions import ask_pack
from mdt.audit.replay.actions import start_replay
from mdt.interchange import actions as interchange_actions
from mdt.mail.actions import Attachment, post
from mdt.mail.models import Delivery
from mdt.meetings import actions as meeting_actions
from mdt.meetings.actions import Condition, Step
from mdt.meetings.calendar import actions as calendar_actions
from mdt.meetings.models import AgendaPlan
from mdt.meetings.outcome import report_link
from mdt.people.actions import begin_session
from mdt.people.models import Membership, Role
from mdt.privacy import actions as privacy_actions
from mdt.privacy.models import Notice
from mdt.rulebook.suggestions.actions import suggest
from tests.builders import complete_case, make_case, make_user
from tests.meetings.builders import content_for, plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

# Pages that answer somebody who is not signed in. Whoever adds one says so here.
OPEN = {
    "health",
    "sign-in",
    "sign-in-code",
    "sign-on",
    "sign-on-answer",
    "set_language",
    "report-by-link",
    "calendar-feed",
}
# What a GET may write: the log of who looked, one's own session, that a message was read, the PDF of a document, made
# when first read, and the audit's rows, which are derived and follow the log.
WRITTEN_BY_READING = {
    *("mail_entry", "events_event", "events_chainhead", "django_session", "meetings_document"),
    *("audit_auditrow", "audit_auditcursor"),
}


@dataclass(frozen=True)
class Page:
    """One address: its name, its route, and the names of its parameters."""

    name: str
    route: str
    parameters: frozenset[str]
    needs_sign_in: bool

    def __str__(self) -> str:
        return self.name


def walk(patterns, route=""):
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            needs_sign_in = getattr(pattern.callback, "login_required", True)
            yield Page(pattern.name, here, frozenset(re.findall(r"<(?:\w+:)?(\w+)>", here)), needs_sign_in)
        else:
            yield from walk(pattern.url_patterns, here)


PAGES = list(walk(get_resolver().url_patterns))
# Rules belong to the installation: whoever is signed in reads them. What may be done there is in tests/rulebook.
OF_A_TEAM = [
    page for page in PAGES if page.parameters and page.name not in OPEN and not page.route.startswith("rules/")
]


@pytest.fixture
@remembered
def world(team, coordinator, chair, surgeon, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
    """A team with a case that went all the way to a signed decision, and a draft: every page has something to show."""
    everybody = make_user(
        "everybody",
        is_superuser=True,
        discipline="radiology",
        team=team,
        roles=(Role.MEMBER, Role.CHAIR, Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.PRIVACY),
    )
    case = make_case(team=team, by=coordinator, name="Wang Unmistakable")
    asked = {"asked_by": "patient", "ground": "gdpr-18-a", "reason": "It is being checked."}
    restriction = privacy_actions.restrict(case=case, by=everybody, **asked)
    told = {"told_on": timezone.localdate(), "told_how": "By letter.", "reason": "It was right."}
    privacy_actions.lift_restriction(restriction=restriction, by=everybody, **told)
    case = complete_case(Case.objects.get(pk=case.pk), coordinator)
    draft = case_actions.save_draft(case=case, by=everybody, discipline="radiology", entries={"peritoneum": ["P0"]})
    series = calendar_actions.start_series(
        team=team,
        by=coordinator,
        name="Tuesday board",
        rule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=timezone.localdate(),
        begins_at=time(14, 0),
        cut_off_time=time(12, 0),
    )
    calendar_actions.close_days(
        team=team, by=coordinator, first_on=timezone.localdate(), last_on=timezone.localdate(), label="Closed"
    )
    member = calendar_actions.add_core_member(series=series, by=coordinator, person=surgeon)
    meeting = plan(team, coordinator, chair=chair)
    item = meeting_actions.list_case(meeting=meeting, case=case, by=coordinator)
    for person in (chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
        meeting_actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
    proposal = case.latest_proposal
    step = Step("Staging laparoscopy", oncologist, timezone.localdate() + timedelta(days=8))
    condition = Condition("Restage", "courses", timezone.localdate() + timedelta(days=60))
    content = content_for(proposal, oncologist, next_steps=[step], condition_rows=[condition])
    decision = meeting_actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    dissent = meeting_actions.record_dissent(decision=decision, by=everybody, reason="Cytology first")
    spoken = meeting_actions.note_spoken(item=item, by=coordinator, person=everybody, text="Cytology first")
    meeting_actions.sign_decision(decision=decision, by=chair)
    texts = {"decided": "An operation.", "next": "A talk.", "ask": "Your doctor"}
    meeting_actions.release_patient_page(decision=decision, by=oncologist, language="en", **texts)
    finding = case.findings.filter(discipline="radiology").first()
    run = start_replay(team=team, question=Question("gclm", "c-gclm"), is_all_snapshots=True, by=everybody)
    held_on = meeting.local_start.date()
    today = timezone.localdate()
    report = ask_report(team=team, first_on=today, last_on=today, language="en", by=everybody)
    keep_report(report=report, content=b"%PDF")
    enclosed = Attachment("letter.pdf", "application/pdf", b"%PDF")
    message = post(
        key="k", kind="letter", to=everybody, subject="Unmistakable", body="x", attachments=[enclosed], team=team
    )
    Delivery.objects.create(message=message, state="failed", reason="no-server")
    asked = {"asked_by": "patient", "right": "gdpr-17", "asked_on": timezone.localdate(), "text": "By letter."}
    erasure = privacy_actions.ask_erasure(case=case, by=everybody, **asked)
    refused = {"outcome": "refused", "parts": [], "exceptions": ["gdpr-17-3-b"], "reason": "The period runs."}
    privacy_actions.decide_erasure(request=erasure, by=everybody, **refused)
    privacy_actions.hand_out_copy(
        case=case, cases=[case], by=everybody, asked_by="representative", reason="With a letter.", with_notes=False
    )
    privacy_actions.say_rectified(case=case, by=everybody, reason="The date of an examination.")
    hold = privacy_actions.place_hold(case=case, by=everybody, reason="A claim is pending.")
    privacy_actions.lift_hold(hold=hold, by=everybody, reason="Settled.")
    return {
        "erasure": erasure,
        "hold": hold,
        "restriction": restriction,
        "notice": Notice.objects.first(),
        "message": message,
        "team": team,
        "case": case,
        "meeting": meeting,
        "draft": draft,
        "finding": finding,
        "run": run,
        "suggestion": suggest(
            **{name: "c-gclm" for name in ("scheme", "key", "text")},
            **{"by": everybody, "pathway": "gclm", "edition": "2019", "kind": "reason", "title": {"en": "Departed"}},
            **{"count": 5, "total": 9, "first_on": held_on, "last_on": held_on, "team": team, "evidence": "/audit/"},
        ),
        "pack": ask_pack(team=team, by=everybody, language="en", first_on=held_on, last_on=held_on),
        "report": report,
        "plan": AgendaPlan.objects.create(team=team, cost=0, bound=0, applied_by=coordinator),
        "series": series,
        "member": member,
        "closed": team.closed_days.get(),
        "feed": interchange_actions.make_feed(by=everybody, name="phone"),
        "everybody": everybody,
        "sign_in": begin_session(person=everybody, key="k", way="password", address=None, browser=""),
        "step": decision.next_steps.get(),
        "condition": decision.condition_rows.get(),
        "dissent": dissent,
        "spoken": spoken,
        "entry": record_follow_up(case=case, by=everybody, kind="seen", happened_on=timezone.localdate()),
    }


ARGUMENTS = {
    "reference": lambda world, route: world["meeting" if route.startswith("meetings/") else "case"].reference,
    "case_reference": lambda world, route: world["case"].reference,
    "step": lambda world, route: world["step"].pk,
    "token": lambda world, route: (
        world["feed"][1] if route.startswith("calendar/") else report_link.token_of(world["step"].decision)
    ),
    "meeting_reference": lambda world, route: world["meeting"].reference,
    "code": lambda world, route: world["team"].code,
    "username": lambda world, route: "surgeon",
    "discipline": lambda world, route: "radiology",
    "language": lambda world, route: "en",
    "finding_id": lambda world, route: world["finding"].pk,
    "draft_id": lambda world, route: world["draft"].pk,
    "condition_id": lambda world, route: world["condition"].pk,
    "spoken_id": lambda world, route: world["spoken"].pk,
    "dissent_id": lambda world, route: world["dissent"].pk,
    "number": lambda world, route: world["case"].latest_proposal.number,
    "version": lambda world, route: 1,
    "pathway": lambda world, route: "gclm",
    "scheme": lambda world, route: "c-gclm",
    "edition": lambda world, route: "2019",
    "part": lambda world, route: "options",
    "message": lambda world, route: world["message"].pk,
    "file": lambda world, route: world["message"].enclosures.get().pk,
    "plan": lambda world, route: world["plan"].pk,
    "piece": lambda world, route: "presence",
    "run": lambda world, route: world["run"].pk,
    "pack": lambda world, route: world["pack"].pk,
    "suggestion": lambda world, route: world["suggestion"].pk,
    "report": lambda world, route: world["report"].pk,
    "series_reference": lambda world, route: world["series"].reference,
    "member": lambda world, route: world["member"].pk,
    "closed": lambda world, route: world["closed"].pk,
    "entry": lambda world, route: world["entry"].pk,
    "feed": lambda world, route: world["feed"][0].pk,
    "erasure": lambda world, route: world["erasure"].pk,
    "hold": lambda world, route: world["hold"].pk,
    "restriction": lambda world, route: world["restriction"].pk,
    "notice": lambda world, route: world["notice"].pk,
    "sign_in": lambda world, route: world["sign_in"].pk,
}


def address(page, world):
    return reverse(page.name, kwargs={name: ARGUMENTS[name](world, page.route) for name in page.parameters})


def rows():
    """The content of every table that reading must not touch."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - WRITTEN_BY_READING
    content = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            content[table] = cursor.fetchall()
    return content


def changed(before):
    """Tables whose content is not what it was."""
    after = rows()
    return [table for table in before if before[table] != after[table]]


def content_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def test_every_address_has_a_name_and_known_parameters(world):
    assert len({page.name for page in PAGES}) == len(PAGES), "two addresses share a name, or one has none"
    unknown = {name: page.name for page in PAGES for name in page.parameters if name not in ARGUMENTS}
    assert unknown == {}, "say in ARGUMENTS how these are made"
    for page in PAGES:
        try:
            address(page, world)
        except NoReverseMatch as error:
            pytest.fail(f"{page}: {error}")


def test_the_open_pages_are_those_that_are_meant_to_be():
    assert {page.name for page in PAGES if not page.needs_sign_in} == OPEN


def test_no_address_carries_the_key_of_a_patient():
    assert [page.name for page in PAGES if page.parameters & {"pk", "id", "patient", "patient_id"}] == []


def test_somebody_not_signed_in_is_led_to_the_sign_in(client):
    """Without any row in the database: what is asked for makes no difference."""
    wrong = {}
    for page in PAGES:
        if page.name in OPEN:
            continue
        url = reverse(page.name, kwargs=dict.fromkeys(page.parameters, "1"))
        for answer in (client.get(url), client.post(url)):
            if answer.status_code != 302 or not answer.url.startswith(reverse("sign-in")):
                wrong[page.name] = answer.status_code
        # A part of a page: the sign-in page must not be put in the place of what somebody typed.
        if client.get(url, headers={"HX-Request": "true"}).status_code != 401:
            wrong[page.name] = "a part"
    assert wrong == {}


def test_an_outsider_cannot_tell_that_anything_exists(world, outsider, client):
    client.force_login(outsider)
    wrong, before = {}, rows()
    for page in OF_A_TEAM:
        url = address(page, world)
        answers = [client.get(url), client.post(url)]
        codes = {answer.status_code for answer in answers}
        if 404 not in codes or codes - {404, 405}:
            wrong[page.name] = codes
        if any("Unmistakable" in answer.content.decode() for answer in answers):
            wrong[page.name] = "names the patient"
    assert wrong == {}
    assert changed(before) == []


def test_the_lists_of_an_outsider_show_nothing_of_the_team(world, outsider, client):
    client.force_login(outsider)
    secrets = ("Unmistakable", world["case"].reference, world["meeting"].reference, world["team"].hospital)
    shown = {}
    for page in PAGES:
        if not page.parameters:
            text = content_of(client.get(reverse(page.name), follow=True))
            shown[page.name] = [secret for secret in secrets if secret in text]
    assert not any(shown.values()), shown


@pytest.mark.parametrize("is_superuser", [False, True])
def test_somebody_in_no_team_sees_no_case_and_no_meeting(world, client, is_superuser):
    """A superuser manages teams and people; of cases and meetings they see nothing either."""
    client.force_login(make_user("nobody", is_superuser=is_superuser))
    wrong = {}
    for page in OF_A_TEAM:
        if is_superuser and "code" in page.parameters:
            continue
        url = address(page, world)
        codes = {client.get(url).status_code, client.post(url).status_code}
        if 404 not in codes or codes - {404, 405}:
            wrong[page.name] = codes
    assert wrong == {}


def test_reading_changes_nothing_but_the_log(world):
    """By somebody who may do everything: a link in a mail, a preview or a prefetch never acts."""
    client = Client(raise_request_exception=False)  # an error of a page is listed as 500
    client.force_login(world["everybody"])
    wrong, before = {}, rows()
    for page in PAGES:
        url = address(page, world)
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(url, headers=headers)
            content_of(answer)
            if answer.status_code not in {200, 302, 405}:
                wrong[page.name] = answer.status_code
        if tables := changed(before):
            wrong[page.name], before = tables, rows()
    assert wrong == {}


def test_a_post_without_a_token_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["everybody"])
    before = rows()
    assert {page.name for page in PAGES if client.post(address(page, world)).status_code != 403} == set()
    assert changed(before) == []


def test_an_address_with_a_nul_names_nothing(world, client):
    """Whatever the database makes of such a character, nobody sees an error."""
    client.force_login(world["everybody"])
    for page in OF_A_TEAM:
        known = {name: ARGUMENTS[name](world, page.route) for name in page.parameters}
        for name in page.parameters & {"reference", "username", "language", "case_reference"}:
            assert client.get(reverse(page.name, kwargs=known | {name: "\0"})).status_code == 404


def test_a_member_who_left_sees_nothing_any_more(world, surgeon, client):
    client.force_login(surgeon)
    url = reverse("case", args=[world["case"].reference])
    assert client.get(url).status_code == 200
    Membership.objects.filter(user=surgeon).delete()
    assert client.get(url).status_code == 404
