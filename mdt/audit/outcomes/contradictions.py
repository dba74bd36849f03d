"""What cannot both be true of one patient's course. Both stay, until somebody corrects one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from mdt.audit.outcomes.models import FollowUpEvent
from mdt.people.templatetags.looks import day

BEGAN, TOLD = "began", "told"
"""Days that the record holds elsewhere: treatment began, by a report on the decision; the patient was told."""


@dataclass(frozen=True)
class Contradiction:
    """`what` happened on a day that does not fit `other`. Both: kinds of follow-up events, or BEGAN or TOLD."""

    what: str
    on: date
    other: str
    other_on: date

    @property
    def words(self) -> str:
        named = {"day": day(self.on), "other": day(self.other_on)}
        if self.what == self.other:
            named["what"] = str(FollowUpEvent.Kind(self.what).label)
            return _("“%(what)s” on %(day)s is reported twice, and not alike.") % named
        if self.other == FollowUpEvent.Kind.RESECTION:
            return _("The recurrence on %(day)s lies before the resection on %(other)s.") % named
        if self.what == BEGAN:
            return _("A report says that treatment began on %(day)s, after the death on %(other)s.") % named
        if self.what == TOLD:
            return _("It is noted that the patient was told on %(day)s, after the death on %(other)s.") % named
        named["what"] = str(FollowUpEvent.Kind(self.what).label)
        return _("“%(what)s” on %(day)s lies after the death on %(other)s.") % named


def contradictions(
    events: Iterable[FollowUpEvent], *, began: Iterable[date] = (), told: Iterable[date] = ()
) -> Iterator[Contradiction]:
    """Over what stands of one case: after the death, a recurrence before the first resection, two values of one day."""
    events = list(events)
    kinds = FollowUpEvent.Kind
    alive = [(event.kind, event.happened_on) for event in events if event.kind != kinds.DEATH]
    alive += [(BEGAN, on) for on in began] + [(TOLD, on) for on in told]
    for death in (event.happened_on for event in events if event.kind == kinds.DEATH):
        yield from (Contradiction(what, on, kinds.DEATH, death) for what, on in alive if on > death)
    first = min((event.happened_on for event in events if event.kind == kinds.RESECTION), default=None)
    for event in events:
        if event.kind == kinds.RECURRENCE and first is not None and event.happened_on < first:
            yield Contradiction(event.kind, event.happened_on, kinds.RESECTION, first)
    said: dict[tuple[str, date], str] = {}
    for event in events:
        if event.kind in FollowUpEvent.NEEDS_VALUE:
            first_value = said.setdefault((event.kind, event.happened_on), event.value)
            if event.value != first_value:
                yield Contradiction(event.kind, event.happened_on, event.kind, event.happened_on)
