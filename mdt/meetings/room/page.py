"""The page of the room without its desk, whole and in the parts that refresh themselves."""

from datetime import timedelta
from functools import cached_property

from django.http import Http404
from django.urls import reverse

from cases.models import Proposal
from mdt.meetings.attendance import Seat
from mdt.meetings.models import AgendaItem, Decision
from mdt.meetings.room import pulse
from mdt.meetings.room.attendance_bar import presence_context
from mdt.meetings.room.clock import table_context
from mdt.meetings.room.shared import shared_of
from mdt.meetings.room.stage import stage_of
from mdt.meetings.room.table import Table
from mdt.people.models import User

# From the beat that said where the table is, over the page that this browser then asks for, to the answer: at most so.
ON_THE_WAY = timedelta(seconds=10)
PARTS = {
    "presence": "meetings/_presence.html",
    "table": "meetings/_tablebar.html",
    "stage": "meetings/_stage.html",
    "agenda": "meetings/_agenda_rail.html",
}


class Room:
    """One case in one meeting as one person sees it. `is_alone`: by themselves, wherever the table is."""

    def __init__(self, item: AgendaItem, user: User, *, is_alone: bool = False):
        self.item, self.user, self.is_alone = item, user, is_alone
        self.meeting, self.case = item.meeting, item.case
        # Read before the content: a change between the two is seen at the next beat, and none is missed.
        self.words = pulse.words_of(self.meeting, item)
        self.shared = shared_of(item, self.words)
        self.decision: Decision | None = self.shared.decision
        if self.shared.proposal is None:
            raise Http404
        self.proposal: Proposal = self.shared.proposal
        self.may = self.presence["may"]
        self.url = reverse("room", args=[self.meeting.reference, self.case.reference])

    @cached_property
    def table(self) -> Table:
        return Table(self.meeting, sittings=self.shared.sittings)

    @cached_property
    def presence(self) -> dict:
        return presence_context(self.shared, self.user, self.table)

    @property
    def seats(self) -> list[Seat]:
        """Everybody of the team as they are now."""
        return self.presence["seats"]

    @cached_property
    def around(self) -> dict:
        """The bar of the table and the agenda."""
        rail = self.shared.rail
        return {
            "rail": rail,
            **table_context(self.item, rail, self.user, is_alone=self.is_alone, table=self.table),
        }

    @property
    def is_sealed(self) -> bool:
        """Whether the table must not see the proposal yet: then nothing of it leaves the server."""
        return self.item.is_sealed

    @property
    def page_in_log(self) -> str:
        """How the log names this page; a sealed one is no page on which the proposal was seen."""
        return f"{'sealed meeting' if self.is_sealed else 'meeting'} {self.meeting.reference}"

    def _stage(self) -> dict:
        return stage_of(self.shared)

    @property
    def is_overtaken(self) -> bool:
        """Whether the table left this case a moment ago: the page was asked for on the way to it.

        Who follows the table is told at the next beat, not when it moves again.
        """
        current, place = self.table.current, self.table.before_break
        if self.is_alone or current is None or place == self.item.pk:
            return False
        return self.table.now - current.began_at < ON_THE_WAY

    def context(self, *, comes_by_itself: bool = False) -> dict:
        """Bar, rail and stage. `comes_by_itself`: nobody chose this case or a step of its desk just now."""
        overtaken = {"table": ""} if comes_by_itself and self.is_overtaken else {}
        return {**self._stage(), **self._frame(), "seen": pulse.encoded(self.words | overtaken)}

    def part(self, name: str) -> dict:
        """One of PARTS: what it needs, and no more."""
        return self._frame() | (self._stage() if name == "stage" else {})

    def _frame(self) -> dict:
        return {
            **self.presence,
            **self.around,
            "case": self.case,
            "item": self.item,
            "shared": self.shared,
            "is_sealed": self.is_sealed,
            "is_live": True,
        }
