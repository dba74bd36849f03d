"""What happens in the synthetic year, as a list of deeds in the order of their days; the same for the same last day."""

import math
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils import timezone

HERE = Path(__file__).parent
RATES: dict[str, Any] = tomllib.loads((HERE / "rates.toml").read_text(encoding="utf-8"))
TUESDAY = 1
YEAR_DAYS = 365.25
WAITS = {"decided": 0, "not_discussed": 1, "deferred": 2}  # meetings
LONGEST_WAIT = max(WAITS.values())


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did: the name of a method of mdt.demo.year.playing.Playing, and what it is told."""

    at: datetime
    name: str
    number: int
    said: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Fate:
    """Everything that chance decides of one case, in one draw: independent of how many other cases there are."""

    number: int
    first_meeting: int
    type: str
    is_complete: bool
    sitting: str  # "decided", "not_discussed" or "deferred" at the first meeting
    concordance: str
    implementation: str
    reason: str
    dies_after_days: int

    @property
    def decided_at(self) -> int:
        """The meeting that decides: a case that was not reached moves to the next, a deferred one waits longer."""
        return self.first_meeting + WAITS[self.sitting]


class Script:
    """The year that ends yesterday, seen from `today`. `weeks` below the usual: a shorter one, for tests."""

    def __init__(self, today: date, weeks: int | None = None):
        self.today = today
        self.weeks = weeks or RATES["weeks"]

    @cached_property
    def meetings(self) -> list[date]:
        """Their days, the last one in the week before today."""
        last = self.today - timedelta(days=1)
        last -= timedelta(days=(last.weekday() - TUESDAY) % 7)
        held = [last - timedelta(weeks=self.weeks - week) for week in range(1, self.weeks + 1)]
        return [
            day for week, day in enumerate(held, 1) if week not in RATES["no_meeting"] or self.weeks < RATES["weeks"]
        ]

    @cached_property
    def fates(self) -> list[Fate]:
        sizes = random.Random(RATES["seed"])
        found: list[Fate] = []
        for meeting, _day in enumerate(self.meetings):
            is_near_end = meeting + LONGEST_WAIT >= len(self.meetings)
            for _case in range(sizes.choice(RATES["cases_a_meeting"])):
                found.append(_fate(len(found) + 1, meeting, is_near_end=is_near_end))
        return found

    def fate(self, number: int) -> Fate:
        return self.fates[number - 1]

    @cached_property
    def deeds(self) -> list[Deed]:
        """All until yesterday, in order; the last one opens the year to the demonstration's people."""
        end = self.moment(self.today, time(0))
        found = [deed for deed in self._all() if deed.at < end]
        found.sort(key=lambda deed: (deed.at, deed.name, deed.number))
        return [*found, Deed(end - timedelta(minutes=1), "open", 0)]

    def _all(self) -> Iterator[Deed]:
        yield Deed(self.moment(self.meetings[0] - timedelta(days=40), time(8)), "begin", 0)
        for number, day in enumerate(self.meetings):
            yield Deed(self.moment(day - timedelta(days=21), time(8, 30)), "plan", number, {"day": day})
            yield Deed(self.moment(day, time(14)), "hold", number)
        for fate in self.fates:
            yield from self._before(fate)
            yield from self._after(fate, self.meetings[fate.decided_at])

    def _before(self, fate: Fate) -> Iterator[Deed]:
        draw, day = _draw_of(fate, "before"), self.meetings[fate.first_meeting]
        referred = day - timedelta(days=draw.randint(6, 15))
        yield Deed(self.moment(referred, time(9)), "refer", fate.number)
        for hour, discipline in enumerate(("radiology", "surgery", "pathology", "oncology"), 10):
            found = min(referred + timedelta(days=draw.randint(0, 4)), day - timedelta(days=3))
            yield Deed(self.moment(found, time(hour)), "find", fate.number, {"discipline": discipline})
        is_late = draw.random() < RATES["preparation"]["late"]
        listed = day - timedelta(days=1 if is_late else 3)
        yield Deed(self.moment(listed, time(15)), "enlist", fate.number, {"meeting": fate.first_meeting})
        if fate.sitting == "deferred":
            again = self.meetings[fate.decided_at] - timedelta(days=4)
            yield Deed(self.moment(again, time(15)), "enlist", fate.number, {"meeting": fate.decided_at})

    def _after(self, fate: Fate, day: date) -> Iterator[Deed]:
        """Signed, told, reported, followed, closed."""
        draw, number = _draw_of(fate, "after"), fate.number
        death = day + timedelta(days=fate.dies_after_days)
        signed = day
        if draw.random() < RATES["preparation"]["signed_later"]:
            signed = day + timedelta(days=draw.randint(1, 5))
            yield Deed(self.moment(signed, time(9, 5)), "sign", number)
        told = signed + timedelta(days=draw.randint(0, 5))
        if told < death:
            yield Deed(self.moment(told, time(16)), "tell", number)
        for version in range(2 if number % 60 == 20 else 1 if draw.random() < RATES["decision"]["amended"] else 0):
            yield Deed(self.moment(signed + timedelta(days=version + 1), time(17)), "amend", number)
        status, began, reported = self._carried_out(fate, signed, death)
        if status != "unknown":
            said = {"status": status, "began": began}
            yield Deed(self.moment(reported, time(11)), "report", number, said)
        yield from self._course(fate, day, began if status in ("full", "partial", "different") else None, death)
        yield Deed(self.moment(signed + timedelta(days=10), time(12)), "close", number)

    def _carried_out(self, fate: Fate, signed: date, death: date) -> tuple[str, date | None, date]:
        """What became of the decision, when treatment began, and when somebody said so."""
        changed = fate.implementation in ("partial", "different")
        median = RATES["treatment"]["median_days"] * (RATES["treatment"]["changed_factor"] if changed else 1)
        draw = _draw_of(fate, "carried out")
        waits = max(2, round(draw.lognormvariate(math.log(median), 0.4)))
        began = signed + timedelta(days=waits)
        reported = max(began, signed + timedelta(days=12)) + timedelta(days=draw.randint(1, 12))
        if fate.implementation in ("full", "partial", "different"):
            if death <= began:
                return "not_done", None, death + timedelta(days=draw.randint(2, 12))
            return fate.implementation, began, reported
        return fate.implementation, None, reported

    def _course(self, fate: Fate, day: date, began: date | None, death: date) -> Iterator[Deed]:
        """Response, resection, recurrence, visits and death, each reported some days later; none after the death."""
        rates, draw = RATES["treatment"], _draw_of(fate, "course")
        events: list[tuple[date, str, str]] = []
        resected = None
        if began is not None:
            is_surgery = fate.type == "I" and draw.random() < 0.5
            events.append((began, "treatment", "surgery" if is_surgery else "systemic"))
            if is_surgery:
                resected, share = began, rates["r0_resected"]
            else:
                answers = draw.random() < rates["response"]
                value = draw.choice(["partial"] * 7 + ["complete"] if answers else ["stable", "stable", "progression"])
                events.append((began + timedelta(days=draw.randint(55, 80)), "response", value))
                if fate.type == "I" or (fate.type == "II" and draw.random() < rates["converted"]):
                    resected = began + timedelta(days=draw.randint(85, 150))
                    share = rates["r0_resected" if fate.type == "I" else "r0_converted"]
            if resected is not None and resected < death:
                events.append((resected, "resection", "R0" if draw.random() < share else "R1"))
                if draw.random() < rates["recurred"]:
                    place = draw.choice(["liver", "liver", "peritoneum", "nodes", "several"])
                    events.append((resected + timedelta(days=draw.randint(50, 240)), "recurrence", place))
        if fate.implementation != "lost":
            events += [(day + timedelta(days=n), "seen", "") for n in (35, 90, 150, 210, 270, 330)]
        events = [event for event in events if event[0] < death]
        if fate.implementation != "lost":
            events.append((death, "death", draw.choice(["disease"] * 9 + ["other"])))
        for on, kind, value in events:
            said = {"kind": kind, "on": on, "value": value}
            yield Deed(self.moment(on + timedelta(days=draw.randint(1, 6)), time(13)), "follow", fate.number, said)

    @staticmethod
    def moment(day: date, at: time) -> datetime:
        return timezone.make_aware(datetime.combine(day, at))


