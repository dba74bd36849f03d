"""Conditions that run: they fall due and bring the case back by themselves; a person puts one off, or ends it."""

from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case
from mdt.addresses import public
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.mail.language import of as language_of
from mdt.meetings.actions.content import Refused
from mdt.meetings.calendar.clock import moment
from mdt.meetings.conditions import Stand, conditions_of, due_conditions, result_is_there
from mdt.meetings.models import ConditionStep, Decision, DecisionCondition
from mdt.people.models import Role, Team, User
from mdt.people.templatetags.looks import day
from mdt.people.time_zones import zone

BEGIN_OF_WORK = time(3)
# A case that comes back is to be discussed within a week, as after a finished work-up (Optimal Care Pathways).
DAYS_TO_DISCUSS = timedelta(days=7)
FARTHEST = timedelta(days=730)


def owe_conditions(*, decision: Decision) -> None:
    """Let the conditions of a version that was signed just now begin to run; part of the caller's transaction."""
    for condition in decision.condition_rows.all():
        _owe_next(condition, decision.case.team)


def _owe_next(condition: DecisionCondition, team: Team) -> None:
    """The day itself; where a result is waited for, every morning until then."""
    day = condition.look_on
    if condition.fact:
        day = min(day, _today(team) + timedelta(days=1))
    _owe_on(condition, team, day)


def _owe_on(condition: DecisionCondition, team: Team, day: date) -> None:
    due_at = moment(day, BEGIN_OF_WORK, zone(team.time_zone)).at
    owe(kind="review-condition", subject=subject_of(condition), due_at=due_at)


def _today(team: Team) -> date:
    """By the clock of the team's hospital."""
    return timezone.localdate(timezone=zone(team.time_zone))


@transaction.atomic
def review_condition(*, condition: DecisionCondition) -> ConditionStep | None:
    """On the day, or once the result is there: the case goes back into preparation, with the condition on top.

    Once for a day, however often it is called. Nothing happens, and None is returned, where the case is closed, or the
    condition was answered, replaced or ended; before its day it is owed again.
    """
    case = _lock(condition)
    standing = next((each for each in conditions_of(case) if each.condition.pk == condition.pk), None)
    if not case.is_open or standing is None or not standing.is_running:
        return None
    if case.is_restricted:  # the condition waits as well
        _owe_on(condition, case.team, _today(case.team) + timedelta(days=1))
        return None
    condition, today = standing.condition, _today(case.team)
    newest = condition.newest_step
    if newest is not None and newest.kind == ConditionStep.Kind.DUE:
        return None
    is_early = condition.look_on > today
    if is_early and not result_is_there(condition):
        _owe_next(condition, case.team)
        return None
    moves = case.state == Case.State.SIGNED
    step = ConditionStep.objects.create(
        condition=condition,
        kind=ConditionStep.Kind.DUE,
        look_on=today if is_early else condition.look_on,
        has_moved_case=moves,
    )
    record(
        Kind.CONDITION_DUE,
        by=None,
        case=case,
        subject=condition,
        look_on=step.look_on,
        what=condition.what,
        is_early=is_early,
        version=condition.decision.version,
    )
    if moves:
        target_on = max(case.target_on, today + DAYS_TO_DISCUSS)
        set_state(case=case, state=Case.State.REFERRED, meets_at=None, target_on=target_on)
    show_on_top(case=case)
    _tell_coordinators(case, step)
    return step


def _tell_coordinators(case: Case, step: ConditionStep) -> None:
    """One message to each coordinator of the team, without a word of the patient's or of the condition."""
    coordinators = User.objects.filter(
        memberships__team=case.team, memberships__role=Role.COORDINATOR, is_active=True
    ).distinct()
    for person in coordinators:
        with override(language_of(person)):
            post(
                key=f"condition:{step.condition_id}:{step.look_on}:{person.pk}",
                kind=MessageKind.CONDITION,
                to=person,
                subject=_("%(case)s is back: a condition has come due") % {"case": case.reference},
                body=_(
                    "A condition of an earlier decision has come due on %(day)s. The case is in the queue again, with "
                    "the condition on top:\n%(link)s"
                )
                % {"day": day(step.look_on), "link": public(case.get_absolute_url())},
                case_reference=case.reference,
                team=case.team,
            )


