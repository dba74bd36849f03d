"""The desk: what the meeting decides on the case in the room, written, signed and amended."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from cases.models import Proposal
from mdt.meetings.decision_page import letters_of
from mdt.meetings.factors import factors_of
from mdt.meetings.forms.decision import DecisionForm, initial_of
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.meetings.room.page import Room
from mdt.meetings.shown import shown_by
from mdt.people.signing import SignForm

STEPS = ("proposal", "decide", "sign")


class Desk:
    """The desk of one room. `is_amendment`: it holds the next version of a signed decision."""

    def __init__(self, room: Room, *, is_amendment: bool = False):
        self.room, self.item, self.decision, self.is_amendment = room, room.item, room.decision, is_amendment

    @property
    def is_signed(self) -> bool:
        return self.decision is not None and self.decision.is_signed

    @property
    def was_signed(self) -> bool:
        return self.decision is not None and self.decision.was_signed

    @property
    def can_record(self) -> bool:
        """Whether the desk takes a decision now."""
        meeting = self.room.meeting
        is_open = self.item.state == AgendaItem.State.LISTED and meeting.state != Meeting.State.CANCELLED
        return self.room.may["decide"] and is_open and not self.was_signed

    @property
    def can_amend(self) -> bool:
        return self.room.may["decide"] and self.was_signed and self.room.case.is_open

    @property
    def is_outdated(self) -> bool:
        """Whether findings came in after the decision was recorded and before it is signed."""
        return self.decision is not None and not self.is_signed and self.decision.proposal_id != self.room.proposal.pk

    @property
    def can_sign(self) -> bool:
        return self.room.may["sign"] and self.decision is not None and not self.is_signed

    def form(self, data: QueryDict | None = None) -> DecisionForm:
        """Empty at first, later filled with the newest version."""
        initial = {"proposal": self.room.proposal.pk, "based_on": self.decision.version if self.decision else 0}
        if self.decision is None:
            initial |= {name: factor.text for name, factor in factors_of(self.room.proposal).items()}
        else:
            initial |= initial_of(self.decision)
            if not self.is_signed:
                initial["amendment_reason"] = self.decision.amendment_reason
        return DecisionForm(
            data,
            shown=shown_by(self.room.proposal),
            people=[seat.person for seat in self.room.seats],
            quorum=self.room.presence["quorum"],
            earliest=self.room.meeting.earliest_step,
            is_amendment=self.is_amendment,
            initial=initial,
        )

    def brought_up_to_date(self, data: QueryDict) -> QueryDict:
        """What was typed, resting on what is newest now: after the person has read the notice."""
        data = data.copy()
        data["proposal"] = self.room.proposal.pk
        data["based_on"] = self.decision.version if self.decision else 0
        return data

    def proposal_shown(self, form: DecisionForm) -> Proposal:
        """The proposal that stood on the screen when the form was opened."""
        return get_object_or_404(self.room.case.proposals, pk=form.cleaned_data["proposal"])

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
        """The desk alone; `page` adds the room around it."""
        has_form = self.can_record or (self.is_amendment and self.can_amend)
        return {
            "step": self._step(step),
            "is_amendment": self.is_amendment,
            "decision": self.decision,
            "form": (form or self.form()) if has_form else None,
            "sign_form": (sign_form or SignForm(user=self.room.user)) if self.can_sign else None,
            "can_amend": self.can_amend,
            "is_outdated": self.is_outdated,
            "letters": letters_of(self.decision) if self.is_signed else [],
            "room_url": self.room.url,
        }

    def page(self, *, step: str, form: DecisionForm | None = None, sign_form: SignForm | None = None) -> dict:
        """The whole page with this desk on it."""
        return {**self.room.context(), **self.context(step=step, form=form, sign_form=sign_form)}
