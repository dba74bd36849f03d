"""What every page's frame needs: navigation for this person, the other language, and whether this is the demo."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mdt.people.permissions import Permission, teams_with


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
        ("follow-up", _("Follow-up"), "clipboard2-check", bool(teams_with(user, Permission.CASE_VIEW))),
        ("rules", _("Pathways"), "diagram-3", True),
        ("events", _("Event log"), "journal-text", bool(teams_with(user, Permission.EVENT_VIEW))),
        ("audit", _("Audit"), "graph-up", bool(teams_with(user, Permission.AUDIT_VIEW))),
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
            "is_current": request.path.startswith(reverse(name)) if name != "queue" else _in_queue(request.path),
        }
        for name, label, icon, is_open in doors
        if is_open
    ]
    return context


def _in_queue(path: str) -> bool:
    return path == "/" or path.startswith("/cases/")
