"""The room: one case on one screen, the agenda beside it, and the desk on which the decision is written."""

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cases.case_page import proposal_context
from cases.models import Proposal
from mdt.meetings.attendance import seats_of
from mdt.meetings.decision_page import letters_of
from mdt.meetings.forms.decision import DecisionForm, initial_of
from mdt.meetings.glance import glance_at
from mdt.meetings.meeting_page import agenda_of, presence_context, rights_in
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.meetings.shown import shown_by
from mdt.people.models import User
from mdt.people.signing import SignForm

STEPS = ("proposal", "decide", "sign")
DETAILED_OPTIONS = 3  # what one screen holds; the others are one click away


class Room:
    """One case in one meeting as one person sees it. `is_amendment`: the desk holds a signed one's next version."""

    def __init__(self, item: AgendaItem, user: User, *, is_amendment: bool = False):
        self.item, self.user, self.is_amendment = item, user, is_amendment
        self.meeting, self.case = item.meeting, item.case
        self.decision: Decision | None = item.decisions.complete().order_by("-version").first()
        self.proposal: Proposal = self._proposal()
        self.seats = seats_of(self.meeting)
        self.presence = presence_context(self.meeting, user, self.case, self.seats)
        self.may = rights_in(self.meeting, user)
        self.url = reverse("room", args=[self.meeting.reference, self.case.reference])

    def _proposal(self) -> Proposal:
        """The newest one; on a signed decision and its amendment the one that the meeting saw."""
        if self.decision is not None and self.decision.proposal_id and self.was_signed:
            return Proposal.objects.get(pk=self.decision.proposal_id)
        proposal = self.case.latest_proposal
        if proposal is None:
            raise Http404
        return proposal

    @property
    def is_signed(self) -> bool:
        return self.decision is not None and self.decision.is_signed

    @property
    def was_signed(self) -> bool:
        return self.decision is not None and self.decision.was_signed

    @property
    def can_record(self) -> bool:
        """Whether the desk takes a decision now."""
        is_open = self.item.state == AgendaItem.State.LISTED and self.meeting.state != Meeting.State.CANCELLED
        return self.may["decide"] and is_open and not self.was_signed

    @property
    def can_amend(self) -> bool:
        return self.may["decide"] and self.was_signed and self.case.is_open

    @property
    def is_outdated(self) -> bool:
        """Whether findings came in after the decision was recorded and before it is signed."""
        return self.decision is not None and not self.is_signed and self.decision.proposal_id != self.proposal.pk

    @property
    def can_sign(self) -> bool:
        return self.may["sign"] and self.decision is not None and not self.is_signed

    def decision_form(self, data: QueryDict | None = None) -> DecisionForm:
        """The desk: empty at first, later filled with the newest version."""
        initial = {"proposal": self.proposal.pk, "based_on": self.decision.version if self.decision else 0}
        if self.decision is not None:
            initial |= initial_of(self.decision)
            if not self.is_signed:
                initial["amendment_reason"] = self.decision.amendment_reason
        return DecisionForm(
            data,
            shown=shown_by(self.proposal),
            people=[seat.person for seat in self.seats],
            quorum=self.presence["quorum"],
            earliest=self.meeting.earliest_step,
            is_amendment=self.is_amendment,
            initial=initial,
        )

    def brought_up_to_date(self, data: QueryDict) -> QueryDict:
        """What was typed, resting on what is newest now: after the person has read the notice."""
        data = data.copy()
        data["proposal"] = self.proposal.pk
        data["based_on"] = self.decision.version if self.decision else 0
        return data

    def proposal_shown(self, form: DecisionForm) -> Proposal:
        """The proposal that stood on the screen when the form was opened."""
        return get_object_or_404(self.case.proposals, pk=form.cleaned_data["proposal"])

    def version_shown(self, form: DecisionForm) -> Decision:
        """The signed version that the amendment started from."""
        return get_object_or_404(
            self.item.decisions.select_related("agenda_item"), version=form.cleaned_data["based_on"]
        )

    def decision_of(self, version: str) -> Decision:
        """The version that the chair read before signing."""
        number = int(version) if version.isdecimal() else 0
        return get_object_or_404(self.item.decisions.select_related("agenda_item"), version=number)

    def _step(self, asked: str) -> str:
        if asked in STEPS:
            return asked
        return "sign" if self.decision is not None else "proposal"

    def context(self, *, step: str, form: DecisionForm | None = None, sign_form: SignForm | None = None) -> dict:
        """Everything of the page."""
        rail = agenda_of(self.meeting)
        places = [item.pk for item in rail]
        place = places.index(self.item.pk)
        has_desk = self.can_record or (self.is_amendment and self.can_amend)
        shown = proposal_context(self.case, self.proposal, None)
        return {
            **shown,
            **self.presence,
            "case": self.case,
            "item": self.item,
            "step": self._step(step),
            "options": shown["options"][:DETAILED_OPTIONS],
            "more_options": shown["options"][DETAILED_OPTIONS:],
            "rail": rail,
            "place": place + 1,
            "next_item": rail[place + 1] if place + 1 < len(rail) else None,
            "is_amendment": self.is_amendment,
            "decision": self.decision,
            "form": (form or self.decision_form()) if has_desk else None,
            "sign_form": (sign_form or SignForm(user=self.user)) if self.can_sign else None,
            "can_amend": self.can_amend,
            "is_outdated": self.is_outdated,
            "letters": letters_of(self.decision) if self.is_signed else [],
            "glance": glance_at(self.case.pathway, self.proposal),
            "room_url": self.url,
            "now": timezone.now(),
        }
