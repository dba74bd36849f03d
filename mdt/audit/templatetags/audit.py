"""Parts of the audit's pages: tabs that keep the filters."""

from django import template
from django.urls import reverse

from mdt.audit import scope as scopes
from mdt.audit.figures import filters
from mdt.audit.scope import Scope
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can_anywhere

register = template.Library()


@register.filter
def team_in_words(team: Team) -> str:
    """A team by its name; one without patients behind it says so."""
    return scopes.team_in_words(team)


@register.simple_tag
def synthetic_apart(scope: Scope, user: User) -> list[tuple[str, str]]:
    """Synthetic teams of the reader that are not counted here, each with the address of its figures alone."""
    return filters.synthetic_apart(scope, user)


@register.simple_tag(takes_context=True)
def audit_url(context, name: str, **changes: str) -> str:
    """The address of a page of the audit with the filters of this one, some of them changed."""
    scope = context.get("scope")
    if scope is None:
        return reverse(name)
    return f"{reverse(name)}?{(scope.narrowed(**changes) if changes else scope).query_string()}"


@register.inclusion_tag("audit/_tab.html", takes_context=True)
def audit_tab(context, name: str, label: str, permission: str = "") -> dict:
    """One tab of the audit's pages; with a permission only for whoever holds it in some team."""
    request = context["request"]
    if permission and not can_anywhere(request.user, Permission(permission)):
        return {}
    return {"url": audit_url(context, name), "label": label, "is_current": request.path == reverse(name)}
