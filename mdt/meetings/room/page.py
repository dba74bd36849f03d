"""The page of the room without its desk, whole and in the parts that refresh themselves."""

from functools import cached_property

from django.http import Http404
from django.urls import reverse

from cases.models import Proposal
from mdt.meetings.attendance import Seat
from mdt.meetings.models import AgendaItem, Decision
from mdt.meetings.planning.order import break_of
from mdt.meetings.room import pulse
from mdt.meetings.room.attendance_bar import presence_context
from mdt.meetings.room.clock import table_context
from mdt.meetings.room.shared import shared_of
from mdt.meetings.room.stage import sealed_stage_context, stage_context
from mdt.meetings.room.table import Table
from mdt.people.models import User

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
        self.decision: Decision | None = item.decisions.complete().order_by("-version").first()
        self.proposal: Proposal = self._proposal()
        self.may = self.presence["may"]
        self.url = reverse("room", args=[self.meeting.reference, self.case.reference])

    def _proposal(self) -> Proposal:
        """The newest one; on a signed decision and its amendment the one that the meeting saw."""
        decision = self.decision
        if decision is not None and decision.proposal_id and decision.was_signed:
            return Proposal.objects.get(pk=decision.proposal_id)
        proposal = self.shared.newest
        if proposal is None:
            raise Http404
        return proposal

    @cached_property
    def table(self) -> Table:
        return Table(self.meeting)

    @cached_property
    def presence(self) -> dict:
        proposal = None if self.item.is_sealed else self.proposal
        return presence_context(self.item, self.user, self.table, proposal, self.shared.seats)

    @property
    def seats(self) -> list[Seat]:
        """Everybody of the team as they are now."""
        return self.presence["seats"]

    @cached_property
    def around(self) -> dict:
        """The bar of the table and the agenda."""
        rail = self.shared.rail
        pause = break_of(self.meeting, rail)
        return {
            "rail": rail,
            "pause": pause,
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
        return (sealed_stage_context if self.is_sealed else stage_context)(self.case, self.proposal)

    def context(self) -> dict:
        """Bar, rail and stage."""
        return {**self._stage(), **self._frame(), "seen": pulse.encoded(self.words)}

    def part(self, name: str) -> dict:
        """One of PARTS: what it needs, and no more."""
        return self._frame() | (self._stage() if name == "stage" else {})

    def _frame(self) -> dict:
        return {
            **self.presence,
            **self.around,
            "case": self.case,
            "item": self.item,
            "is_sealed": self.is_sealed,
            "is_live": True,
        }
