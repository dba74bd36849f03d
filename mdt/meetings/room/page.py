"""The page of the room without its desk."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from cases.models import Proposal
from mdt.meetings.attendance import seats_of
from mdt.meetings.meeting_page import presence_context
from mdt.meetings.models import AgendaItem, Decision
from mdt.meetings.room.rail import rail_context
from mdt.meetings.room.stage import stage_context
from mdt.people.models import User


class Room:
    """One case in one meeting as one person sees it."""

    def __init__(self, item: AgendaItem, user: User):
        self.item, self.user = item, user
        self.meeting, self.case = item.meeting, item.case
        self.decision: Decision | None = item.decisions.complete().order_by("-version").first()
        self.proposal: Proposal = self._proposal()
        self.seats = seats_of(self.meeting)
        self.presence = presence_context(self.meeting, user, self.case, self.seats)
        self.may = self.presence["may"]
        self.url = reverse("room", args=[self.meeting.reference, self.case.reference])

    def _proposal(self) -> Proposal:
        """The newest one; on a signed decision and its amendment the one that the meeting saw."""
        decision = self.decision
        if decision is not None and decision.proposal_id and decision.was_signed:
            return Proposal.objects.get(pk=decision.proposal_id)
        proposal = self.case.latest_proposal
        if proposal is None:
            raise Http404
        return proposal

    def context(self) -> dict:
        """Bar, rail and stage."""
        return {
            **stage_context(self.case, self.proposal),
            **self.presence,
            **rail_context(self.item),
            "item": self.item,
            "now": timezone.now(),
        }
