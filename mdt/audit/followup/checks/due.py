"""Which released decisions nobody has answered for yet, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from cases.models import Case
from mdt.audit.followup.models import ImplementationReport
from mdt.meetings.models import Decision, Release
from mdt.meetings.outcome.working_days import day_of, today_of

DUE_AFTER, OVERDUE_AFTER = 14, 30
"""Days after the release: half of all treatments have begun by the sixteenth to twenty-fourth (docs/audit.md)."""
STEPS = (DUE_AFTER, OVERDUE_AFTER)


@dataclass(frozen=True)
class Standing:
    """A released decision that waits for an answer, and for how many days since its release."""

    decision: Decision
    released_on: date
    days: int

    @property
    def is_overdue(self) -> bool:
        return self.days >= OVERDUE_AFTER

    @property
    def is_due(self) -> bool:
        return self.days >= DUE_AFTER

    @property
    def due_on(self) -> date:
        return self.released_on + timedelta(days=DUE_AFTER)

    @property
    def is_pending(self) -> bool:
        """Somebody has said that nothing has begun yet."""
        return self.decision.newest_status == ImplementationReport.Status.PENDING

    @property
    def reported_version(self) -> int | None:
        """The version that the newest report spoke of, where a newer one was released since."""
        version = self.decision.newest_version
        return version if version is not None and version < self.decision.version else None


def unanswered() -> QuerySet[Decision]:
    """Newest released version of each decision, but deferrals, of which no report says what became of it.

    "Not begun yet" is no answer; nor is what was said of an earlier version before this one was released.
    """
    newest = ImplementationReport.objects.filter(decision__agenda_item=OuterRef("agenda_item")).order_by("-id")
    newer = Release.objects.filter(
        decision__agenda_item=OuterRef("agenda_item"), decision__version__gt=OuterRef("version")
    )
    of_this_version = Q(newest_version__gte=F("version")) | Q(newest_at__gte=F("release__released_at"))
    return (
        Decision.objects.filter(release__isnull=False)
        .exclude(verdict=Decision.Verdict.DEFERRED)
        .exclude(case__in=Case.objects.restricted())
        .filter(~Exists(newer))
        .annotate(
            newest_status=Subquery(newest.values("status")[:1]),
            newest_version=Subquery(newest.values("decision__version")[:1]),
            newest_at=Subquery(newest.values("reported_at")[:1]),
        )
        .exclude(Q(newest_status__isnull=False) & ~Q(newest_status="pending") & of_this_version)
    )


def standing_of(decision: Decision) -> Standing | None:
    """How one released decision stands; None where it is answered or replaced by a newer release."""
    found = with_parts(unanswered().filter(pk=decision.pk)).first()
    return None if found is None else as_standing(found)


def with_parts(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    return rows.select_related("case__patient", "case__team", "meeting__team", "responsible", "release", "sign_off")


def as_standing(decision: Decision) -> Standing:
    team = decision.case.team
    released_on = day_of(decision.release.released_at, team)
    return Standing(decision, released_on, (today_of(team) - released_on).days)


def standings(rows: Iterable[Decision]) -> list[Standing]:
    return [as_standing(row) for row in rows]
