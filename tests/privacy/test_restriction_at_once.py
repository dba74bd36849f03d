"""A restriction that is committed while somebody writes: two connections of the real database, on both engines."""

import subprocess
import threading
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone

from cases.actions import record_finding, save_draft, write_note
from cases.models import Case, FindingDraft, PsychosocialNote
from mdt.events.chain import Restricted, record
from mdt.events.kinds import WHILE_RESTRICTED, Kind
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.mail.models import Message
from mdt.meetings import actions as meetings
from mdt.meetings.actions import sending
from mdt.meetings.outcome.restricted import withheld_in
from mdt.people.models import Role
from mdt.privacy import actions
from mdt.privacy.actions import restrictions
from tests.builders import COMPLETE_FACTS, make_case, make_team, make_user
from tests.meetings.builders import finish, plan
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 30


@pytest.fixture
def everybody():
    roles = (Role.COORDINATOR, Role.CHAIR, Role.PRIVACY)
    return make_user("everybody", discipline="radiology", team=make_team("gc"), roles=roles)


@pytest.fixture
def case(everybody):
    return make_case(team=everybody.memberships.first().team, by=everybody)


def restrict(case, by):
    return actions.restrict(case=case, by=by, asked_by="patient", ground="gdpr-18-a", reason="It is being checked.")


def finding(case, by):
    facts = COMPLETE_FACTS["radiology"]
    return record_finding(case=case, by=by, discipline="radiology", facts=facts, examined_on=timezone.localdate())


def written_after(case) -> list[str]:
    """Kinds of the lines that say of the case, after its restriction, that something was done with it."""
    placed = Event.objects.get(kind=Kind.RESTRICTION_PLACED).number
    later = Event.objects.filter(case_reference=case.reference, number__gt=placed).order_by("number")
    return [kind for kind in later.values_list("kind", flat=True) if kind not in WHILE_RESTRICTED]


def in_flight(case, by, write):
    """What `write` gives, begun with a case that was read before and while the restriction is all but committed."""
    is_held, is_begun = threading.Event(), threading.Event()
    last_step = restrictions.project

    def hold(**values):
        done = last_step(**values)  # everything is written; the commit follows
        is_held.set()
        assert is_begun.wait(PATIENCE_SECONDS)
        return done

    def order():
        with mock.patch.object(restrictions, "project", hold):
            return restrict(Case.objects.get(pk=case.pk), by)

    def writer():
        read_before = Case.objects.get(pk=case.pk)
        assert is_held.wait(PATIENCE_SECONDS)
        is_begun.set()
        return write(read_before)

    return at_once(order, writer)[1]


def test_a_line_about_a_case_that_was_restricted_since_it_was_read_is_refused_with_its_write(case, everybody):
    def write(read_before):
        with transaction.atomic():
            note = PsychosocialNote.objects.create(case=read_before, text="In flight", written_by=everybody)
            record(Kind.NOTE_WRITTEN, by=everybody, case=read_before, subject=note, is_correction=False)

    assert isinstance(in_flight(case, everybody, write), Restricted)
    assert not PsychosocialNote.objects.exists()
    assert written_after(case) == []
    assert verify().is_whole


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(finding, id="finding"),
        pytest.param(lambda case, by: write_note(case=case, by=by, text="In flight"), id="note"),
        pytest.param(
            lambda case, by: save_draft(case=case, by=by, discipline="radiology", entries={"impression": ["later"]}),
            id="draft",
        ),
    ],
)
def test_what_people_write_in_that_moment_is_refused_as_a_whole(case, everybody, write):
    save_draft(case=case, by=everybody, discipline="radiology", entries={"impression": ["before"]})
    assert isinstance(in_flight(case, everybody, lambda read_before: write(read_before, everybody)), Restricted)
    assert not case.findings.exists()
    assert not case.psychosocial_notes.exists()
    assert FindingDraft.objects.get().entries == {"impression": ["before"]}, "a draft leaves no line each time"
    assert written_after(case) == []


def test_a_draft_at_the_desk_is_not_added_to(case, everybody):
    meeting = plan(case.team, everybody, chair=everybody)
    item = meetings.list_case(meeting=meeting, case=case, by=everybody, late_reason="Now")
    draft = meetings.save_desk_draft(item=item, by=everybody, entries={"reason": ["before"]}, based_on=0)

    def write(_case):
        meetings.save_desk_draft(item=item, by=everybody, entries={"reason": ["later"]}, based_on=0)

    assert isinstance(in_flight(case, everybody, write), Restricted)
    draft.refresh_from_db()
    assert draft.entries == {"reason": ["before"]}


def test_whoever_is_first_of_many_at_once_nothing_is_written_after_the_order(case, everybody):
    stale = [Case.objects.get(pk=case.pk) for _ in range(5)]
    works = [lambda read=read: write_note(case=read, by=everybody, text=f"Note {id(read)}") for read in stale]
    done = at_once(*works[:2], lambda: restrict(Case.objects.get(pk=case.pk), everybody), *works[2:])
    notes = [each for number, each in enumerate(done) if number != 2]
    assert not isinstance(done[2], Exception), done[2]
    assert all(isinstance(each, PsychosocialNote | Restricted) for each in notes), notes
    assert PsychosocialNote.objects.count() == sum(isinstance(each, PsychosocialNote) for each in notes)
    assert written_after(case) == []
    assert verify().is_whole


def test_a_case_that_was_read_while_it_was_restricted_is_written_to_once_that_has_ended(case, everybody):
    restriction = restrict(case, everybody)
    read_before = Case.objects.get(pk=case.pk)
    told = {"reason": "It was right.", "told_on": timezone.localdate(), "told_how": "By letter."}
    actions.lift_restriction(restriction=restriction, by=everybody, **told)
    assert write_note(case=read_before, by=everybody, text="After it").pk


def test_minutes_are_filed_as_what_they_are_where_the_order_comes_while_they_are_made(case, everybody):
    meeting = plan(case.team, everybody, chair=everybody)
    meetings.list_case(meeting=meeting, case=case, by=everybody, late_reason="Now")
    meetings.mark_attendance(meeting=meeting, person=everybody, by=everybody, is_present=True)
    finish(meeting, everybody)
    meeting.refresh_from_db()
    is_reading, is_placed = threading.Event(), threading.Event()
    made, typeset = sending._minutes, []

    def hold(*given):
        is_reading.set()
        is_placed.wait(2)  # an order that has to wait for the minutes comes after them
        typeset.append(made(*given))
        return typeset[-1]

    def order():
        assert is_reading.wait(PATIENCE_SECONDS)
        restriction = restrict(Case.objects.get(pk=case.pk), everybody)
        is_placed.set()
        return restriction

    with mock.patch.object(sending, "_minutes", hold):
        done = at_once(lambda: sending.send_minutes(meeting=meeting), order)
    assert not isinstance(done[1], Exception), done[1]
    assert done[0] == 1, done[0]
    message = Message.objects.get(kind="minutes")
    text = subprocess.run(["pdftotext", "-", "-"], input=typeset[0].content, capture_output=True, check=True).stdout
    assert (case.pk in withheld_in(message.key)) == (case.patient.name not in text.decode())
