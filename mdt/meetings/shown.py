"""What a proposal put before the meeting: the categories to choose from, the one it proposed, and its
options.

The only place of this app that knows how a proposal's answer is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cases.models import Proposal
from cases.option_order import REJECTED, in_order
from cases.packing import unpacked
from mdt.meetings.option_words import words_of_options

# The meeting may find that the pathway does not apply at all: a benign lesion, a second primary.
NO_CATEGORY = "none"
OTHER_OPTION = "other"


@dataclass(frozen=True)
class Offered:
    """A treatment option as it was shown: wording in each language, and how the pathway rated it."""

    id: str
    label: dict[str, str] = field(default_factory=dict)
    status: str = ""
    depends_on: str = ""


@dataclass(frozen=True)
class Shown:
    """What can be decided on the ground of one proposal."""

    pathway: str
    categories: list[str]
    possible: list[str]
    proposed: str
    options: dict[str, Offered]
    words: dict[str, Any] = field(default_factory=dict)
    """By which words the desk finds each option (mdt.meetings.option_words)."""

    @property
    def choices(self) -> list[str]:
        """Every category that may be recorded."""
        return [*self.categories, NO_CATEGORY]

    @property
    def rejected(self) -> set[str]:
        """Options that the pathway advises against or forbids."""
        return {name for name, offered in self.options.items() if offered.status in REJECTED}


def shown_by(proposal: Proposal) -> Shown:
    """Read a proposal's snapshot. The same one is read once: leave the result as it is.

    `proposed` is its one possible or provisional category, "" while it is open.
    """
    if proposal.outcome_packed:
        return _read_packed(proposal.case.pathway, proposal.system, bytes(proposal.outcome_packed))
    return _read(proposal.case.pathway, proposal.system, proposal.outcome)


@lru_cache(maxsize=100)
def _read_packed(pathway: str, leading: str, kept: bytes) -> Shown:
    """Every screen of the room asks for the same few proposals: unpacking one takes 20 ms."""
    return _read(pathway, leading, unpacked(kept))


def _read(pathway: str, leading: str, outcome: dict) -> Shown:
    system = outcome["en"]["systems"][leading]
    possible, proposed = offered_by(system["possible"], (system.get("provisional") or {}).get("possible") or ())
    return Shown(
        pathway=pathway,
        categories=[category["id"] for category in system["categories"]],
        possible=possible,
        proposed=proposed,
        options=_options(outcome),
        words=words_of_options(pathway, outcome),
    )


def offered_by(possible: Sequence[str], provisional: Sequence[str]) -> tuple[list[str], str]:
    """What an answer leaves to choose from, and the one category that it proposes ("" while it is open)."""
    single = possible if len(possible) == 1 else provisional if len(provisional) == 1 else ()
    return list(possible) or [NO_CATEGORY], single[0] if single else "" if possible else NO_CATEGORY


def _options(outcome: dict) -> dict[str, Offered]:
    options = {
        option["id"]: Offered(option["id"], {}, option["status"], option.get("depends_on") or "")
        for option in in_order(outcome["en"]["options"])
    }
    for language, answer in outcome.items():
        for option in answer["options"]:
            if option["id"] in options:
                options[option["id"]].label[language] = option["label"]
    return options
