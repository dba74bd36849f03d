"""Taking decisions away for research is logged: by whom, of which teams and period, how many, and the file's digest."""

from collections.abc import Iterable

from django.db import transaction

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User


@transaction.atomic
def export_research(*, by: User, teams: Iterable[Team], filters: str, rows: int, small: int, digest: str) -> None:
    """One line in the log of each team."""
    for team in teams:
        record(Kind.RESEARCH_EXPORTED, by=by, team=team, filters=filters, rows=rows, small=small, digest=digest)
