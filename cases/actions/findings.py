"""Recording what a discipline found, correcting it, confirming an assumption, and keeping drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError, StaleForm
from cases.actions.locks import lock_open_case, lock_unrestricted_case
from cases.actions.projection import propose
from cases.models import Case, Finding, FindingDraft, Proposal, Quotation, Restaging
from cases.reasoning import assumption_of, check_facts, check_phase
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import User
from mdt.reading import Mention

AS_BEFORE = object()
DRAFT_LIMIT = 400_000  # characters: four reports of the longest kind


def newest_finding_id(case: Case, discipline: str) -> int:
    """Newest finding of this discipline: a form opened before a newer one is stale. 0 where there is none."""
    return case.findings.filter(discipline=discipline).order_by("-id").values_list("id", flat=True).first() or 0


def _check_phase(case: Case, facts: dict, restaging: Restaging | None) -> None:
    """Raise classification.FactError where the facts deny the phase to which the finding is said to belong."""
    if restaging is not None:
        if restaging.case_id != case.pk:
            raise ValueError(f"{restaging} is not of case {case.reference}")
        check_phase(case.pathway, facts)


def _refuse_if_newer(case: Case, discipline: str, based_on: int | None) -> None:
    if based_on is None:
        return
    newer = case.findings.filter(discipline=discipline, id__gt=based_on).order_by("-id").first()
    if newer is not None:
        raise StaleForm(
            _(
                "%(person)s recorded findings for this discipline at %(time)s, after you opened this form. Nothing was "
                "stored. Your entries are still here: look at what is new, then record again."
            )
            % {"person": newer.recorded_by, "time": timezone.localtime(newer.recorded_at).strftime("%H:%M")}
        )


class StatedOn(Protocol):
    """What makes one finding: what was stated of one day, and the words of the report behind it."""

    on: date
    facts: dict
    quoted: Sequence[Mention]
    impression: str


@dataclass(frozen=True)
class _OneDay:
    on: date
    facts: dict
    quoted: Sequence[Mention] = ()
    impression: str = ""


def record_finding(
    *,
    case: Case,
    by: User,
    discipline: str,
    facts: dict,
    examined_on: date,
    report_text: str = "",
    impression: str = "",
    based_on: int | None = None,
    origin: str = Finding.Origin.FORM,
    restaging: Restaging | None = None,
    quoted: Sequence[Mention] = (),
) -> Finding:
    """Store what a discipline states of one day, then make the new proposal; as record_findings."""
    day = _OneDay(examined_on, facts, quoted, impression)
    return record_findings(
        case=case,
        by=by,
        discipline=discipline,
        days=[day],
        report_text=report_text,
        based_on=based_on,
        origin=origin,
        restaging=restaging,
    )[0]


@transaction.atomic
def record_findings(
    *,
    case: Case,
    by: User,
    discipline: str,
    days: Sequence[StatedOn],
    report_text: str = "",
    based_on: int | None = None,
    origin: str = Finding.Origin.FORM,
    restaging: Restaging | None = None,
) -> list[Finding]:
    """Store what a discipline states, a finding for each day, then make the new proposal. All of it, or nothing.

    A day's `facts` hold only what was stated (classification.facts), its `quoted` the words of the report behind them;
    the report is kept with each finding. `restaging`: at which it was found; None: at the first staging. `based_on` is
    the newest finding of the discipline when the form was opened: StaleForm if there is a newer one.
    Raises classification.FactError on invalid facts, ActionError for an empty finding or a closed case.
    """
    for each in days:
        check_facts(case.pathway, each.facts)
        _check_phase(case, each.facts, restaging)
    case = lock_open_case(case)
    if any(not each.facts and not report_text.strip() and not each.impression.strip() for each in days):
        raise ActionError(_("Nothing was entered: give at least one fact, the report or an impression."))
    _refuse_if_newer(case, discipline, based_on)
    findings = []
    for each in days:
        finding = Finding.objects.create(
            case=case,
            discipline=discipline,
            facts=each.facts,
            report_text=report_text,
            impression=each.impression,
            examined_on=each.on,
            recorded_by=by,
            origin=origin,
            restaging=restaging,
        )
        _quote(finding, each.quoted)
        record(
            Kind.FINDING_RECORDED,
            by=by,
            case=case,
            subject=finding,
            discipline=discipline,
            facts=sorted(each.facts),
            **_phase_of(finding),
        )
        findings.append(finding)
    FindingDraft.objects.filter(case=case, author=by, discipline=discipline, corrects=None).delete()
    propose(case=case, by=by)
    return findings


def _quote(finding: Finding, quoted: Sequence[Mention]) -> None:
    """Keep the words behind each fact that was taken over. ValueError where they are not in this finding."""
    for mention in quoted:
        for start, end in mention.spans:
            if mention.fact not in finding.facts or not 0 <= start < end <= len(finding.report_text):
                raise ValueError(f"{mention.fact}: words {start} to {end} are not of this finding")
    Quotation.objects.bulk_create(
        Quotation(
            finding=finding,
            fact=mention.fact,
            value=mention.value,
            start=start,
            end=end,
            pattern=mention.pattern,
        )
        for mention in quoted
        for start, end in mention.spans
    )


def _phase_of(finding: Finding) -> dict[str, int]:
    """For the log: the number of the restaging, nothing for the first staging."""
    return {"restaging": finding.restaging.number} if finding.restaging else {}


@transaction.atomic
def correct_finding(
    *,
    finding: Finding,
    by: User,
    facts: dict,
    examined_on: date,
    reason: str,
    report_text: str = "",
    impression: str = "",
    restaging: Restaging | object | None = AS_BEFORE,
    quoted: Sequence[Mention] = (),
) -> Finding:
    """A new row that supersedes an earlier finding; the earlier one stays readable. A reason is required.

    `restaging` as in record_finding: a correction may move a finding to where it belongs; as before if not given.
    Raises StaleForm if somebody corrected the same finding first.
    """
    if restaging is AS_BEFORE:
        restaging = finding.restaging
    check_facts(finding.case.pathway, facts)
    _check_phase(finding.case, facts, restaging)
    case = lock_open_case(finding.case)
    if not reason.strip():
        raise ActionError(_("Say why the earlier finding is corrected."))
    if Finding.objects.filter(supersedes=finding).exists():
        raise StaleForm(_("This finding was corrected in the meantime. Nothing was stored; open the newer one."))
    correction = Finding.objects.create(
        case=case,
        discipline=finding.discipline,
        facts=facts,
        report_text=report_text,
        impression=impression,
        examined_on=examined_on,
        recorded_by=by,
        supersedes=finding,
        correction_reason=reason.strip(),
        restaging=restaging,
    )
    _quote(correction, quoted)
    FindingDraft.objects.filter(author=by, corrects=finding).delete()
    record(
        Kind.FINDING_CORRECTED,
        by=by,
        case=case,
        subject=correction,
        supersedes=finding.pk,
        reason=reason.strip(),
        facts=sorted(facts),
        **_phase_of(correction),
    )
    propose(case=case, by=by)
    return correction


@transaction.atomic
def confirm_assumption(*, case: Case, by: User, fact: str, discipline: str, shown: Proposal) -> Finding:
    """The owner of a fact confirms with one click what the provisional type assumed.

    `shown` is the proposal on which the button stood: StaleForm if the fact is stated by now. Raises ActionError where
    that proposal does not rest on such an assumption.
    """
    case = lock_open_case(case)
    assumption = assumption_of(case.pathway, fact)
    assumed = shown.main_system["provisional"]["assumptions"]
    if assumption is None or fact not in {entry["fact"] for entry in assumed}:
        raise ActionError(_("The proposal does not rest on an assumption about this fact. Nothing was stored."))
    if fact in case.latest_proposal.facts:
        raise StaleForm(_("Somebody stated this fact in the meantime; nothing was stored."))
    finding = Finding.objects.create(
        case=case,
        discipline=discipline,
        facts={fact: assumption.value},
        examined_on=timezone.localdate(),
        recorded_by=by,
        origin=Finding.Origin.CONFIRMATION,
    )
    record(Kind.ASSUMPTION_CONFIRMED, by=by, case=case, subject=finding, fact=fact, value=assumption.value)
    propose(case=case, by=by)
    return finding


def draft_of(person: User, case: Case, discipline: str, corrects: Finding | None) -> FindingDraft | None:
    """What this person typed into this form and has not recorded."""
    return FindingDraft.objects.filter(case=case, author=person, discipline=discipline, corrects=corrects).first()


@transaction.atomic
def save_draft(
    *,
    case: Case,
    by: User,
    discipline: str,
    entries: dict[str, list[str]],
    corrects: Finding | None = None,
    based_on: int | None = None,
) -> FindingDraft | None:
    """Keep what was typed so far, right or wrong. One draft per person and discipline, or per corrected finding.

    `based_on` as in record_finding. None where nothing is typed and there is no draft. Raises ActionError where the
    text is too long, or where the same person recorded this form since: a late request must not revive its draft;
    Restricted where the patient's data may only be stored since.
    """
    length = sum(len(value) for values in entries.values() for value in values)
    if length > DRAFT_LIMIT:
        raise ActionError(_("Draft not saved: %(length)s characters are too many to keep.") % {"length": f"{length:,}"})
    case = lock_unrestricted_case(case)
    if _is_recorded_since(case, by, discipline, corrects, based_on):
        raise ActionError(_("Draft not saved: you recorded these findings since this page was opened."))
    if based_on is None:
        based_on = newest_finding_id(case, discipline)
    if not set(entries) - {"examined_on", "restaging"} and draft_of(by, case, discipline, corrects) is None:
        return None
    draft, is_new = FindingDraft.objects.get_or_create(
        case=case,
        author=by,
        discipline=discipline,
        corrects=corrects,
        defaults={"entries": entries, "based_on": based_on},
    )
    if is_new:
        record(Kind.DRAFT_SAVED, by=by, case=case, subject=draft, discipline=discipline)
    else:
        draft.entries, draft.based_on = entries, max(draft.based_on, based_on)
        draft.save(update_fields=["entries", "based_on", "saved_at"])
    return draft


def _is_recorded_since(case: Case, by: User, discipline: str, corrects: Finding | None, based_on: int | None) -> bool:
    if corrects is not None:
        return Finding.objects.filter(supersedes=corrects).exists()
    if based_on is None:
        return False
    own = case.findings.filter(discipline=discipline, recorded_by=by, supersedes=None, origin=Finding.Origin.FORM)
    return own.filter(pk__gt=based_on).exists()


@transaction.atomic
def discard_draft(*, draft: FindingDraft, by: User) -> None:
    """Throw a draft away, on its author's word."""
    record(Kind.DRAFT_DISCARDED, by=by, case=draft.case, subject=draft, discipline=draft.discipline)
    draft.delete()
