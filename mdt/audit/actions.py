"""Reading the event log is logged too: who looked, exported, or checked the chain."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cases.actions import open_case
from cases.models import Case
from mdt.audit.verdicts import faults_in_words
from mdt.events import chain, verification
from mdt.events.actions import sign_end
from mdt.events.kinds import Kind
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.people.models import Role, Team, User

_CHECKPOINT_MEANS = gettext_lazy(
    "Keep this message. Should anybody cut off or rewrite the event log, this line proves it:\n\n%(line)s\n\n"
    "Whoever runs the installation checks it with: manage.py verify --checkpoints FILE"
)


@transaction.atomic
def open_log(*, by: User, teams: Iterable[Team]) -> None:
    """Log that a person began to read the log: one line in the log of each team that they read."""
    for team in teams:
        chain.record(Kind.EVENTS_VIEWED, by=by, team=team)


@transaction.atomic
def open_case_log(*, case: Case, by: User) -> None:
    """Log that a person read the log of one case."""
    chain.record(Kind.EVENTS_VIEWED, by=by, case=case, subject=case)


@transaction.atomic
def export_log(*, by: User, teams: Iterable[Team], filters: dict) -> None:
    """Log that a person took a copy of the log away, and of which part."""
    for team in teams:
        chain.record(Kind.EVENTS_EXPORTED, by=by, team=team, filters=filters)


def verify_log(*, by: User | None) -> verification.Verdict:
    """Check the whole chain and every row, and log the result. The chain is one for all teams: the line belongs to
    none. What is read is read in one snapshot, so that nobody's work waits for it."""
    verdict = verification.verify()
    note_verdict(verdict=verdict, by=by)
    return verdict


@transaction.atomic
def open_cases(*, cases: Iterable[Case], by: User) -> None:
    """Log that a person looked at these cases in a list of the audit: each one was opened, as by its own page."""
    for case in cases:
        open_case(case=case, by=by, page="audit")


@transaction.atomic
def export_table(*, key: str, by: User, teams: Iterable[Team], filters: str) -> None:
    """Log that a person took a table of the audit away: which, and how it was filtered."""
    for team in teams:
        chain.record(Kind.AUDIT_EXPORTED, by=by, team=team, table=key, filters=filters)


@transaction.atomic
def note_verdict(*, verdict: verification.Verdict, by: User | None) -> None:
    """Log what a check found."""
    chain.record(
        Kind.EVENTS_VERIFIED,
        by=by,
        checked=verdict.checked,
        broken_at=verdict.broken_at,
        rows=verdict.rows_checked,
        faults=[str(fault) for fault in verdict.faults[:20]] + list(verdict.checkpoint_faults[:20]),
    )


@transaction.atomic
def note_daily_check(*, verdict: verification.Verdict) -> None:
    """Log what the check found, sign where the log ends, and send that line to every auditor: it proves something only
    where the installation cannot rewrite it. What does not fit is said in the same message, which nobody can mute."""
    note_verdict(verdict=verdict, by=None)
    signed = sign_end()
    for person in User.objects.filter(memberships__role=Role.AUDITOR, is_active=True).distinct().order_by("pk"):
        with override(language.of(person)):
            faults = list(faults_in_words(verdict))
            post(
                key=f"checkpoint:{signed.number}:{signed.signature[:16]}:{person.pk}",
                kind=MessageKind.NOTICE if faults else MessageKind.CHECKPOINT,
                to=person,
                subject=_("The event log does not fit") if faults else _("Signed end of the event log"),
                body="\n\n".join([*faults, _CHECKPOINT_MEANS % {"line": signed}]),
            )
