"""How a case stands between the lanes: the triagers that count now, and what may be done next."""

from collections.abc import Iterable
from dataclasses import dataclass

from mdt.meetings.models import AgendaItem, LaneStep

NEEDED = 2  # triagers: two clinicians, two people


def steps_of(item: AgendaItem) -> list[LaneStep]:
    """The steps of a case, those of the meeting included from which it moved on without being discussed."""
    earlier = getattr(item, "moved_from", None)
    return [*(steps_of(earlier) if earlier is not None else ()), *item.lane_steps.all()]


def marks_now(steps: Iterable[LaneStep]) -> list[LaneStep]:
    """The triages that count: those after the last pulling back, unless that was undone."""
    marks: list[LaneStep] = []
    before: list[LaneStep] = []
    for step in steps:
        if step.what == LaneStep.What.TRIAGED:
            marks.append(step)
        elif step.what == LaneStep.What.PULLED_BACK:
            before, marks = marks, []
        else:
            marks = before
    return marks


def pulled_back(steps: Iterable[LaneStep]) -> LaneStep | None:
    """The pulling back that holds; None where nobody pulled the case back, or it was undone or triaged anew."""
    newest = None
    for step in steps:
        newest = step if step.what == LaneStep.What.PULLED_BACK else None
    return newest


@dataclass(frozen=True)
class LaneCounts:
    """The figures of one meeting: cases in each lane, and how many of those triaged were pulled back."""

    discuss: int
    standard_of_care: int
    pulled_back: int

    @property
    def percent_pulled_back(self) -> int | None:
        """Of all cases that were ever in the lane at this meeting; None where none was."""
        ever = self.standard_of_care + self.pulled_back
        return round(100 * self.pulled_back / ever) if ever else None


def counts_of(items: Iterable[AgendaItem]) -> LaneCounts:
    """Items with their `lane_steps` loaded."""
    items = list(items)
    in_lane = sum(item.lane == AgendaItem.Lane.STANDARD_OF_CARE for item in items)
    back = sum(_was_in_lane(item) for item in items if item.lane == AgendaItem.Lane.DISCUSS)
    return LaneCounts(len(items) - in_lane, in_lane, back)


def _was_in_lane(item: AgendaItem) -> bool:
    return any(step.what == LaneStep.What.PULLED_BACK for step in item.lane_steps.all())
