"""Which style sheets a page loads: those of every page, then those of its room (static/css/look.css says the order)."""

from typing import Final

COMMON: Final = ("look", "parts")
"""On every page. Only two: a browser opens six connections to a server, and a page waits for all of its sheets."""

OF_ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "audit/": ("audit",),
    "cases/": ("clinical", "case"),
    "cases/explanation": ("clinical", "explanation"),
    "cases/findings": ("clinical", "findings"),
    "cases/queue": ("clinical", "queue"),
    "cases/what_if": ("clinical", "findings"),
    "followup/case": ("clinical",),
    "mail/": ("people",),
    "meetings/": ("meetings",),
    "meetings/case_decisions": ("clinical",),
    "meetings/decision": ("clinical",),
    "meetings/room": ("clinical", "room"),
    "people/": ("people",),
    "registration/": ("people",),
    "rulebook/": ("clinical", "rules"),
    "style": (
        "clinical", "queue", "case", "explanation", "findings", "meetings", "room", "audit", "rules", "people", "style",
    ),
}  # fmt: skip
"""How the name of a page's template begins → sheets of its room, in their order. The longest beginning counts."""


def sheets_of(template: str) -> list[str]:
    """Addresses below static/ of the sheets that the page of this template loads, in their order."""
    beginnings = [each for each in OF_ROOMS if template.startswith(each)]
    own = OF_ROOMS[max(beginnings, key=len)] if beginnings else ()
    return [f"css/{name}.css" for name in (*COMMON, *own)]
