"""The follow-up worklist: what became of these decisions; overdue, due, not due yet, reported."""

from datetime import datetime, time, timedelta

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Case
from mdt.audit.followup.checks.due import DUE_AFTER, OVERDUE_AFTER, standings, unanswered, with_parts
from mdt.audit.followup.models import ImplementationReport
from mdt.people.models import User
from mdt.people.permissions import Permission, can_anywhere, teams_with

PER_PAGE = 40
REPORTED_DAYS, MOST_REPORTED = 30, 40


def page_context(user: User, *, whose: str, page: str) -> dict:
    """`whose`: "mine" for decisions that the reader answers for, "all" for those of the reader's teams."""
    whose = whose if whose in ("mine", "all") else usual(user)
    teams = teams_with(user, Permission.CASE_VIEW)
    rows = with_parts(unanswered().filter(case__team__in=teams))
    if whose == "mine":
        rows = rows.filter(responsible=user)
    now = timezone.now()
    due = rows.filter(release__released_at__lt=_since(now, DUE_AFTER)).order_by("release__released_at", "pk")
    found = Paginator(due, PER_PAGE).get_page(page)
    shown, reportable = standings(found.object_list), set(teams_with(user, Permission.IMPLEMENTATION_REPORT))
    return {
        "whose": whose,
        "page_obj": found,
        "rows": shown,
        "overdue": rows.filter(release__released_at__lt=_since(now, OVERDUE_AFTER)).count(),
        "due": found.paginator.count,
        "coming": rows.filter(release__released_at__gte=_since(now, DUE_AFTER)).count(),
        "reports": _reported(teams, user if whose == "mine" else None, now),
        "days": {"due": DUE_AFTER, "overdue": OVERDUE_AFTER, "reported": REPORTED_DAYS},
        "reportable": reportable,
        "may_report_any": any(row.decision.case.team_id in reportable for row in shown),
        "several_teams": len(teams) > 1,
        "is_chair": can_anywhere(user, Permission.DECISION_SIGN),
    }


def usual(user: User) -> str:
    """Who keeps meetings going looks at all, others at their own."""
    return "all" if can_anywhere(user, Permission.DECISION_RECORD) or not user.discipline else "mine"


def _since(now: datetime, days: int) -> datetime:
    """Everything released before the end of that day, by the reader's clock, is so many days old."""
    day = timezone.localdate(now) - timedelta(days=days - 1)
    return timezone.make_aware(datetime.combine(day, time.min))


def _reported(teams: list[int], responsible: User | None, now: datetime) -> QuerySet[ImplementationReport]:
    """The newest reports of the last weeks, one for each decision."""
    rows = ImplementationReport.objects.filter(
        decision__case__team__in=teams, reported_at__gte=now - timedelta(days=REPORTED_DAYS)
    ).exclude(decision__case__in=Case.objects.restricted())
    if responsible is not None:
        rows = rows.filter(decision__responsible=responsible)
    rows = rows.select_related(
        "reported_by", "decision__case__patient", "decision__case__team", "decision__meeting__team"
    )
    return rows.order_by("-reported_at", "-id")[:MOST_REPORTED]
