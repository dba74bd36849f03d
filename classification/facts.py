"""The vocabulary: what can be stated about a case, and how surely.

A fact stands in one of five ways: known, one of several values, within a range, unknown, or not applicable.
Unknown is never the same as "no". Facts and their values are data (``rules/<pathway>/facts.toml``); this
module reads stated JSON values into ``Standing`` objects, or refuses them with a ``FactError`` of one line.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from .standing import NOT_APPLICABLE as NOT_APPLICABLE
from .standing import UNKNOWN as UNKNOWN
from .standing import FactError as FactError
from .standing import Lesion as Lesion
from .standing import Site as Site
from .standing import Standing as Standing
from .standing import Text as Text
from .standing import known as known

LANGUAGES = ("en", "zh-hans")
PRESENCE = frozenset(
    {
        "bulky_n2",
        "liver_major_vessel_or_duct_involved",
        "liver_diffuse",
        "ascites",
        "portal_hypertension",
        "cirrhosis",
    }
)
"""Facts that ask whether something is there: 腹水：无, not 否. Told here and not in the files, whose digest is that of
the rules by which stored proposals were made."""
DISCIPLINES = (
    "surgery",
    "hepatobiliary",
    "oncology",
    "radiology",
    "pathology",
    "endoscopy",
    "interventional",
    "nursing",
    "coordination",
)
TYPES = ("choice", "yes_no", "integer", "number", "date", "set", "lesions", "sites", "text")
SEGMENTS = ("1", "2", "3", "4a", "4b", "4", "5", "6", "7", "8")
INFINITY = math.inf
TEXT_LIMIT = 4000
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # JSON can write them; neither UTF-8 nor every database can
EARLIEST = dt.date(1900, 1, 1)
NO_TEXT = Text("", "")


@dataclass(frozen=True, eq=False)
class Fact:
    """One entry of the vocabulary: type, values, limits, owner and texts in both languages."""

    name: str
    type: str
    values: tuple[str, ...] = ()
    value_labels: Mapping[str, Text] = field(default_factory=dict)
    covers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown_values: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    group: str = ""
    labels: Text = NO_TEXT
    helps: Text = NO_TEXT
    units: Text | None = None
    min: float | None = None
    max: float | None = None
    above: float | None = None
    max_age_days: int | None = None
    may_not_apply: bool = False
    uncountable: bool = False
    derived_from: tuple[str, ...] = ()
    prevails: str = ""
    carries_over: bool = False
    """Whether what was stated before treatment still holds at restaging (histology does, the number of lesions not)."""
    counted: Text | None = None
    """What a lesion that counts is called in this pathway; without it, a metastasis."""
    record: str = ""
    """The item of the patient's record that it follows from: ``age_years``."""

    @property
    def owner(self) -> str:
        """The discipline that is asked for it."""
        return self.owners[0]

    @property
    def unit(self) -> str:
        return self.units.en if self.units else ""

    def unit_label(self, language: str = "en") -> str:
        return self.units(language) if self.units else ""

    def label(self, language: str = "en") -> str:
        return self.labels(language)

    def help(self, language: str = "en") -> str:
        return self.helps(language)

    def value_label(self, value: Any, language: str = "en") -> str:
        if isinstance(value, bool):
            chinese = ("无", "有") if self.name in PRESENCE else ("否", "是")
            return (("no", "yes") if language == "en" else chinese)[value]
        text = self.value_labels.get(value)
        return text(language) if text else str(value)

    @property
    def exact_values(self) -> tuple[str, ...]:
        """Values that stand for nothing but themselves, in order."""
        return tuple(v for v in self.values if v not in self.covers and v not in self.unknown_values)

    def exact(self, value: str) -> tuple[str, ...]:
        """The exact values that a stated value may stand for."""
        if value in self.unknown_values:
            return self.exact_values
        return self.covers.get(value, (value,))

    def allowed(self) -> str:
        """What may be stated, in one line."""
        if self.type == "choice":
            return "one of " + ", ".join(self.values)
        if self.type == "yes_no":
            return "true or false"
        if self.type == "set":
            return "a list of " + ", ".join(self.values) + "; [] if looked for and none"
        if self.type in ("integer", "number"):
            kind = "a whole number" if self.type == "integer" else "a number"
            low = f" above {self.above:g}" if self.above is not None else ""
            low = low or (f" from {self.min:g}" if self.min is not None else "")
            high = f" up to {self.max:.0f}" if self.max is not None else ""
            return f"{kind}{low}{high}{' ' + self.unit if self.unit else ''}"
        if self.type == "lesions":
            return "a list of lesions, each with segments, diameter_mm, nature, vessel_relation, vessel"
        if self.type == "sites":
            return "a list of sites, each with site (" + ", ".join(self.values) + "), count, laterality"
        return "a date as YYYY-MM-DD" if self.type == "date" else f"a text of up to {TEXT_LIMIT} characters"

    def refuse(self, stated: Any) -> FactError:
        shown = repr(stated)
        return FactError(self.name, f"{shown if len(shown) <= 60 else shown[:57] + '...'} is not allowed; "
                                    f"give {self.allowed()}")  # fmt: skip

    def parse(self, stated: Any, today: dt.date | None = None) -> Standing:
        """Read a JSON value. Raises ``FactError``; a date after ``today`` is refused if that is given."""
        if stated is None:
            return UNKNOWN
        if isinstance(stated, Mapping):
            return self._parse_partial(stated, today)
        return self._known(self._value(stated, today))

    def _known(self, value: Any) -> Standing:
        if self.type == "text" and not value:
            return UNKNOWN
        return Standing("known", value)

    def _parse_partial(self, stated: Mapping, today: dt.date | None) -> Standing:
        keys = set(stated)
        if keys == {"not_applicable"} and stated["not_applicable"] is True:
            return NOT_APPLICABLE
        if keys == {"one_of"} and self.type in ("choice", "yes_no", "integer", "number", "set", "date"):
            given = stated["one_of"]
            if not isinstance(given, list | tuple) or not given:
                raise FactError(self.name, f"one_of needs a list of values; each {self.allowed()}")
            values = tuple(dict.fromkeys(self._value(value, today) for value in given))
            return known(values[0]) if len(values) == 1 else Standing("one_of", values=values)
        if keys and keys <= {"at_least", "at_most"} and self.type in ("integer", "number", "date"):
            ends = {key: self._value(stated[key], today) for key in stated if stated[key] is not None}
            low, high = ends.get("at_least"), ends.get("at_most")
            if low is None and high is None:
                raise FactError(self.name, f"a range needs at_least or at_most; each {self.allowed()}")
            if low is not None and high is not None and low > high:
                raise FactError(self.name, f"at_least {low} is more than at_most {high}; give {self.allowed()}")
            return known(low) if low == high else Standing("range", low=low, high=high)
        raise self.refuse(dict(stated))

    def _value(self, stated: Any, today: dt.date | None) -> Any:
        if self.type == "choice":
            if isinstance(stated, str) and stated in self.values:
                return stated
        elif self.type == "yes_no":
            if isinstance(stated, bool):
                return stated
        elif self.type in ("integer", "number"):
            return self._number(stated)
        elif self.type == "set":
            if isinstance(stated, list | tuple | set | frozenset) and all(
                isinstance(item, str) and item in self.values for item in stated
            ):
                return tuple(value for value in self.values if value in stated)
        elif self.type == "date":
            return self._date(stated, today)
        elif self.type == "text":
            if isinstance(stated, str) and len(stated) <= TEXT_LIMIT and not UNSTORABLE.search(stated):
                return stated.strip()
        elif isinstance(stated, list | tuple):
            read = self.lesion if self.type == "lesions" else self._site
            return tuple(read(number, entry) for number, entry in enumerate(stated, 1))
        raise self.refuse(stated)

    def _number(self, stated: Any) -> int | float:
        if isinstance(stated, Decimal) and stated.is_finite():
            stated = float(stated)
        if isinstance(stated, bool) or not isinstance(stated, int | float) or not -1e300 < stated < 1e300:
            raise self.refuse(stated)
        if self.type == "integer":
            if stated != int(stated):
                raise self.refuse(stated)
            stated = int(stated)
        too_low = (self.min is not None and stated < self.min) or (self.above is not None and stated <= self.above)
        if too_low or (self.max is not None and stated > self.max):
            raise self.refuse(stated)
        return stated

    def _date(self, stated: Any, today: dt.date | None) -> dt.date:
        day = stated
        if isinstance(stated, str) and len(stated) == 10:
            try:
                day = dt.date.fromisoformat(stated)
            except ValueError:
                raise self.refuse(stated) from None
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime) or day < EARLIEST:
            raise self.refuse(stated)
        if today is not None and day > today:
            raise FactError(self.name, f"{day} lies in the future; give a date up to {today}")
        return day

    def _entry(self, number: int, entry: Any, parts: Mapping[str, Fact]) -> dict[str, Standing]:
        if not isinstance(entry, Mapping):
            raise self.refuse(entry)
        read = {}
        for key, value in entry.items():
            if key not in parts:
                raise FactError(self.name, f"entry {number}: {key!r} is not known; give {', '.join(parts)}")
            try:
                read[key] = parts[key].parse(value)
            except FactError as error:
                raise FactError(self.name, f"entry {number}: {error}") from None
        return read

    def lesion(self, number: int, entry: Any) -> Lesion:
        """One entry of a list of lesions. Raises ``FactError`` naming the entry by its number."""
        read = self._entry(number, entry, _LESION_PARTS)
        segments = read.pop("segments", UNKNOWN)
        return Lesion(segments=segments.value if segments.kind == "known" else (), **read)

    def _site(self, number: int, entry: Any) -> Site:
        parts = {"site": Fact("site", "choice", self.values), **_SITE_PARTS}
        read = self._entry(number, entry, parts)
        site = read.pop("site", UNKNOWN)
        if site.kind != "known":
            raise FactError(self.name, f"entry {number}: site is missing; give one of {', '.join(self.values)}")
        return Site(site=site.value, **read)


