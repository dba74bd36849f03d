"""Every write of an annual report: asked for, counted table by table, kept or given up, opened."""

import hashlib
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from mdt.audit.jobs.page import duty_of, is_given_up
from mdt.audit.models import AnnualReport, AuditCursor
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User


def _log(kind: Kind, report: AnnualReport, by: User | None, **data) -> None:
    period = {"first_on": report.first_on.isoformat(), "last_on": report.last_on.isoformat()}
    record(kind, by=by, team=report.team, subject=report, language=report.language, **period, **data)


@transaction.atomic
def ask_report(*, team: Team, first_on: date, last_on: date, language: str, by: User) -> AnnualReport:
    """Put a report down for the worker; one that is being made already is returned as it is,
    and taken up anew if the worker gave it up.

    Raises ValueError for a period that ends before it begins.
    """
    if last_on < first_on:
        raise ValueError("the period ends before it begins")
    asked = {"team": team, "first_on": first_on, "last_on": last_on, "language": language}
    try:
        with transaction.atomic():
            report = AnnualReport.objects.create(**asked, asked_by=by)
    except IntegrityError:
        report = AnnualReport.objects.get(**asked, state__in=AnnualReport.OPEN)
        if is_given_up(duty_of(report)):
            owe(kind=AnnualReport.DUTY, subject=subject_of(report))
        return report
    _log(Kind.ANNUAL_REPORT_ASKED, report, by)
    owe(kind=AnnualReport.DUTY, subject=subject_of(report))
    return report


@transaction.atomic
def note_progress(*, report: AnnualReport, done: int, total: int) -> bool:
    """How many tables are counted. Returns False where the report has ended meanwhile."""
    cursor = AuditCursor.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    changes = {"state": AnnualReport.State.RUNNING, "done": done, "total": total, "counted_until": cursor}
    if not done:
        changes["counted_from"] = cursor
    open_one = AnnualReport.objects.filter(pk=report.pk, state__in=AnnualReport.OPEN)
    return bool(open_one.update(**changes))


@transaction.atomic
def keep_report(*, report: AnnualReport, content: bytes) -> None:
    """The PDF is made. A second worker that made it too changes nothing."""
    report = AnnualReport.objects.select_for_update().select_related("team").get(pk=report.pk)
    if not report.is_open:
        return
    report.content, report.digest = content, hashlib.sha256(content).hexdigest()
    report.state, report.done, report.ended_at = AnnualReport.State.DONE, report.total, timezone.now()
    report.save()
    _log(Kind.ANNUAL_REPORT_MADE, report, None, digest=report.digest)


@transaction.atomic
def fail_report(*, report: AnnualReport, error: str) -> None:
    """Give it up, saying why; it can be asked for again."""
    AnnualReport.objects.filter(pk=report.pk, state__in=AnnualReport.OPEN).update(
        state=AnnualReport.State.FAILED, error=error[:200], ended_at=timezone.now()
    )


@transaction.atomic
def open_report(*, report: AnnualReport, by: User) -> None:
    """Log that a person opened the PDF."""
    _log(Kind.ANNUAL_REPORT_OPENED, report, by, digest=report.digest)
