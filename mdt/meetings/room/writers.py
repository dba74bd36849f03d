"""Who else is writing at the desk of a case, and what was recorded since a page was opened."""

from collections.abc import Iterable
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
    return {
        "writers": writers_among(drafts_at(item), user),
        "newer": None if based_on is None else newest_after(item, based_on),
    }


def drafts_at(item: AgendaItem) -> list[DeskDraft]:
    """Everybody's unfinished texts at the desk of a case, the longest untouched first."""
    return list(DeskDraft.objects.filter(item=item).select_related("author").order_by("saved_at"))


def writers_among(drafts: Iterable[DeskDraft], user: User) -> list[dict[str, Any]]:
    """Those of others, and whether they are being written now."""
    since = timezone.now() - WRITING
    others = (draft for draft in drafts if draft.author_id != user.pk)
    return [{"draft": draft, "is_writing": draft.saved_at > since} for draft in others]


def newest_after(item: AgendaItem, based_on: int) -> Decision | None:
    return item.decisions.filter(version__gt=based_on).select_related("recorded_by").order_by("-version").first()
