"""A case over many meetings, for the pages of the case and the room."""

from django import template
from django.template import Context

from cases.models import Case
from mdt.meetings.history.since import Since, since_last
from mdt.meetings.history.timeline import timeline_of
from mdt.meetings.models import AgendaItem, NextStep

register = template.Library()


@register.simple_tag(takes_context=True)
def whole_timeline(context: Context, case: Case) -> list[dict]:
    """Every meeting, decision, signature, release and report of a case, the newest first; on a covered page without
    the proposals."""
    rows = timeline_of(case)
    return [row for row in rows if row["entry"].kind != "proposal"] if context.get("is_covered") else rows


@register.inclusion_tag("meetings/_since.html", takes_context=True)
def since_last_meeting(context: Context, case: Case, item: AgendaItem | None = None) -> dict:
    """What changed since the case was last decided on; nothing where it never was. `item`: seen from its meeting.

    While a meeting gathers opinions first, what the rules say now stays hidden.
    """
    now = context.get("proposal") or case.latest_proposal
    return {"since": since_last(case, now, item=item), "is_sealed": case.is_sealed}


@register.filter
def step_done(since: Since, step: NextStep) -> bool:
    return since.is_done(step)
