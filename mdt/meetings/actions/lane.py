"""Triage to the standard-of-care lane, pulling back, and recording and signing what is not discussed."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.actions.locks import lock_cases
from classification.standard_of_care import Protocol, load_protocols
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.content import Choice, Content
from mdt.meetings.actions.decisions import newest_decision, record_decision
from mdt.meetings.actions.locks import grow, lock_meeting, lock_meetings
from mdt.meetings.actions.signing import sign_decision
from mdt.meetings.lane.protocols import misfits, usable
from mdt.meetings.lane.steps import NEEDED, marks_now, pulled_back, steps_of
from mdt.meetings.models import AgendaItem, Decision, LaneStep, Meeting, ProtocolSignOff
from mdt.meetings.quorum_reasons import GENERATED, STANDARD_OF_CARE
from mdt.meetings.shown import shown_by
from mdt.people.disciplines import Discipline
from mdt.people.joining import listed
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, can

LONGEST = 400
SOC = AgendaItem.Lane.STANDARD_OF_CARE


@transaction.atomic
def sign_protocol(
    *, team: Team, pathway: str, protocol: str, digest: str, owner: str, by: User, withdraw: bool = False
) -> ProtocolSignOff:
    """The chair approves a protocol for the team as it stands, or (`withdraw`) takes that back.

    The form has asked for the password. Raises ActionError for somebody who is not the chair or without the name of
    who answers for it, StaleForm where the text is another one than `digest` was shown for.
    """
    if not can(by, Permission.DECISION_SIGN, team):
        raise ActionError(_("Only a chair signs."))
    text = next((each for each in load_protocols(pathway) if each.id == protocol), None)
    if text is None or text.digest != digest:
        raise StaleForm(_("This protocol has another text now. Nothing was signed; read it again."))
    owner = owner.strip()
    if not withdraw and not 1 <= len(owner) <= 120:
        raise ActionError(_("Name who answers for this protocol."))
    signed = ProtocolSignOff.objects.create(
        team=team,
        pathway=pathway,
        protocol=protocol,
        protocol_version=text.version,
        digest=digest,
        owner=owner,
        is_withdrawn=withdraw,
        signed_by=by,
    )
    record(
        Kind.PROTOCOL_WITHDRAWN if withdraw else Kind.PROTOCOL_SIGNED,
        by=by,
        team=team,
        subject=signed,
        protocol=protocol,
        version=text.version,
        digest=digest,
        owner=owner,
    )
    return signed


def _locked(item: AgendaItem) -> AgendaItem:
    meeting = lock_meeting(item.meeting)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("case__team").get(pk=item.pk)
    item.meeting = meeting
    if item.state == AgendaItem.State.REMOVED:
        raise StaleForm(_("Somebody else took this case off the agenda in the meantime."))
    return item


def _to_lane(item: AgendaItem, lane: str) -> None:
    item.lane = lane
    item.save(update_fields=["lane"])
    grow(item.meeting)
    set_state(case=item.case, is_sealed=item.is_sealed)


def _refuse_unfit(item: AgendaItem, by: User, protocol: str, marks: list[LaneStep]) -> Protocol:
    """The protocol, if this person may triage this case by it. Raises ActionError with the reason."""
    if not can(by, Permission.CASE_TRIAGE, item.meeting.team) or by.discipline in ("", Discipline.COORDINATION):
        raise ActionError(_("Triage is a clinician’s: only members with a clinical discipline do it."))
    if item.lane == SOC:
        raise ActionError(_("This case is in the standard-of-care lane already."))
    if item.state != AgendaItem.State.LISTED or item.decisions.exists():
        raise ActionError(_("A decision was recorded on this case: it stays in its lane."))
    known = {each.protocol.id: each.protocol for each in usable(item.meeting.team, item.case.pathway)}
    if protocol not in known:
        raise ActionError(_("This protocol is not signed by your chair: it cannot be used."))
    if reasons := misfits(item.case, known[protocol]):
        raise ActionError(_("This case is to be discussed: %(why)s.") % {"why": listed(reasons)})
    if any(mark.person_id == by.pk for mark in marks):
        raise ActionError(_("You have triaged this case. A second clinician has to agree."))
    if marks and (marks[0].protocol, marks[0].digest) != (protocol, known[protocol].digest):
        raise ActionError(_("The first triager named another protocol: agree on one, or discuss the case."))
    return known[protocol]


@transaction.atomic
def triage_case(*, item: AgendaItem, protocol: str, reason: str, by: User) -> AgendaItem:
    """One clinician finds that a signed protocol meets the needs of a case; with the second one it changes the lane.

    Raises ActionError for somebody who is no clinician, a protocol that the team has not signed, a case that is not
    ready, disputed or of another type, or a second mark of the same person.
    """
    item = _locked(item)
    marks = marks_now(steps_of(item))
    reason = reason.strip()
    text = _refuse_unfit(item, by, protocol, marks)
    if not 1 <= len(reason) <= LONGEST:
        raise ActionError(_("Say in up to 400 characters why the protocol meets the needs of this case."))
    step = LaneStep.objects.create(
        item=item,
        what=LaneStep.What.TRIAGED,
        protocol=protocol,
        protocol_version=text.version,
        digest=text.digest,
        reason=reason,
        person=by,
    )
    is_agreed = len(marks) + 1 >= NEEDED
    record(
        Kind.CASE_TRIAGED,
        by=by,
        case=item.case,
        subject=step,
        meeting=item.meeting.reference,
        protocol=protocol,
        version=text.version,
        reason=reason,
        is_agreed=is_agreed,
    )
    if is_agreed:
        _to_lane(item, SOC)
    return item


@transaction.atomic
def pull_back(*, item: AgendaItem, by: User, reason: str = "") -> AgendaItem:
    """Any member brings a case back to discussion, at once and without having to say why.

    Raises ActionError for somebody who is not of the team, and once the outcome is signed.
    """
    item = _locked(item)
    if not can(by, Permission.FINDING_RECORD, item.meeting.team):
        raise ActionError(_("Only members of the team pull a case back."))
    if item.lane != SOC:
        raise StaleForm(_("This case is to be discussed already."))
    decision = newest_decision(item)
    if decision is not None and decision.is_signed:
        raise ActionError(_("Its outcome is signed: it can only be amended, or come back to a later meeting."))
    step = LaneStep.objects.create(
        item=item, what=LaneStep.What.PULLED_BACK, reason=reason.strip()[:LONGEST], person=by
    )
    record(
        Kind.CASE_PULLED_BACK,
        by=by,
        case=item.case,
        subject=step,
        meeting=item.meeting.reference,
        reason=step.reason,
    )
    _to_lane(item, AgendaItem.Lane.DISCUSS)
    return item


@transaction.atomic
def undo_pull_back(*, item: AgendaItem, by: User) -> AgendaItem:
    """Whoever pulled the case back takes that back: the two triages hold again.

    Raises ActionError for anybody else, and where something was done in between.
    """
    item = _locked(item)
    back = pulled_back(steps_of(item))
    if back is None or item.lane == SOC:
        raise StaleForm(_("There is nothing to undo any more."))
    if back.person_id != by.pk:
        raise ActionError(_("Only who pulled the case back undoes it."))
    step = LaneStep.objects.create(item=item, what=LaneStep.What.PULL_UNDONE, person=by)
    record(Kind.PULL_BACK_UNDONE, by=by, case=item.case, subject=step, meeting=item.meeting.reference)
    _to_lane(item, SOC)
    return item


def in_lane(meeting: Meeting) -> list[AgendaItem]:
    """The cases of the lane, in the order of the agenda."""
    items = meeting.agenda.filter(lane=SOC).exclude(state=AgendaItem.State.REMOVED)
    return list(items.select_related("case__team", "case__patient", "meeting__team").order_by("position", "id"))


@transaction.atomic
def record_standard_of_care(*, meeting: Meeting, by: User, responsible: Mapping[int, User]) -> list[Decision]:
    """Record the outcome of every case of the lane that has none, as its protocol says. All or none.

    Each is a decision record of its own, unsigned. `responsible`: item id → who carries it out. Raises ActionError
    where nobody is named, where the protocol's options are not among those of the proposal, or where findings came in
    that make the case one to be discussed.
    """
    meeting = lock_meeting(meeting)
    items = in_lane(meeting)
    lock_cases([item.case_id for item in items])  # all before the first line: each line holds the end of the log
    recorded = []
    for item in items:
        if item.decisions.exists():
            continue
        recorded.append(_record_one(item, by, responsible.get(item.pk)))
    if not recorded:
        raise ActionError(_("Every case of this lane has its outcome already."))
    return recorded


def _record_one(item: AgendaItem, by: User, responsible: User | None) -> Decision:
    marks = marks_now(steps_of(item))
    known = {each.protocol.id: each.protocol for each in usable(item.meeting.team, item.case.pathway)}
    protocol, case = known.get(marks[0].protocol) if marks else None, item.case
    words = {"case": case.reference}
    if protocol is None or protocol.digest != marks[0].digest:
        raise ActionError(_("%(case)s: its protocol is not signed any more. Pull the case back.") % words)
    if reasons := misfits(case, protocol):
        why = listed(reasons)
        raise ActionError(_("%(case)s is to be discussed: %(why)s. Pull it back.") % {**words, "why": why})
    if responsible is None:
        raise ActionError(_("%(case)s: name who is responsible for carrying it out.") % words)
    proposal = case.latest_proposal
    shown = shown_by(proposal)
    offered = [option for option in protocol.options if option in shown.options]
    if not offered or not shown.proposed:
        raise ActionError(_("%(case)s: the proposal does not offer what the protocol records. Pull it back.") % words)
    content = Content(
        category=shown.proposed,
        options=[Choice(option) for option in offered],
        intent=protocol.intent,
        responsible=responsible,
        rationale=rationale_of(protocol, marks)[:4000],
        quorum_reason=str(GENERATED[STANDARD_OF_CARE]),
    )
    return record_decision(item=item, by=by, proposal=proposal, content=content)


def rationale_of(protocol: Protocol, marks: list[LaneStep]) -> str:
    """What the record says instead of a discussion: the protocol, and who triaged with which reason.

    In every language, one paragraph each: the words are signed as they stand, and every reader reads their own.
    """
    paragraphs = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            paragraphs.append(_rationale_in_words(protocol, marks))
    return "\n".join(paragraphs)


def _rationale_in_words(protocol: Protocol, marks: list[LaneStep]) -> str:
    triaged = _("; ").join(
        _("%(person)s: %(reason)s") % {"person": mark.person.display_name, "reason": mark.reason.rstrip(".。")}
        for mark in marks
    )
    return _(
        "Standard of care, not discussed. Protocol %(protocol)s, version %(version)s. "
        "Triaged by two clinicians: %(who)s"
    ) % {"protocol": protocol.label(get_language()), "version": protocol.version, "who": triaged}


@transaction.atomic
def sign_standard_of_care(*, meeting: Meeting, by: User, versions: Mapping[int, int]) -> int:
    """The chair signs the outcomes of the lane in one list; each remains a record with a signature of its own.

    `versions`: item id → version that was read. The form has asked for the password. All or none; returns how many.
    Raises StaleForm where the list is another one now, and what sign_decision raises.
    """
    lock_meetings(meeting)
    items = in_lane(meeting)
    lock_cases([item.case_id for item in items])
    unsigned = {
        item.pk: decision
        for item in items
        if (decision := newest_decision(item)) is not None and not decision.is_signed
    }
    if not unsigned or {pk: decision.version for pk, decision in unsigned.items()} != dict(versions):
        raise StaleForm(_("The list of outcomes changed. Nothing was signed; read it again."))
    for decision in unsigned.values():
        sign_decision(decision=decision, by=by)
    return len(unsigned)
