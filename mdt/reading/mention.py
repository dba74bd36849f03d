"""What a pattern found: a fact, its value, and where in the report it stands."""

from dataclasses import dataclass, replace
from typing import Any

from mdt.reading.parts import NOWHERE, Part

STATED = "stated"
UNCERTAIN = "uncertain"
"""The report itself is not sure. Shown with its words; nobody can take it over with a click."""
EARLIER = "earlier"
"""How it was before: "was 35 mm, now 20 mm". Shown with its words; not for this examination."""

PARTS = {"liver_lesions", "distant_sites", "nodes_beyond_d2", "conditions", "symptoms"}
"""Facts of several parts. A mention holds one part; an empty list says that it was looked for and there is none."""


@dataclass(frozen=True)
class Mention:
    """`start` and `end` count characters of the report as it was pasted. `value` is JSON of the vocabulary, but of a
    fact in `PARTS` one part: a lesion, a site, a station. `disagrees`: another sentence of the report says otherwise.
    `repeats`: a lesion of which another sentence may speak as well, with no less detail. `of`: the part of the text in
    which it stands, with its day; of no day where such a part cannot tell the fact. `concludes`: it stands in the
    conclusion of its examination. `also`: other words that it rests on, as places like `start` and `end`.
    """

    start: int
    end: int
    fact: str
    value: Any
    certainty: str
    pattern: str
    disagrees: bool = False
    repeats: bool = False
    of: Part = NOWHERE
    concludes: bool = False
    also: tuple[tuple[int, int], ...] = ()

    @property
    def whole(self) -> Any:
        """The value as the vocabulary has it: a part in a list of its own."""
        return [self.value] if self.fact in PARTS and self.value != [] else self.value

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The places of all words that it rests on."""
        return (self.start, self.end), *self.also

    def moved(self, start: int, end: int) -> "Mention":
        return replace(self, start=start, end=end)