def _draw_of(fate: Fate, what: str) -> random.Random:
    """Chance for one part of one case: the same whenever it is asked."""
    return random.Random(f"{RATES['seed']}/{fate.number}/{what}")


def _fate(number: int, meeting: int, *, is_near_end: bool) -> Fate:
    """`is_near_end`: whoever is listed for one of the last meetings is decided there, so that nothing is left open."""
    draw = random.Random(f"{RATES['seed']}/{number}")
    type_ = _one_of(draw, RATES["types"])
    preparation, decision = RATES["preparation"], RATES["decision"]
    is_complete = draw.random() < preparation["data_complete"]
    ways = {"not_discussed": preparation["not_discussed"], "deferred": preparation["deferred"]}
    concordances = {name: decision[name] for name in ("conditional", "other_category", "other_option")}
    alive = RATES["alive_after_a_year"][type_]
    years = math.log(1 - draw.random()) / math.log(alive)
    return Fate(
        number=number,
        first_meeting=meeting,
        type=type_,
        is_complete=is_complete,
        sitting="decided" if (way := _one_of(draw, ways, otherwise="decided")) and is_near_end else way,
        concordance=_one_of(draw, concordances, otherwise="concordant"),
        implementation=_one_of(draw, RATES["implementation"]),
        reason=_one_of(draw, RATES["reasons"], otherwise="other"),
        dies_after_days=max(3, round(years * YEAR_DAYS)),
    )


def _one_of(draw: random.Random, shares: dict[str, float], otherwise: str = "") -> str:
    """One of the names, by their shares; what they leave over goes to `otherwise`, else to the last."""
    point = draw.random()
    for name, share in shares.items():
        point -= share
        if point < 0:
            return name
    return otherwise or name