@transaction.atomic
def postpone_condition(
    *, condition: DecisionCondition, by: User, next_on: date, reason: str, version: int | None = None
) -> ConditionStep:
    """Not yet: look again on another day, with the reason. A case that had come back for it goes where it was.

    Raises Refused with the field, ActionError where the condition does not run any more, StaleForm where somebody
    answered it since the step `version` was shown (0: there was none; None: not asked).
    """
    case, condition = _running(condition)
    _refuse_answered(condition, version)
    today = _today(case.team)
    if not today < next_on <= today + FARTHEST:
        raise Refused(_("Give a day to come, at most two years away."), "next_on")
    step = _say(condition, ConditionStep.Kind.POSTPONED, by=by, reason=reason, next_on=next_on)
    record(Kind.CONDITION_POSTPONED, by=by, case=case, subject=condition, next_on=next_on, reason=step.reason)
    _owe_on(condition, case.team, next_on)
    _put_back(case, condition)
    return step


@transaction.atomic
def end_condition(*, condition: DecisionCondition, by: User, reason: str, version: int | None = None) -> ConditionStep:
    """It no longer applies, with the reason. Raises as postpone_condition does."""
    case, condition = _running(condition)
    _refuse_answered(condition, version)
    step = _say(condition, ConditionStep.Kind.ENDED, by=by, reason=reason)
    record(Kind.CONDITION_ENDED, by=by, case=case, subject=condition, reason=step.reason)
    _put_back(case, condition)
    return step


@transaction.atomic
def show_on_top(*, case: Case) -> None:
    """Let the queue say for which condition a case is looked at; nothing, once none is due."""
    due = due_conditions(case)
    words = due[0].condition.what if due else ""
    if case.came_back_for != words:
        set_state(case=case, came_back_for=words)


def _lock(condition: DecisionCondition) -> Case:
    return Case.objects.select_for_update(of=("self",)).select_related("team").get(decisions=condition.decision_id)


def _running(condition: DecisionCondition) -> tuple[Case, DecisionCondition]:
    case = _lock(condition)
    standing = next((each for each in conditions_of(case) if each.condition.pk == condition.pk), None)
    if standing is None or not standing.is_running:
        words = standing.label if standing else _("its decision is not signed")
        raise ActionError(_("This condition does not run any more: %(why)s.") % {"why": words})
    return case, standing.condition


def newest_answer(condition: DecisionCondition) -> ConditionStep | None:
    """What a person said last to a condition."""
    return condition.steps.exclude(kind=ConditionStep.Kind.DUE).select_related("by").order_by("-pk").first()


def _refuse_answered(condition: DecisionCondition, version: int | None) -> None:
    newest = newest_answer(condition)
    if version is not None and newest is not None and newest.pk > version:
        raise StaleForm(
            _("%(person)s answered this condition in the meantime. Nothing was stored.") % {"person": newest.by}
        )


def _say(condition: DecisionCondition, kind: str, *, by: User, reason: str, **fields) -> ConditionStep:
    reason = reason.strip()
    if not reason or len(reason) > 400:
        raise Refused(_("Say in up to %(limit)d characters why.") % {"limit": 400}, "reason")
    return ConditionStep.objects.create(condition=condition, kind=kind, by=by, reason=reason, **fields)


def _put_back(case: Case, condition: DecisionCondition) -> None:
    """To where the case was before it came back for this condition alone, unless it is on an agenda by now."""
    standings = conditions_of(case)
    is_awaited = any(each.stand == Stand.DUE for each in standings)
    moved = any(step.has_moved_case for each in standings for step in each.condition.steps.all())
    if case.state == Case.State.REFERRED and moved and not is_awaited and not _is_reopened_since(case):
        set_state(case=case, state=Case.State.SIGNED)
    show_on_top(case=case)


def _is_reopened_since(case: Case) -> bool:
    """Whether a person put the case into preparation after the last condition had moved it."""
    kinds = [Kind.CASE_REOPENED, Kind.CASE_UNLISTED, Kind.CONDITION_DUE, Kind.RESTAGING_OPENED]
    last = Event.objects.of_case(case.reference).filter(kind__in=kinds).order_by("-number").first()
    return last is not None and last.kind != Kind.CONDITION_DUE
