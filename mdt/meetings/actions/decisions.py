"""Recording what the meeting decided, deferring, and amending what was signed."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case, Proposal
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.content import Content, Refused, departs
from mdt.meetings.actions.content_rows import write_parts
from mdt.meetings.actions.content_rules import check_content
from mdt.meetings.factors import sources_of
from mdt.meetings.models import AgendaItem, Decision, DeskDraft, Meeting
from mdt.meetings.quorum import quorum_for
from mdt.meetings.quorum_reasons import as_kept
from mdt.meetings.remarks import remarks_on
from mdt.meetings.room.presence import at_case
from mdt.meetings.shown import shown_by
from mdt.people.models import User


def lock_item(item: AgendaItem) -> AgendaItem:
    """The agenda item with its case and meeting; the case is locked until the end of the transaction."""
    Case.objects.select_for_update().get(pk=item.case_id)
    return AgendaItem.objects.select_related("case__team", "meeting__team").get(pk=item.pk)


def newest_decision(item: AgendaItem) -> Decision | None:
    """The newest version of the decision on this item, signed or not."""
    return item.decisions.select_related("sign_off", "recorded_by").order_by("-version").first()


def _refuse_newer(newest: Decision | None, based_on: int) -> None:
    if newest is None or newest.version == based_on:
        return
    raise StaleForm(
        _(
            "%(person)s recorded version %(version)d of this decision at %(time)s. Nothing was stored. "
            "Your entries are still here: look at what is new, then record again."
        )
        % {
            "person": newest.recorded_by,
            "version": newest.version,
            "time": timezone.localtime(newest.recorded_at).strftime("%H:%M"),
        }
    )


def case_follows(item: AgendaItem) -> bool:
    """Whether the case's state goes with this decision: not once the case is on a later agenda."""
    return not item.case.agenda_items.filter(state=AgendaItem.State.LISTED).exclude(pk=item.pk).exists()


def _store(
    *,
    item: AgendaItem,
    by: User,
    proposal: Proposal,
    content: Content,
    previous: Decision | None,
    kind: Kind,
    amendment_reason: str = "",
) -> Decision:
    shown = shown_by(proposal)
    verdict = check_content(content=content, shown=shown, meeting=item.meeting)
    is_departing = departs(shown, content)
    there = at_case(item)
    quorum = quorum_for(item.case, proposal, (seat.discipline for seat in there.present))
    remarks = remarks_on(item.meeting, by, there.printed)
    if not quorum.is_quorate and not content.quorum_reason.strip():
        raise Refused(_("The meeting is not quorate: say why it decides all the same."), "quorum_reason")
    quorum_reason = "" if quorum.is_quorate else content.quorum_reason.strip()
    generated = as_kept(quorum_reason)
    decision = Decision.objects.create(
        case=item.case,
        meeting=item.meeting,
        agenda_item=item,
        proposal=proposal,
        verdict=verdict,
        version=previous.version + 1 if previous else 1,
        supersedes=previous,
        amendment_reason=amendment_reason,
        category=content.category,
        reason=content.reason if is_departing else "",
        reason_text=content.reason_text.strip() if is_departing else "",
        intent=content.intent,
        conditions=content.conditions.strip(),
        rationale=content.rationale.strip(),
        responsible=content.responsible,
        checklist=dict(content.checklist),
        preference=content.preference.strip(),
        preference_source=sources_of(proposal, "preference", content.preference),
        comorbidity=content.comorbidity.strip(),
        comorbidity_source=sources_of(proposal, "comorbidity", content.comorbidity),
        present=there.printed,
        is_quorate=quorum.is_quorate,
        quorum_missing=quorum.missing,
        quorum_basis={**quorum.as_kept(), **({"reason": generated} if generated else {})},
        quorum_reason=quorum_reason,
        remarks=remarks,
        recorded_by=by,
    )
    write_parts(decision=decision, content=content, shown=shown, by=by)
    DeskDraft.objects.filter(item=item, author=by).delete()
    record(
        kind,
        by=by,
        case=item.case,
        subject=decision,
        meeting=item.meeting.reference,
        version=decision.version,
        verdict=verdict,
        category=content.category,
        options=[choice.option for choice in content.options],
        is_quorate=quorum.is_quorate,
        proposal=proposal.number,
        **({"remarks": remarks} if remarks else {}),
    )
    if case_follows(item):
        set_state(case=item.case, state=Case.State.DECIDED)
    return decision


@transaction.atomic
def record_decision(*, item: AgendaItem, by: User, proposal: Proposal, content: Content, based_on: int = 0) -> Decision:
    """Record what the meeting decided on a listed case, with all its parts, as a new unsigned version.

    `proposal` is the one that stood on the screen and `based_on` the version of the decision shown beside it
    (0 before the first). Raises StaleForm where there is a newer proposal or version, Refused (with the
    field) for content that cannot be recorded, ActionError where the case is not listed or the decision is
    signed (then: amend_decision).
    """
    item = lock_item(item)
    previous = newest_decision(item)
    if previous is not None and previous.is_signed:
        raise ActionError(_("This decision is signed. It can only be amended, with a reason."))
    if item.state != AgendaItem.State.LISTED or item.meeting.state == Meeting.State.CANCELLED:
        raise ActionError(_("This case is not on the agenda of this meeting any more."))
    if item.is_sealed:
        raise ActionError(_("Opinions are still sealed: open them before the meeting decides."))
    if proposal.case_id != item.case_id or item.case.latest_proposal != proposal:
        raise StaleForm(
            _(
                "New findings came in: the proposal on the screen is not the newest. Nothing was stored. "
                "Your entries are still here: look at the new proposal, then record again."
            )
        )
    _refuse_newer(previous, based_on)
    return _store(item=item, by=by, proposal=proposal, content=content, previous=previous, kind=Kind.DECISION_RECORDED)


def defer(*, item: AgendaItem, by: User, proposal: Proposal, content: Content, based_on: int = 0) -> Decision:
    """The meeting cannot decide today: a decision without category, with `reason` and `reason_text` in
    `content`.

    Signed like any other; then the case is back in preparation. Raises as record_decision does.
    """
    deferral = replace(content, is_deferred=True, category="")
    return record_decision(item=item, by=by, proposal=proposal, content=deferral, based_on=based_on)


@transaction.atomic
def amend_decision(*, decision: Decision, by: User, amendment_reason: str, content: Content) -> Decision:
    """Change a signed decision by a new version, with the reason; the old one stays readable. It is signed
    anew, and until then may be amended itself.

    The amendment rests on the same proposal: new findings are a matter for a new meeting. Raises StaleForm
    where `decision` is not the newest version, ActionError where it is not signed, Refused as record_decision
    does.
    """
    item = lock_item(decision.agenda_item)
    newest = newest_decision(item)
    _refuse_newer(newest, decision.version)
    if not newest.was_signed:
        raise ActionError(_("This decision is not signed yet: record it again instead."))
    if not item.case.is_open:
        raise ActionError(_("This case is closed. Reopen it before recording anything."))
    amendment_reason = amendment_reason.strip()
    if not amendment_reason or len(amendment_reason) > 1000:
        raise Refused(_("Say in up to 1000 characters why the signed decision is amended."), "amendment_reason")
    return _store(
        item=item,
        by=by,
        proposal=newest.proposal,
        content=content,
        previous=newest,
        kind=Kind.DECISION_AMENDED,
        amendment_reason=amendment_reason,
    )
