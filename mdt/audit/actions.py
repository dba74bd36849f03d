"""Reading the event log is logged too: who looked, exported, or checked the chain."""

from collections.abc import Iterable

from django.db import transaction

from cases.actions import open_case
from cases.models import Case
from mdt.events import chain
from mdt.events.kinds import Kind
from mdt.people.models import Team, User


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


@transaction.atomic
def verify_log(*, by: User) -> chain.Verdict:
    """Check the whole chain, and log the result. The chain is one for all teams, so the line belongs to none."""
    verdict = chain.verify()
    chain.record(Kind.EVENTS_VERIFIED, by=by, checked=verdict.checked, broken_at=verdict.broken_at)
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
