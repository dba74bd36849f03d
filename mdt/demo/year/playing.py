"""Carries out the deeds of the synthetic year, each by the action that a page would call, some at a time."""

import logging
import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from cases import actions as case_actions
from cases.actions import ActionError
from cases.models import Case
from mdt.audit.followup.actions import report_implementation
from mdt.audit.followup.checks.actions import owe_checks
from mdt.audit.followup.checks.due import unanswered
from mdt.audit.models import ImplementationReport
from mdt.audit.outcomes.actions import record_follow_up
from mdt.audit.rows.actions import LINES, catch_up
from mdt.demo.clock import Clock
from mdt.demo.year.deciding import content_of
from mdt.demo.year.facts import SYNTHETIC, facts_of
from mdt.demo.year.script import RATES, Deed, Fate, Script
from mdt.duties.models import Duty
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings import actions
from mdt.meetings.actions.finishing import Onward
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.people.models import Membership, Role, Team, User

log = logging.getLogger(__name__)

PEOPLE = (
    ("coordinator", "coordination", Role.COORDINATOR),
    ("chair", "surgery", Role.CHAIR),
    ("surgeon", "surgery", Role.MEMBER),
    ("hepatobiliary", "hepatobiliary", Role.MEMBER),
    ("radiologist", "radiology", Role.MEMBER),
    ("interventional", "interventional", Role.MEMBER),
    ("pathologist", "pathology", Role.MEMBER),
    ("oncologist", "oncology", Role.MEMBER),
)
READERS = {"chair": Role.AUDITOR, "auditor": Role.AUDITOR}
"""Who reads the team's figures once the year is complete. Nobody works in it: a newcomer who refers a case is not asked
which team it is for."""
PREFIX = "synthetic-"


