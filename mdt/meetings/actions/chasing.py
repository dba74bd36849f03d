"""Reminding: which duties a case leads to, and what each of them does when its time has come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind
from mdt.meetings.calendar.clock import moment
from mdt.meetings.chasing import texts
from mdt.meetings.chasing.deadline import MORNING, Deadline, deadline_of, place_of
from mdt.meetings.chasing.needs import coordinators_of, needed, people_asked
from mdt.meetings.models import Meeting, Reminder
from mdt.people.models import User
from mdt.people.permissions import Permission, can

# What comes up together goes into one message.
GATHER = timedelta(minutes=10)


@transaction.atomic
def follow_readiness(*, case: Case, now: datetime) -> None:
    """Owe what becomes of a case that waits for somebody: a reminder for each discipline, the list at the cut-off."""
    if case.is_restricted or case.state not in (Case.State.REFERRED, Case.State.LISTED):
        return
    deadline = deadline_of(case, place_of(case))
    owe_cut_off(meeting=deadline.meeting or _next_meeting(case.team_id, now), now=now)
    for discipline in needed(case):
        _owe_reminder(case, discipline, _turn(deadline, now))


def _next_meeting(team_id: int, now: datetime) -> Meeting | None:
    coming = Meeting.objects.filter(team=team_id, state=Meeting.State.PLANNED, cut_off_at__gt=now)
    return coming.order_by("cut_off_at").first()


def _turn(deadline: Deadline, now: datetime) -> datetime | None:
    """When to look at the reminders of a case: now, if a morning to remind on has come."""
    if deadline.has_passed(now):
        return None
    return deadline.next_step_at(now) if deadline.last_step(now) is None else now


def _owe_reminder(case: Case, discipline: str, due_at: datetime | None) -> None:
    if due_at is not None:
        owe(kind="remind-discipline", subject=f"{subject_of(case)}.{discipline}", due_at=due_at)


def owe_cut_off(*, meeting: Meeting | None, now: datetime) -> None:
    """The list of what is not ready, at the cut-off of a meeting to come."""
    if meeting is not None and meeting.cut_off_at > now:
        owe(kind="report-cut-off", subject=subject_of(meeting), due_at=meeting.cut_off_at)


@transaction.atomic
def remind_discipline(*, case: Case, discipline: str, now: datetime) -> None:
    """Note for each person of the discipline what they are to be reminded of now, and owe their digest.

    Once for each morning of LEADS_DAYS, and again for items that came to be missing since; never again for the same.
    """
    items = needed(case).get(discipline, [])
    deadline = deadline_of(case, place_of(case))
    if not items or deadline.has_passed(now):
        return
    occasion = _occasion(case, discipline, deadline, items, now)
    if occasion is not None:
        for person in people_asked(deadline, discipline):
            Reminder.objects.get_or_create(
                case=case, discipline=discipline, person=person, occasion=occasion, defaults={"facts": items}
            )
            owe(kind="send-digest", subject=subject_of(person), due_at=_digest_at(person, deadline, now))
    _owe_reminder(case, discipline, deadline.next_step_at(now))


def _occasion(case: Case, discipline: str, deadline: Deadline, items: list[str], now: datetime) -> str | None:
    """What this reminder is for; None where nothing is new since the last one."""
    lead = deadline.last_step(now)
    if lead is None:
        return None
    told = Reminder.objects.filter(case=case, discipline=discipline, occasion__startswith=f"{deadline.key}/")
    if not told.filter(occasion=f"{deadline.key}/{lead}").exists():
        return f"{deadline.key}/{lead}"
    known = {item for facts in told.values_list("facts", flat=True) for item in facts}
    new = sorted(set(items) - known)
    return f"{deadline.key}/+{sha256(' '.join(new).encode()).hexdigest()[:16]}" if new else None


def _digest_at(person: User, deadline: Deadline, now: datetime) -> datetime:
    """Soon; if the person had a digest today, tomorrow morning, unless the deadline comes before."""
    zone = deadline.case.team.zone
    today = now.astimezone(zone).date()
    since = moment(today, MORNING.min, zone).at
    if not Reminder.objects.filter(person=person, message__posted_at__gte=since).exists():
        return now + GATHER
    tomorrow = moment(today + timedelta(days=1), MORNING, zone).at + GATHER
    return tomorrow if tomorrow < deadline.at else now + GATHER


@transaction.atomic
def send_digest(*, person: User, now: datetime) -> None:
    """One message to a person with everything that still waits for them; what has come in meanwhile is dropped."""
    asked, told = [], []
    for reminder in _pending(person):
        case = reminder.case
        deadline = deadline_of(case, place_of(case))
        items = needed(case).get(reminder.discipline, [])
        may = person.is_active and can(person, Permission.FINDING_RECORD, case.team)
        if not items or not may or (deadline.has_passed(now) and not reminder.is_by_hand):
            Reminder.objects.filter(pk=reminder.pk).update(dropped_at=now)
            continue
        told.append(reminder)
        ask = texts.Ask(deadline, reminder.discipline, tuple(items))
        if ask not in asked:
            asked.append(ask)
    if not told:
        return
    asked.sort(key=lambda ask: (ask.deadline.at, ask.deadline.case.pk))
    cases = {ask.deadline.case for ask in asked}
    with override(language.of(person)):
        message = post(
            key=f"reminder:{person.pk}:{told[0].pk}",
            kind=Kind.REMINDER,
            to=person,
            subject=texts.digest_subject(asked),
            body=texts.digest_body(asked),
            team=_only({case.team for case in cases}),
            case_reference=cases.pop().reference if len(cases) == 1 else "",
        )
    Reminder.objects.filter(pk__in=[reminder.pk for reminder in told]).update(message=message)


def _pending(person: User) -> Iterable[Reminder]:
    pending = Reminder.objects.pending().filter(person=person).select_for_update(of=("self",))
    pending = pending.exclude(case__in=Case.objects.restricted())
    return list(pending.select_related("case__team").order_by("id"))


def _only(rows: set) -> object | None:
    return next(iter(rows)) if len(rows) == 1 else None


@transaction.atomic
def report_cut_off(*, meeting: Meeting, now: datetime) -> None:
    """At the cut-off: tell the coordinators which cases are not ready, what is missing and from whom; once."""
    if meeting.state != Meeting.State.PLANNED:
        return
    if meeting.cut_off_at > now:  # it was moved
        owe_cut_off(meeting=meeting, now=now)
        return
    listed = [item.case for item in meeting.agenda.filter(state="listed", case__is_ready=False).select_related("case")]
    due = Case.objects.of_teams([meeting.team_id]).filter(
        state=Case.State.REFERRED, is_ready=False, target_on__lte=meeting.local_start.date()
    )
    unlisted = list(due.order_by("target_on", "pk")[: texts.MOST_CASES + 1])
    if listed or unlisted:
        for person in coordinators_of(meeting.team_id):
            with override(language.of(person)):
                post(
                    key=f"cut-off:{meeting.pk}:{meeting.cut_off_at.timestamp():.0f}:{person.pk}",
                    kind=Kind.CUT_OFF,
                    to=person,
                    subject=texts.cut_off_subject(meeting, listed),
                    body=texts.cut_off_body(meeting, listed, unlisted),
                    team=meeting.team,
                )
    owe_cut_off(meeting=_next_meeting(meeting.team_id, now), now=now)


def owe_after_change(*, meeting: Meeting) -> None:
    """A meeting has other times now: look again at its cases and its cut-off."""
    owe_cut_off(meeting=meeting, now=timezone.now())
    for case_id in meeting.agenda.filter(state="listed").values_list("case_id", flat=True):
        owe(kind="follow-readiness", subject=subject_of(Case(pk=case_id)))
