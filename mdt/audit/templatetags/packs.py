"""The way from a decision to its audit pack, on the pages of the meetings."""

from django import template

from mdt.meetings.models import Decision
from mdt.people.models import User
from mdt.people.permissions import Permission, can

register = template.Library()


@register.inclusion_tag("audit/_pack_button.html", takes_context=True)
def pack_button(context, decision: Decision, reader: User) -> dict:
    """A button that makes the pack of this decision, for whoever may."""
    may = can(reader, Permission.PACK_MAKE, decision.case.team_id)
    return {"decision": decision, "may": may, "csrf_token": context.get("csrf_token")}