class Playing:
    """The year as it stands in the database. Every call works out anew what it needs: a part may be played anywhere."""

    def __init__(self, script: Script):
        self.script = script

    def play(self, begin: int, *, seconds: float) -> int:
        """Carry out deeds from this one on, for about so long, one at least. Returns the next; the count when done.

        What the actions leave to the worker is of that past day: it is dropped, so that no letter of the synthetic year
        is ever written. Call it in a transaction.
        """
        until, clock = time.monotonic() + seconds, Clock()
        newest = Duty.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        today = timezone.now() - timedelta(hours=12)
        number = begin
        for deed in self.script.deeds[begin:]:
            if deed.name == "open":
                break
            with clock.at(deed.at):
                self._carry_out(deed)
            number += 1
            if time.monotonic() > until:
                break
        Duty.objects.filter(pk__gt=newest, created_at__lt=today).delete()
        if number == len(self.script.deeds) - 1 and time.monotonic() <= until:
            self.open()
            number += 1
        return number

    def _carry_out(self, deed: Deed) -> None:
        try:
            with transaction.atomic():  # all of a deed, or nothing
                getattr(self, f"_{deed.name}")(deed.number, **deed.said)
        except (ActionError, LookupError, Case.DoesNotExist, AgendaItem.DoesNotExist) as error:
            # Somebody has used the team meanwhile, or an earlier deed had no effect: the year goes on without this one.
            log.info("synthetic year: %s %s left out: %s", deed.name, deed.number, error)

    def open(self) -> None:
        """Let the demonstration's people in, ask what nobody has answered, and count."""
        for username, role in READERS.items():
            person = User.objects.filter(username=username).first()
            if person and not Membership.objects.filter(team=self.team, user=person, role=role).exists():
                membership = Membership.objects.create(team=self.team, user=person, role=role)
                record(Kind.MEMBER_ADDED, by=None, team=self.team, subject=membership, username=username, roles=[role])
        for decision in unanswered().filter(case__team=self.team).select_related("release", "case__team"):
            owe_checks(decision.release)
        while catch_up() == LINES:
            pass

    # --- looking up -----------------------------------------------------------------------------------------------

    @cached_property
    def team(self) -> Team:
        return Team.objects.get(code=RATES["team"]["code"])

    @cached_property
    def people(self) -> dict[str, User]:
        found = User.objects.filter(username__startswith=PREFIX)
        return {person.username.removeprefix(PREFIX): person for person in found}

    def _case(self, number: int) -> Case:
        return Case.objects.select_related("team", "patient").get(
            team=self.team, patient__hospital_number=_hospital_number(number)
        )

    def _meeting(self, number: int) -> Meeting:
        """The meetings are numbered in the order of their days."""
        return Meeting.objects.select_related("team", "chair").get(team=self.team, number=number + 1)

    def _decision(self, number: int) -> Decision:
        found = Decision.objects.current().exclude(verdict=Decision.Verdict.DEFERRED)
        found = found.filter(case__team=self.team, case__patient__hospital_number=_hospital_number(number))
        decision = found.select_related("case__team", "meeting__team", "proposal", "responsible").first()
        if decision is None:
            raise LookupError("nothing was decided")
        return decision

    # --- deeds ----------------------------------------------------------------------------------------------------

    def _begin(self, number: int) -> None:
        fields = {name: RATES["team"][name] for name in ("code", "name", "hospital")}
        team = Team.objects.create(**fields, is_synthetic=True)
        record(Kind.TEAM_CREATED, by=None, team=team, subject=team, code=team.code)
        for name, discipline, role in PEOPLE:
            username = PREFIX + name
            person = User.objects.create(
                username=username, name=f"Synthetic {name}", discipline=discipline, password=make_password(None)
            )
            record(Kind.PERSON_ADDED, by=None, team=team, subject=person, username=username)
            membership = Membership.objects.create(team=team, user=person, role=role)
            record(Kind.MEMBER_ADDED, by=None, team=team, subject=membership, username=username, roles=[role])

    def _plan(self, number: int, day: date) -> None:
        starts_at = timezone.make_aware(timezone.datetime.combine(day, timezone.datetime.min.time().replace(hour=14)))
        actions.plan_meeting(
            team=self.team,
            by=self.people["coordinator"],
            starts_at=starts_at,
            cut_off_at=starts_at - timedelta(days=2),
            place="Synthetic",
            chair=self.people["chair"],
        )

    def _refer(self, number: int) -> None:
        fate, patient = self.script.fate(number), RATES["patient"]
        draw = random.Random(f"{RATES['seed']}/{number}/patient")
        age = min(88, max(30, round(draw.gauss(patient["median_age"], patient["spread_years"]))))
        today = timezone.localdate()
        case_actions.refer_case(
            team=self.team,
            by=self.people["coordinator"],
            hospital_number=_hospital_number(number),
            name=f"Synthetic {number:03}",
            born_on=date(today.year - age, 1 + number % 12, 1 + number % 28),
            sex="male" if draw.random() < patient["male"] else "female",
            question="Synthetic: which type, and which treatment first?",
            reason="new",
            summary=SYNTHETIC,
            citation=RATES["team"]["citation"],
            referrer=str(self.people["oncologist"]),
            urgency="routine",
            target_on=self.script.meetings[fate.first_meeting],
            referred_on=today,
        )

    def _find(self, number: int, discipline: str) -> None:
        speaker = {"radiology": "radiologist", "surgery": "surgeon", "pathology": "pathologist"}
        case_actions.record_finding(
            case=self._case(number),
            by=self.people[speaker.get(discipline, "oncologist")],
            discipline=discipline,
            facts=facts_of(self.script.fate(number), discipline),
            examined_on=timezone.localdate(),
            impression=SYNTHETIC,
        )

    def _enlist(self, number: int, meeting: int) -> None:
        found, case = self._meeting(meeting), self._case(number)
        needs_reason = not case.is_ready or timezone.now() > found.cut_off_at
        actions.list_case(
            meeting=found,
            case=case,
            by=self.people["coordinator"],
            planned_minutes=6,
            late_reason="Synthetic: the referrer asked for a decision this week." if needs_reason else "",
        )

    def _hold(self, number: int) -> None:
        meeting, chair = self._meeting(number), self.people["chair"]
        draw = random.Random(f"{RATES['seed']}/meeting/{number}")
        for name, person in self.people.items():
            if name in ("chair", "coordinator") or draw.random() < RATES["preparation"]["present"]:
                actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=chair)
        signed_later = {deed.number for deed in self.script.deeds if deed.name == "sign"}
        for item in meeting.agenda.filter(state=AgendaItem.State.LISTED).select_related("case__patient").order_by("pk"):
            fate = self.script.fate(int(item.case.patient.hospital_number.removeprefix("SYN-")))
            self._discuss(item, fate, number, chair, is_signed=fate.number not in signed_later)
        meeting.refresh_from_db()
        left = meeting.agenda.filter(state=AgendaItem.State.LISTED, decisions__isnull=True)
        following = self._meeting(number + 1) if left else None
        onward = {item.pk: Onward(following, *_why_left(draw)) for item in left}
        unsigned = Decision.objects.current().filter(meeting=meeting, sign_off__isnull=True)
        signers = {decision.pk: chair for decision in unsigned}
        actions.finish_meeting(meeting=meeting, by=chair, version=meeting.version, onward=onward, signers=signers)

    def _discuss(self, item: AgendaItem, fate: Fate, meeting: int, chair: User, *, is_signed: bool) -> None:
        if meeting < fate.decided_at and fate.sitting == "not_discussed":
            return
        item = AgendaItem.objects.select_related("case__team", "meeting__team").get(pk=item.pk)
        proposal = item.case.latest_proposal
        content = content_of(fate, proposal, self.people, is_deferred=meeting < fate.decided_at)
        record_it: Callable[..., Decision] = actions.defer if meeting < fate.decided_at else actions.record_decision
        decision = record_it(item=item, by=chair, proposal=proposal, content=content)
        if is_signed or meeting < fate.decided_at:
            actions.sign_decision(decision=decision, by=chair)

    def _sign(self, number: int) -> None:
        decision = self._decision(number)
        actions.sign_decision(decision=decision, by=self.people["chair"])
        actions.release_outcome(decision=decision, by=self.people["coordinator"])

    def _tell(self, number: int) -> None:
        person = self.people["oncologist"]
        actions.note_told(
            decision=self._decision(number), whom="patient", told_on=timezone.localdate(), told_by=person, by=person
        )

    def _amend(self, number: int) -> None:
        decision = self._decision(number)
        content = content_of(self.script.fate(number), decision.proposal, self.people, is_deferred=False)
        amended = actions.amend_decision(
            decision=decision,
            by=self.people["coordinator"],
            amendment_reason="Synthetic: a remark was added after the meeting.",
            content=content,
        )
        actions.sign_decision(decision=amended, by=self.people["chair"])
        actions.release_outcome(decision=amended, by=self.people["coordinator"])

    def _report(self, number: int, status: str, began: date | None) -> None:
        fate, decision = self.script.fate(number), self._decision(number)
        reason = fate.reason if status in ImplementationReport.WITH_REASON else ""
        if status == "not_done" and fate.implementation != "not_done":
            reason = ImplementationReport.Reason.DIED
        if status == ImplementationReport.Status.LOST:
            reason = ImplementationReport.Reason.LOST
        report_implementation(
            decision=decision,
            by=decision.responsible,
            status=status,
            reason=reason,
            text="Synthetic" if reason == ImplementationReport.Reason.OTHER else "",
            treatment_started_on=began,
            has_begun_before=True,
        )

    def _follow(self, number: int, kind: str, on: date, value: str) -> None:
        said: dict[str, Any] = {"kind": kind, "happened_on": on, "value": value}
        record_follow_up(case=self._case(number), by=self.people["oncologist"], text="Synthetic", **said)

    def _close(self, number: int) -> None:
        reason = "Synthetic: handed over to treatment."
        case_actions.close_case(case=self._case(number), by=self.people["coordinator"], reason=reason)


def _hospital_number(number: int) -> str:
    return f"SYN-{number:04}"


def _why_left(draw: random.Random) -> tuple[str, str]:
    """Why a case was not discussed, and words where the code needs them."""
    because = draw.choices(list(RATES["left_because"]), list(RATES["left_because"].values()))[0]
    return because, "Synthetic: wrongly listed." if because == AgendaItem.LeftBecause.OTHER else ""
