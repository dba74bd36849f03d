"""The desk: what the meeting decides on the case in the room, written, signed and amended."""

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone

from cases.models import Proposal
from mdt.meetings.actions.signed_shapes import digest_of
from mdt.meetings.calendar.days_ahead import DaysAhead, days_ahead
from mdt.meetings.decision_page import letters_of
from mdt.meetings.factors import factors_of
from mdt.meetings.forms.decision import DecisionForm, initial_of
from mdt.meetings.forms.spoken import SpokenForm
from mdt.meetings.forms.voice import DissentForm, OpinionForm
from mdt.meetings.models import AgendaItem, Decision, DeskDraft, Meeting
from mdt.meetings.room import entries
from mdt.meetings.room.conflict import DeskConflict, conflict_between, merged
from mdt.meetings.room.dissent import dissent_context
from mdt.meetings.room.opinions import opinions_context
from mdt.meetings.room.page import Room
from mdt.meetings.room.spoken import spoken_context
from mdt.meetings.room.writers import drafts_at, writers_among
from mdt.meetings.shown import Shown, shown_by
from mdt.meetings.waited_for import templates_of
from mdt.people.signing import SignForm

STEPS = ("opinions", "proposal", "decide", "sign")


class Desk:
    """The desk of one room. `is_amendment`: it holds the next version of a signed decision."""

    def __init__(self, room: Room, *, is_amendment: bool = False):
        self.room, self.item, self.decision, self.is_amendment = room, room.item, room.decision, is_amendment
        self.shown: Shown = shown_by(room.proposal)

    @property
    def version(self) -> int:
        """The newest version of the decision, 0 before the first."""
        return self.decision.version if self.decision else 0

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
        return self.room.may["decide"] and is_open and not self.was_signed and not self.room.is_sealed

    @property
    def can_amend(self) -> bool:
        return self.room.may["decide"] and self.was_signed and self.room.case.is_open

    @property
    def has_form(self) -> bool:
        return self.can_record or (self.is_amendment and self.can_amend)

    @property
    def is_outdated(self) -> bool:
        """Whether findings came in after the decision was recorded and before it is signed."""
        return self.decision is not None and not self.is_signed and self.decision.proposal_id != self.room.proposal.pk

    @property
    def can_sign(self) -> bool:
        return self.room.may["sign"] and self.decision is not None and not self.is_signed

    def draft(self) -> DeskDraft | None:
        """What this person typed here before and did not record."""
        return DeskDraft.objects.filter(item=self.item, author=self.room.user).first()

    def empty(self) -> dict:
        """The first values before anybody recorded anything: the patient's factors from the findings."""
        return {name: factor.text for name, factor in factors_of(self.room.proposal).items()}

    def initial(self) -> dict:
        """The newest version, or an empty desk."""
        if self.decision is None:
            return self.empty()
        reason = "" if self.is_signed else self.decision.amendment_reason
        return {**initial_of(self.decision), "amendment_reason": reason}

    def form(self, data: QueryDict | None = None, *, draft: DeskDraft | None = None) -> DecisionForm:
        """As sent; else as the person left it; else the newest version."""
        initial, based_on = self.initial(), self.version
        if draft is not None:
            typed = entries.of_data(entries.as_query(draft.entries))
            initial, based_on = entries.as_initial(typed), draft.based_on
        return DecisionForm(
            data,
            shown=self.shown,
            people=[seat.person for seat in self.room.seats],
            quorum=self.room.presence["quorum"],
            earliest=self.room.meeting.earliest_step,
            is_amendment=self.is_amendment,
            initial={**initial, "proposal": self.room.proposal.pk, "based_on": based_on},
        )

    def brought_up_to_date(self, data: QueryDict) -> QueryDict:
        """What was typed, resting on what is newest now: after the person has read the notice."""
        data = data.copy()
        data["proposal"] = self.room.proposal.pk
        data["based_on"] = self.version
        return data

    def conflict(self, data: QueryDict) -> DeskConflict | None:
        """What others recorded since this form was opened; None where nobody did."""
        text = data.get("based_on", "")
        based_on = int(text) if text.isdecimal() and len(text) < 6 else 0
        if self.decision is None or based_on >= self.version:
            return None
        base = self.item.decisions.complete().filter(version=based_on).first()
        return conflict_between(data=data, theirs=self.decision, base=base, empty=self.empty(), form=self.form())

    def resolved(self, data: QueryDict, conflict: DeskConflict) -> QueryDict | None:
        """The desk with what was taken of both, once the person has said so for this very version; else None."""
        if data.get("conflict_with") != str(self.version) or conflict.open:
            return None
        return merged(data, conflict)

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

    def _step(self, asked: str, *, asks: bool) -> str:
        if self.room.is_sealed:
            return "opinions"
        if asked in STEPS and (asks or asked != "opinions"):
            return asked
        return "sign" if self.decision is not None else "proposal"

    def _form_context(self, form: DecisionForm | None) -> dict:
        if not self.has_form:
            return {"form": None}
        draft = None if form is not None else self.draft()
        return {
            "form": form or self.form(draft=draft),
            "draft": draft,
            "is_draft_behind": draft is not None and draft.based_on < self.version,
            "condition_templates": templates_of(self.shown, self.room.proposal.current_facts),
            "days_ahead": self.days_ahead.as_data(),
        }

    def context(
        self,
        *,
        step: str,
        form: DecisionForm | None = None,
        sign_form: SignForm | None = None,
        opinion_form: OpinionForm | None = None,
        dissent_form: DissentForm | None = None,
        spoken_form: SpokenForm | None = None,
        conflict: DeskConflict | None = None,
    ) -> dict:
        """The desk alone; `page` adds the room around it."""
        opinions = opinions_context(self.item, self.room.user, opinion_form, self.shown, self.room.shared)
        return {
            **opinions,
            **self._form_context(form),
            **dissent_context(self, dissent_form),
            **spoken_context(self.room.shared, self.room.user, spoken_form),
            **self._news(),
            "step": self._step(step, asks=opinions["asks_for_opinions"]),
            "conflict": conflict,
            "is_amendment": self.is_amendment,
            "decision": self.decision,
            "sign_form": (sign_form or SignForm(user=self.room.user)) if self.can_sign else None,
            "content_digest": digest_of(self.decision) if self.can_sign else "",
            "can_amend": self.can_amend,
            "is_outdated": self.is_outdated,
            "closed_days": self._closed_days(),
            "letters": letters_of(self.decision) if self.is_signed else [],
            "room_url": self.room.url,
        }

    @property
    def days_ahead(self) -> DaysAhead:
        """Meetings and closed days after this meeting, or after today where its day is over."""
        meeting = self.room.meeting
        first = max(meeting.local_start.date(), timezone.localdate(timezone=meeting.team.zone))
        return self.room.shared.once("days-ahead", lambda: days_ahead(meeting.team, first))

    def _closed_days(self) -> list[dict]:
        """Conditions and next steps of an unsigned version whose day is one on which the team does not work."""
        if self.decision is None or self.is_signed:
            return []
        dated = [(row.what, row.review_on) for row in self.decision.condition_rows.all()]
        dated += [(row.what, row.due_on) for row in self.decision.next_steps.all()]
        ahead = self.days_ahead
        return [{"what": what, "day": on, "why": why} for what, on in dated if (why := ahead.why_closed(on))]

    def _news(self) -> dict:
        """Who else writes here; the page itself is as new as the record."""
        drafts = self.room.shared.once("drafts", lambda: drafts_at(self.item))
        return {"writers": writers_among(drafts, self.room.user), "newer": None}

    def page(self, *, step: str, **forms) -> dict:
        """The whole page with this desk on it; `forms` as in `context`."""
        return {**self.room.context(comes_by_itself=not step), **self.context(step=step, **forms)}