_LESION_PARTS = {
    "segments": Fact("segments", "set", SEGMENTS),
    "diameter_mm": Fact("diameter_mm", "number", above=0, max=400, units=Text("mm", "mm")),
    "nature": Fact("nature", "choice", ("metastasis", "indeterminate", "benign", "second_primary")),
    "vessel_relation": Fact("vessel_relation", "choice", ("clear", "abuts", "invades")),
    "vessel": Fact("vessel", "choice", ("portal_vein", "hepatic_vein", "ivc", "bile_duct")),
}
_SITE_PARTS = {
    "count": Fact("count", "integer", min=1, max=999),
    "laterality": Fact("laterality", "choice", ("left", "right", "both")),
}


def parse_facts(
    facts: Mapping[str, Any], vocabulary: Mapping[str, Fact], today: dt.date | None = None
) -> dict[str, Standing]:
    """Read a whole facts object; unknown standings are left out. Raises ``FactError`` on the first bad
    fact.
    """
    if not isinstance(facts, Mapping):
        raise FactError("facts", "give one JSON object of fact names and values")
    read = {}
    for name, stated in facts.items():
        fact = vocabulary.get(name)
        if fact is None:
            near = get_close_matches(str(name), vocabulary, 3) or list(vocabulary)
            raise FactError(str(name)[:60], f"is not a fact of this pathway; did you mean {', '.join(near)}")
        standing = fact.parse(stated, today)
        if standing.kind != "unknown":
            read[name] = standing
    return read


def facts_to_json(standings: Mapping[str, Standing]) -> dict[str, Any]:
    """The facts object that parses back to these standings."""
    return {name: standing.to_json() for name, standing in standings.items() if standing.is_stated}
