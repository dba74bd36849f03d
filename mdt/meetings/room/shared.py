"""What all in the room read alike: read and rendered once for them, as long as the pulse says nothing has changed.

When the table moves, a room full of people asks for the same case within a second. The words of the pulse name every
change of what is kept here, so that it is never older than the page says it is. The first who asks reads and renders;
who asks in the same moment waits for that instead of doing the same beside it.
"""

import time
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, TypeVar

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cases.models import Proposal
from mdt.meetings.attendance import seats_of
from mdt.meetings.meeting_page import agenda_of
from mdt.meetings.models import AgendaItem, Decision, Meeting, Sitting

Kept = TypeVar("Kept")

# Seconds: what no word covers (a name that was corrected, a step that was reported as done) may be so old. That a case
# may only be stored is in the word of the agenda: with it, what was kept before is asked for no more.
KEPT_FOR = 15
MOST = 40  # cases of meetings
_kept: dict[tuple, tuple[float, "Shared"]] = {}
_reading = RLock()


class Shared:
    """Leave what is in it as it is: other requests read the same objects. `seats`: the team's people as they are now.

    It belongs to one case in one meeting, and to everybody who may see that meeting: whoever takes it has asked for
    that right. `proposal`: the newest one; on a signed decision and its amendment the one that the meeting saw.
    """

    def __init__(self, item: AgendaItem):
        self.item, self.meeting, self.case = item, item.meeting, item.case
        self.seats = seats_of(self.meeting)
        self.sittings: list[Sitting] = list(self.meeting.sittings.order_by("id"))
        self.rail: list[AgendaItem] = agenda_of(self.meeting)
        self.decision: Decision | None = item.decisions.complete().order_by("-version").first()
        self.proposal: Proposal | None = self._proposal()
        self._lock, self._made = RLock(), {}

    def _proposal(self) -> Proposal | None:
        decision = self.decision
        if decision is not None and decision.proposal_id and decision.was_signed:
            return Proposal.objects.select_related("case").get(pk=decision.proposal_id)
        return self.case.latest_proposal

    def once(self, name: str, make: Callable[[], Kept], *under: Hashable) -> Kept:
        """What `make` gives, made once for each language, clock, day and `under`. It must not depend on the reader."""
        around = (get_language(), timezone.get_current_timezone_name(), timezone.localdate())
        key = (name, *around, *under)
        if key not in self._made:
            with self._lock:
                if key not in self._made:
                    self._made[key] = make()
        return self._made[key]

    def rendered(self, template: str, content: Callable[[], dict[str, Any]], **values: str | int | bool) -> SafeString:
        """A part of the page, rendered once for all to whom `values` are the same.

        The template sees no person, no request and no token: the item with its meeting and case, the proposal unless it
        is sealed, what `content` makes of this object alone, and `values`. What the reader may do must be among the
        values, which are part of the key.
        """

        def render() -> SafeString:
            own = {"item": self.item, "meeting": self.meeting, "case": self.case, "explained_words": set()}
            if not self.item.is_sealed:
                own["proposal"] = self.proposal
            return get_template(template).render({**own, **content(), **values})

        return self.once(template, render, *sorted(values.items()))


def shared_of(item: AgendaItem, words: dict[str, str]) -> Shared:
    """`words`: those of the pulse for this item, read before."""
    meeting: Meeting = item.meeting
    key = (meeting.pk, meeting.created_at, item.pk, tuple(words.items()))
    return _fresh(key) or _read(key, item)


def _fresh(key: tuple) -> Shared | None:
    kept = _kept.get(key)
    return kept[1] if kept is not None and time.monotonic() - kept[0] < KEPT_FOR else None


def _read(key: tuple, item: AgendaItem) -> Shared:
    with _reading:
        shared = _fresh(key)  # somebody else may have read it in the meantime
        if shared is None:
            shared = Shared(item)
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = (time.monotonic(), shared)
        return shared
