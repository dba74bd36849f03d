"""One patient's course as the record holds it: what stands, until when they were seen, what contradicts itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.functional import cached_property

from cases.models import Case
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.outcomes.contradictions import Contradiction, contradictions
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.models import Told

KINDS = FollowUpEvent.Kind
BEST_FIRST = ("complete", "partial", "stable", "progression", "not_evaluable")


@dataclass
class Course:
    """`events`: what stands. `began`, `told`: days from reports on decisions, and on which the patient was told.

    Several days of one kind are kept apart: nothing here chooses between sources but by the rule that each method says.
    """

    events: Sequence[FollowUpEvent] = ()
    began: Sequence[date] = ()
    told: Sequence[date] = ()
    _kinds: dict[str, list[FollowUpEvent]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for event in self.events:
            self._kinds.setdefault(event.kind, []).append(event)

    def with_event(self, event: FollowUpEvent) -> "Course":
        """The course if this event were kept too, in place of what it supersedes."""
        others = [each for each in self.events if each.pk != event.supersedes_id]
        return replace(self, events=[*others, event])

    @cached_property
    def contradictions(self) -> list[Contradiction]:
        return list(contradictions(self.events, began=self.began, told=self.told))

    @property
    def died_on(self) -> date | None:
        return next((event.happened_on for event in self._kinds.get(KINDS.DEATH, ())), None)

    @property
    def last_seen_on(self) -> date | None:
        """The last day on which the patient is known to have lived: any event but death, treatment begun, told."""
        days = [event.happened_on for event in self.events if event.kind != KINDS.DEATH]
        return max([*days, *self.began, *self.told], default=None)

    def treated_from(self, day: date) -> date | None:
        """The first treatment or resection on or after a day; None: nobody reported any."""
        of_both = [*self._kinds.get(KINDS.TREATMENT, ()), *self._kinds.get(KINDS.RESECTION, ())]
        return min((event.happened_on for event in of_both if event.happened_on >= day), default=None)

    def first(self, kind: str, since: date) -> FollowUpEvent | None:
        """The first event of a kind on or after a day."""
        return next((event for event in sorted(self._since(kind, since), key=lambda each: each.happened_on)), None)

    def best_response(self, since: date) -> str:
        """The best response that was reported on or after a day; empty: none was."""
        found = {event.value for event in self._since(KINDS.RESPONSE, since)}
        return next((value for value in BEST_FIRST if value in found), "")

    def _since(self, kind: str, day: date) -> list[FollowUpEvent]:
        return [event for event in self._kinds.get(kind, ()) if event.happened_on >= day]


def course_of(case: Case) -> Course:
    return courses_of([case.pk]).get(case.pk) or Course()


def courses_of(cases: Iterable[int]) -> dict[int, Course]:
    """Case id → its course. Three queries, however many cases; a case of which nothing is known is not there."""
    ids = list(cases)
    events: dict[int, list[FollowUpEvent]] = {}
    for event in FollowUpEvent.objects.standing().filter(case__in=ids).order_by("happened_on", "id"):
        events.setdefault(event.case_id, []).append(event)
    began = _began(ids)
    told: dict[int, list[date]] = {}
    rows = Told.objects.filter(decision__case__in=ids, whom=Told.Whom.PATIENT).order_by("told_on", "id")
    for case_id, told_on in rows.values_list("decision__case", "told_on"):
        told.setdefault(case_id, []).append(told_on)
    known = {*events, *began, *told}
    return {pk: Course(events.get(pk, []), began.get(pk, []), told.get(pk, [])) for pk in known}


def _began(ids: list[int]) -> dict[int, list[date]]:
    """Days on which treatment began, by the newest report on each decision."""
    rows = ImplementationReport.objects.filter(decision__case__in=ids).order_by("-id")
    found: dict[int, list[date]] = {}
    seen: set[int] = set()
    for case_id, item_id, day in rows.values_list("decision__case", "decision__agenda_item", "treatment_started_on"):
        if item_id not in seen and day is not None:
            found.setdefault(case_id, []).append(day)
        seen.add(item_id)
    return found
