"""Making a report: what the worker does between being asked and keeping the PDF. Writes are in actions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import typst
from django.utils import timezone, translation

from mdt.audit.annual import actions
from mdt.audit.annual.contents import number_of_steps, report_data, steps_of
from mdt.audit.models import AnnualReport
from mdt.audit.rows.actions import LINES, catch_up
from mdt.meetings.documents.typesetting import typeset

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def make(report_id: int) -> Callable[[], None] | None:
    """Count and typeset a report, saying after each table how far it is. Returns how it is kept; None if it has ended.

    Begun again after a kill, it counts anew: nothing of an attempt is left but the number shown.
    """
    report = AnnualReport.objects.select_related("team", "asked_by").defer("content").get(pk=report_id)
    while catch_up() == LINES:
        pass
    parts, total = [], number_of_steps()
    if not actions.note_progress(report=report, done=0, total=total):
        return None
    with translation.override(report.language), timezone.override(report.team.zone):
        for part in steps_of(report):
            parts.append(part)
            if not actions.note_progress(report=report, done=len(parts), total=total):
                return None
        report.refresh_from_db(fields=["counted_from", "counted_until"])
        data = report_data(report, parts)
    try:
        content = typeset(TEMPLATE, data)
    except typst.TypstError as error:
        return partial(actions.fail_report, report=report, error=f"{type(error).__name__}: {error}")
    return partial(actions.keep_report, report=report, content=content)
