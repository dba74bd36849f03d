"""From findings to a proposal, and from the newest rows to the columns that the queue shows."""

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from cases.actions.records import pack_proposal
from cases.models import Case, Proposal, Waiting
from cases.reasoning import Reasoning, item_owners, item_sources, owners_of, reason_over
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Role, User
from mdt.people.pinyin import keys_of_name

SEARCH_LENGTH = 600
MOVED = {"state", "meets_at", "target_on", "type_confirmed", "is_sealed", "came_back_for"}
LIVER_FACTS = ("liver_lesions", "liver_lesion_count", "liver_max_diameter_mm", "liver_lobes", "liver_diffuse")


@transaction.atomic
def propose(*, case: Case, by: User | None) -> Proposal:
    """Ask the rulebook about everything stated today, keep its answer as a snapshot, and bring the queue up to date."""
    reasoning = reason_over(case, on=timezone.localdate())
    newest = case.proposals.order_by("-number").values_list("number", flat=True).first() or 0
    proposal = Proposal.objects.create(case=case, number=newest + 1, made_by=by, **reasoning.as_columns())
    record(
        Kind.PROPOSAL_MADE,
        by=by,
        case=case,
        subject=proposal,
        number=proposal.number,
        possible=proposal.types_possible,
        provisional=proposal.types_provisional,
        digest=proposal.digest,
    )
    pack_proposal(proposal=proposal)
    project(case=case, proposal=proposal)
    _owe_recheck(case, reasoning)
    return proposal


def _owe_recheck(case: Case, reasoning: Reasoning) -> None:
    """Put down the day on which the next fact grows too old."""
    if reasoning.next_stale_on is not None:
        due_at = timezone.make_aware(datetime.combine(reasoning.next_stale_on, time(hour=3)))
        owe(kind="recheck-readiness", subject=subject_of(case), due_at=due_at)


@transaction.atomic
def recheck_readiness(*, case: Case) -> bool:
    """Facts grow stale with time: repeat the reasoning for today; a new proposal only where something changed.

    Returns whether there was a change. Called by a duty, so `by` is the system.
    """
    latest = case.latest_proposal
    if latest is None or case.is_restricted:  # lifting the restriction asks again
        return False
    reasoning = reason_over(case, on=timezone.localdate())
    if reasoning.is_same_as(latest):
        _owe_recheck(case, reasoning)
        return False
    propose(case=case, by=None)
    record(Kind.READINESS_RECHECKED, by=None, case=case, subject=case)
    return True


@transaction.atomic
def propose_if_changed(*, case: Case, by: User) -> None:
    """After a change of the patient's record: a new proposal where the answer changed, else only the columns.

    Closed cases too: whoever reopens one finds no answer of before.
    """
    latest = case.latest_proposal
    if latest is None or reason_over(case, on=timezone.localdate()).is_same_as(latest):
        project(case=case)
    else:
        propose(case=case, by=by)


@transaction.atomic
def project(*, case: Case, proposal: Proposal | None = None) -> None:
    """Rewrite the typed columns and the waiting rows of a case from its newest rows."""
    proposal = proposal or case.latest_proposal
    case.search_text = _search_text(case)
    if proposal is not None:
        case.readiness = proposal.readiness
        case.is_ready = all(item["state"] in ("known", "disputed") for item in proposal.readiness)
        case.is_disputed = bool(proposal.contradictions)
        case.types_possible, case.types_provisional = proposal.types_possible, proposal.types_provisional
        case.liver = liver_of(proposal)
        case.to_confirm = to_confirm_of(case, proposal)
    case.save(
        update_fields=[
            "search_text",
            "readiness",
            "is_ready",
            "is_disputed",
            "types_possible",
            "types_provisional",
            "liver",
            "to_confirm",
        ]
    )
    _rebuild_waiting(case)


def _search_text(case: Case) -> str:
    """What a search finds the case by; while its data may only be stored, the reference alone.

    A Chinese name also by its sound and initials, whether it is stored in characters or in Latin letters. That of the
    question is left out: every short name would be found in it.
    """
    if case.is_restricted:
        return case.reference
    patient = case.patient
    sound = keys_of_name(patient.name)
    words = [patient.name, patient.hospital_number, patient.national_number, case.question]
    text = " ".join([case.reference, *words])
    return f"{text[: SEARCH_LENGTH - len(sound) - 1]} {sound}" if sound else text[:SEARCH_LENGTH]


def liver_of(proposal: Proposal) -> dict:
    """The liver as the next meeting finds it: at the newest restaging, else at the first staging."""
    return {name: proposal.current_facts[name] for name in LIVER_FACTS if name in proposal.current_facts}


def to_confirm_of(case: Case, proposal: Proposal) -> list[str]:
    """What the provisional type assumes and one click of an owner would confirm, the most telling first.

    Without the facts that a required item asks for already: for those the discipline is waited for as it is.
    """
    asked = {
        fact
        for item in proposal.readiness
        if item["state"] not in ("known", "disputed")
        for fact in item_sources(case.pathway, item["fact"])
    }
    assumed = [entry["fact"] for entry in proposal.main_system["provisional"]["assumptions"]]
    return [fact for fact in assumed if fact not in asked and fact not in proposal.facts]


@transaction.atomic
def set_state(*, case: Case, **columns) -> None:
    """Move a case on: used by the meeting's actions, which log the event themselves.

    Accepts MOVED. Only a case on an agenda is sealed: another state lifts the seal.
    """
    unknown = set(columns) - MOVED
    if unknown:
        raise ValueError(f"set_state does not write {sorted(unknown)}")
    if columns.get("state", Case.State.LISTED) != Case.State.LISTED:
        columns["is_sealed"] = False
    for name, value in columns.items():
        setattr(case, name, value)
    case.save(update_fields=list(columns))
    _rebuild_waiting(case)


def _rebuild_waiting(case: Case) -> None:
    """Whose turn it is now: disciplines until their required facts are stated and what is assumed is confirmed, then
    coordinator, at last chair."""
    case.waiting.all().delete()
    if case.is_restricted:  # nobody is to work on it
        return
    rows: dict[tuple[str, str], list[str]] = {}
    if case.state in (Case.State.REFERRED, Case.State.LISTED):
        for item in case.readiness:
            if item["state"] not in ("known", "disputed"):
                for owner in item_owners(case.pathway, item["fact"]):
                    rows.setdefault((owner, Waiting.What.FACTS), []).append(item["fact"])
        for fact in [] if case.is_sealed else case.to_confirm:  # what a proposal assumes would tell of it
            for owner in owners_of(case.pathway, fact):
                if (owner, Waiting.What.FACTS) not in rows:  # else the case waits for them as it is
                    rows.setdefault((owner, Waiting.What.CONFIRMING), []).append(fact)
    if case.state == Case.State.REFERRED and case.is_ready:
        rows[Role.COORDINATOR, Waiting.What.LISTING] = []
    if case.state == Case.State.DECIDED:
        rows[Role.CHAIR, Waiting.What.SIGNATURE] = []
    Waiting.objects.bulk_create(
        Waiting(case=case, team_id=case.team_id, whom=whom, what=what, facts=facts, target_on=case.target_on)
        for (whom, what), facts in rows.items()
    )
    if case.state in (Case.State.REFERRED, Case.State.LISTED):
        owe(kind="follow-readiness", subject=subject_of(case))  # who is reminded of it, and when, the meetings say
