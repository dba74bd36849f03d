"""Asking what became of decisions: owed at the release, carried out by the worker, once for each person and age."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from mdt.audit.followup.checks import texts
from mdt.audit.followup.checks.due import DUE_AFTER, OVERDUE_AFTER, STEPS, Standing, standing_of
from mdt.audit.followup.checks.models import FollowUpNotice
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind
from mdt.meetings.chasing.needs import coordinators_of
from mdt.meetings.models import Decision, Release
from mdt.meetings.outcome.followers import follows_release
from mdt.meetings.outcome.working_days import day_of, moment_of
from mdt.people.models import Role, Team, User
from mdt.people.permissions import Permission, can

ASKED_FROM = 7  # o'clock, by the team's clock
GATHER = timedelta(minutes=10)
"""What falls due on one morning goes into one message."""


@follows_release
def owe_checks(release: Release) -> None:
    """Part of the release's transaction. A deferral has nothing to carry out."""
    decision = release.decision
    if decision.verdict != Decision.Verdict.DEFERRED:
        released_on = day_of(release.released_at, decision.case.team)
        _owe(decision, moment_of(released_on + timedelta(days=DUE_AFTER), ASKED_FROM, decision.case.team))


def _owe(decision: Decision, due_at: datetime) -> None:
    owe(kind="check-follow-up", subject=subject_of(decision), due_at=due_at)


@transaction.atomic
def check_follow_up(*, decision: Decision) -> list[FollowUpNotice]:
    """Note who is to be asked now, and owe the next look. Nothing where it was answered or replaced meanwhile."""
    standing = standing_of(decision)
    if standing is None:
        return []
    decision = standing.decision
    later = [step for step in STEPS if step > standing.days]
    if later:
        day = standing.released_on + timedelta(days=later[0])
        _owe(decision, moment_of(day, ASKED_FROM, decision.case.team))
    if not standing.is_due:
        return []
    step = OVERDUE_AFTER if standing.is_overdue else DUE_AFTER
    notices = []
    for person in people_asked(standing):
        notice, is_new = FollowUpNotice.objects.get_or_create(decision=decision, person=person, after_days=step)
        if is_new:
            notices.append(notice)
            owe(kind="ask-follow-up", subject=subject_of(person), due_at=timezone.now() + GATHER)
    return notices


def people_asked(standing: Standing) -> list[User]:
    """Whoever is responsible for the decision, else the coordinators; of what is overdue, the chairs too."""
    decision = standing.decision
    responsible = decision.responsible
    may = responsible is not None and responsible.is_active
    may = may and can(responsible, Permission.IMPLEMENTATION_REPORT, decision.case.team_id)
    people = [responsible] if may else coordinators_of(decision.case.team_id)
    if standing.is_overdue:
        people += chairs_of(decision.case.team) or coordinators_of(decision.case.team_id)
    return list(dict.fromkeys(people))


def chairs_of(team: Team) -> list[User]:
    rows = User.objects.filter(is_active=True, memberships__team=team, memberships__role=Role.CHAIR)
    return list(rows.order_by("pk").distinct())


@transaction.atomic
def ask_follow_up(*, person: User) -> None:
    """One message with everything that this person is to be asked; what was answered meanwhile is dropped."""
    pending = FollowUpNotice.objects.filter(person=person, message=None, dropped_at=None)
    notices = list(pending.select_for_update(of=("self",)).select_related("decision__case__team").order_by("id"))
    asked: list[FollowUpNotice] = []
    of: dict[int, Standing] = {}
    for notice in notices:
        standing = standing_of(notice.decision)
        team = notice.decision.case.team_id
        if standing is None or not person.is_active or not can(person, Permission.IMPLEMENTATION_REPORT, team):
            FollowUpNotice.objects.filter(pk=notice.pk).update(dropped_at=timezone.now())
            continue
        asked.append(notice)
        of[notice.decision_id] = standing
    if not asked:
        return
    standings = sorted(of.values(), key=lambda each: (-each.days, each.decision.pk))
    cases = {each.decision.case for each in standings}
    teams = {case.team for case in cases}
    with override(language.of(person)):
        message = post(
            key=f"follow-up:{person.pk}:{asked[0].pk}",
            kind=Kind.FOLLOW_UP,
            to=person,
            subject=texts.subject(standings),
            body=texts.body(standings),
            team=teams.pop() if len(teams) == 1 else None,
            case_reference=cases.pop().reference if len(cases) == 1 else "",
        )
    FollowUpNotice.objects.filter(pk__in=[notice.pk for notice in asked]).update(message=message)
