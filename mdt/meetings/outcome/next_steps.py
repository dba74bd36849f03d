"""Next steps of signed decisions: whose they are, when they are due, and whether they are done."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from cases.models import Case
from mdt.meetings.models import Decision, Meeting, NextStep, StepMark
from mdt.people.models import User
from mdt.people.permissions import Permission, can, can_mark_step, teams_with

PER_PAGE = 40


def is_replaced(decision: Decision) -> bool:
    """Whether a newer version was signed: then its next steps hold, and no longer these."""
    newer = getattr(decision, "superseded_by", None)
    return newer is not None and newer.is_signed


def with_marks(steps: QuerySet[NextStep]) -> QuerySet[NextStep]:
    """Each step with its newest mark: `is_done` (None: never marked), `marked_at`, `mark_reason`.

    An amendment writes the same step anew: what was said of it in an earlier version of the decision stays true.
    """
    newest = StepMark.objects.filter(
        step__decision__agenda_item=OuterRef("decision__agenda_item"),
        step__what=OuterRef("what"),
        step__owner=OuterRef("owner"),
    ).order_by("-id")
    return steps.annotate(
        is_done=Subquery(newest.values("is_done")[:1]),
        marked_at=Subquery(newest.values("marked_at")[:1]),
        marked_by_name=Subquery(newest.values("marked_by__name")[:1]),
        mark_reason=Subquery(newest.values("reason")[:1]),
    )


def is_done(step: NextStep) -> bool:
    """Whether the newest mark says so."""
    return bool(with_marks(NextStep.objects.filter(pk=step.pk)).values_list("is_done", flat=True).get())


def holding() -> QuerySet[NextStep]:
    """Steps of signed decisions of which no newer version was signed, with all that a list shows."""
    steps = NextStep.objects.filter(decision__sign_off__isnull=False).exclude(
        decision__superseded_by__sign_off__isnull=False
    )
    steps = steps.exclude(decision__case__in=Case.objects.restricted())
    return with_marks(steps).select_related(
        "owner", "decision__case__patient", "decision__case__team", "decision__meeting__team"
    )


OPEN = Q(is_done__isnull=True) | Q(is_done=False)


def rows_of(steps: QuerySet[NextStep] | list[NextStep], user: User) -> list[dict]:
    """Steps as a table shows them: whether each is done, overdue, and whether the reader may mark it."""
    today = timezone.localdate()
    return [
        {
            "step": step,
            "is_done": bool(step.is_done),
            "is_reopened": step.is_done is False,
            "overdue_days": _overdue(step, today),
            "can_mark": can_mark_step(user, step.owner, step.decision.case.team_id),
        }
        for step in steps
    ]


def _overdue(step: NextStep, today: date) -> int:
    return 0 if step.is_done else max((today - step.due_on).days, 0)


def steps_context(user: User, *, whose: str, page: str) -> dict:
    """My next steps, or (`whose` "all") those of my teams where I may record decisions: open ones, then done ones."""
    teams = teams_with(user, Permission.CASE_VIEW)
    organised = teams_with(user, Permission.DECISION_RECORD)
    shows_all = whose == "all" and bool(organised)
    steps = holding().filter(decision__case__team_id__in=organised if shows_all else teams)
    if not shows_all:
        steps = steps.filter(owner=user)
    done = Paginator(steps.filter(is_done=True).order_by("-marked_at", "-id"), PER_PAGE).get_page(page)
    return {
        "open": rows_of(steps.filter(OPEN).order_by("due_on", "id"), user),
        "done": rows_of(done.object_list, user),
        "page_obj": done,
        "shows_all": shows_all,
        "can_see_all": bool(organised),
    }


def steps_of_meeting(meeting: Meeting, user: User) -> list[dict]:
    """The next steps of all signed decisions of a meeting, by the day on which they are due."""
    if not can(user, Permission.CASE_VIEW, meeting.team_id):
        return []
    return rows_of(holding().filter(decision__meeting=meeting).order_by("due_on", "id"), user)


def open_of(decision: Decision, owner: User) -> list[NextStep]:
    """The open steps of one person in one decision."""
    return list(with_marks(decision.next_steps.filter(owner=owner)).filter(OPEN).order_by("due_on", "id"))
