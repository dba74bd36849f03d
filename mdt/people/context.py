"""What every page's frame needs: navigation for this person, the other language, and whether this is the demo."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mdt.people.permissions import Permission, teams_with

NEIGHBOURS = {"next-steps": ("follow-up",), "audit": ("events",)}
"""Pages without a door of their own: tabs lead to them."""


def navigation(request: HttpRequest) -> dict:
    """Context processor. Only doors that this person may open are shown."""
    other = "en" if get_language() == "zh-hans" else "zh-hans"
    context = {
        "demo": settings.DEMO,
        "version": settings.VERSION,
        "other_language": {"code": other, "label": "English" if other == "en" else "中文"},
        "navigation": [],
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    doors = [
        ("queue", _("Queue"), "inbox", bool(teams_with(user, Permission.CASE_VIEW))),
        ("worklist", _("Worklist"), "card-checklist", bool(teams_with(user, Permission.CASE_VIEW))),
        ("meetings", _("Meetings"), "people", bool(teams_with(user, Permission.MEETING_VIEW))),
        ("next-steps", _("Next steps"), "list-check", bool(teams_with(user, Permission.CASE_VIEW))),
        ("rules", _("Pathways"), "diagram-3", True),
        ("audit", _("Audit"), "graph-up", bool(teams_with(user, Permission.AUDIT_VIEW))),
        ("privacy", _("Privacy"), "shield-lock", bool(teams_with(user, Permission.PRIVACY_MANAGE))),
        (
            "teams",
            _("Teams"),
            "person-gear",
            user.is_superuser or bool(teams_with(user, Permission.TEAM_MANAGE)),
        ),
    ]
    context["navigation"] = [
        {
            "url": reverse(name),
            "label": label,
            "icon": icon,
            "is_current": _is_in(name, request.path),
        }
        for name, label, icon, is_open in doors
        if is_open
    ]
    return context


def _is_in(door: str, path: str) -> bool:
    """Whether a page lies behind a door: under its address, or under that of a neighbour reached by tabs."""
    if door == "queue":
        return path == "/" or path.startswith("/cases/")
    return path.startswith(tuple(reverse(name) for name in (door, *NEIGHBOURS.get(door, ()))))
