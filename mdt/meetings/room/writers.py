"""Who else is writing at the desk of a case, and what was recorded since a page was opened."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mdt.meetings.models import AgendaItem, Decision, DeskDraft
from mdt.people.models import User

WRITING = timedelta(minutes=2)
"""So long after the last letter somebody still counts as writing; later their text is called unfinished."""


def news_context(item: AgendaItem, user: User, based_on: int | None) -> dict[str, Any]:
    """Other people's unfinished texts, by name and time only, and a version newer than `based_on` (None: the page is
    as new as the record)."""
    drafts = DeskDraft.objects.filter(item=item).exclude(author=user).select_related("author").order_by("saved_at")
    now = timezone.now()
    return {
        "writers": [{"draft": draft, "is_writing": draft.saved_at > now - WRITING} for draft in drafts],
        "newer": None if based_on is None else newest_after(item, based_on),
    }


def newest_after(item: AgendaItem, based_on: int) -> Decision | None:
    return item.decisions.filter(version__gt=based_on).select_related("recorded_by").order_by("-version").first()
