"""All systems of one answer side by side: grouped by what they ask, with the fact or the systems on which they part.

Read from a stored answer; an older one without the newer keys gives what it has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.pictures.ladder import answer_in_words, verdict_of
from mdt.people.joining import listed
from mdt.rulebook.wording import RECRUITMENT

# Questions that share a heading, in the order of the page. A system that states none is asked about resection.
HEADINGS: Final = (
    (("resectable",), gettext_lazy("Can it be removed?")),
    (("limited",), gettext_lazy("Is it oligometastatic or limited?")),
    (("stage", "guideline"), gettext_lazy("Stage and guidelines")),
    (("trial",), gettext_lazy("Trial rules: a potential match is never eligibility")),
    (("molecular",), gettext_lazy("Molecular classes")),
    (("fitness",), gettext_lazy("Fitness")),
)
COMPARED: Final = ("resectable", "limited")
"""Questions on which systems are said to agree or to part: only these answer about the same thing."""

# Stance of an answer: its icon, and its word for whoever does not see the icon.
STANCES: Final = {
    "meets": ("check-circle", gettext_lazy("yes")),
    "not_met": ("x-circle", gettext_lazy("no")),
    "silent": ("dash-circle", gettext_lazy("does not say")),
    "pending": ("hourglass", gettext_lazy("not yet")),
    "class": ("circle-fill", gettext_lazy("a class")),
    "open": ("question-circle", gettext_lazy("open")),
    "none": ("dash-circle", gettext_lazy("does not apply")),
}


@dataclass(frozen=True)
class Row:
    """What some answers to one question would leave in one system. `is_open`: nothing would be ruled out."""

    answers: tuple[str, ...]
    categories: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Card:
    """One system: how sure, what it says, why, and what hangs on the fact on which systems part.

    `before`: the answer before treatment of a system that follows the course (`has_course`). `now`: what the same
    rules say of the disease as it is now, where the system itself stays with the first presentation.
    """

    id: str
    label: str
    question: str
    stance: str
    kind: str
    says: tuple[str, ...]
    why: str
    is_verified: bool
    is_leading: bool
    before: tuple[str, ...] = ()
    has_course: bool = False
    now: tuple[str, ...] = ()
    parts: tuple[Row, ...] = ()
    trial: Mapping[str, str] | None = None
    note: str = ""

    @property
    def icon(self) -> str:
        return STANCES[self.stance][0]

    @property
    def word(self) -> str:
        return str(STANCES[self.stance][1])

    @property
    def rests_on_assumptions(self) -> bool:
        return self.kind == "provisional"

    @property
    def recruitment(self) -> str:
        state = (self.trial or {}).get("recruitment", "")
        return str(RECRUITMENT.get(state, state))


@dataclass
class Group:
    """Systems with the same question. `open`: labels of those of which nothing is known, said in one line.

    `silent`: those that name no number, in one sentence for those that say the same.
    """

    heading: str
    cards: list[Card] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    silent: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Parting:
    """On what systems part: a missing fact, or, where none parts them, those that say yes and those that say no."""

    fact: str = ""
    label: str = ""
    owner: str = ""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


def side_by_side(answer: Mapping[str, Any]) -> dict[str, Any]:
    """`groups`, `parting` (or None), and `compared` (the cards of the room) of one answer."""
    systems = answer.get("systems") or {}
    parting = parting_of(answer)
    cards = [
        card_of(name, system, answer, parting, is_leading=place == 0)
        for place, (name, system) in enumerate(systems.items())
    ]
    silent = [card for card in cards if card.question == "guideline" and card.stance == "silent"]
    groups = []
    for questions, heading in HEADINGS:
        group = Group(str(heading), silent=_silent_sentences(silent) if "guideline" in questions else [])
        for card in cards:
            if card.question not in questions or card in silent:
                continue
            if card.question == "molecular" and _says_nothing(systems[card.id]):
                group.open.append(card.label)
            else:
                group.cards.append(card)
        if group.cards or group.open or group.silent:
            groups.append(group)
    return {
        "groups": groups,
        "parting": parting,
        "compared": [card for card in cards if card.question in COMPARED],
    }


def question_of(system: Mapping[str, Any]) -> str:
    """The question of a system; one that states none, or one unknown here, stands with the first."""
    asked = system.get("question") or "resectable"
    return asked if any(asked in questions for questions, _heading in HEADINGS) else "resectable"


def labels_of(system: Mapping[str, Any], categories: Sequence[str]) -> tuple[str, ...]:
    """Categories as their system names them."""
    names = {category["id"]: category.get("label") or category["id"] for category in system.get("categories") or []}
    return tuple(names.get(category, category) for category in categories)


def rows_of(system: Mapping[str, Any], decides: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """What each answer to a missing fact leaves, answers with the same consequence together."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for said, categories in decides.items():
        grouped.setdefault(labels_of(system, categories), []).append(answer_in_words(said))
    everything = labels_of(system, system["possible"])
    return tuple(
        Row(tuple(answers), categories, is_open=len(categories) > 1 and categories == everything)
        for categories, answers in grouped.items()
    )


def parting_of(answer: Mapping[str, Any]) -> Parting | None:
    """The first missing fact whose answers take a compared system different ways; else who disagrees.

    Facts that are only assumed come after those of which nobody can assume anything.
    """
    systems = answer.get("systems") or {}
    compared = {name: system for name, system in systems.items() if question_of(system) in COMPARED}
    if len(compared) < 2:
        return None
    missing = sorted(answer.get("missing") or [], key=lambda entry: bool(entry.get("is_assumed")))
    for entry in missing:
        for name, decides in (entry.get("decides") or {}).items():
            if name in compared and _take_different_ways(decides.values()):
                return Parting(fact=entry["fact"], label=entry.get("label", ""), owner=entry.get("owner", ""))
    stances = {system["label"]: stance_of(system) for system in compared.values()}
    yes = tuple(label for label, stance in stances.items() if stance == "meets")
    no = tuple(label for label, stance in stances.items() if stance == "not_met")
    return Parting(yes=yes, no=no) if yes and no else None


def card_of(
    name: str, system: Mapping[str, Any], answer: Mapping[str, Any], parting: Parting | None, *, is_leading: bool
) -> Card:
    """One system as its card shows it."""
    verdict, question = verdict_of(system), question_of(system)
    before, current = system.get("at_baseline") or {}, answer.get("current_resectability") or {}
    return Card(
        id=name,
        label=system.get("label") or name,
        question=question,
        stance=stance_of(system),
        kind=verdict.kind,
        says=labels_of(system, verdict.marks),
        why=_why(system, verdict.marks, answer),
        is_verified=system.get("status") == "approved",
        is_leading=is_leading,
        before=labels_of(system, _settled(before)) if before else (),
        has_course=bool(before),
        now=labels_of(system, _settled(current)) if current.get("scheme") == name else (),
        parts=_parts(name, system, answer, parting) if question in COMPARED else (),
        trial=system.get("trial"),
        note=system.get("note") or "",
    )


def _settled(part: Mapping[str, Any]) -> Sequence[str]:
    """The categories to show of an answer: the provisional ones, where the assumptions leave any."""
    possible = part.get("possible") or []
    return possible if len(possible) == 1 else part.get("provisional") or possible


def stance_of(system: Mapping[str, Any]) -> str:
    """What the answer amounts to: the stance of its category, or of all that are left if they share one."""
    verdict = verdict_of(system)
    if verdict.kind == "none":
        return "none"
    found = {category.get("stance") or "class" for category in system["categories"] if category["id"] in verdict.marks}
    if verdict.kind == "open" and found != {"not_met"}:
        return "open"
    return found.pop() if len(found) == 1 and found <= set(STANCES) else "open"


def _why(system: Mapping[str, Any], marks: Sequence[str], answer: Mapping[str, Any]) -> str:
    """One sentence: the rule that gave the answer, what it waits for, or what the category means."""
    if system.get("status") == "no_edition":
        return _("No edition was in force on the date of the case.")
    if len(marks) == 1:
        reasons = [reason for reason in system.get("because") or [] if reason["answer"] == marks[0]]
        if reasons and question_of(system) in (*COMPARED, "trial"):
            return reasons[0]["text"]
        text = next((each.get("text", "") for each in system["categories"] if each["id"] == marks[0]), "")
        refused = [part["label"] for part in system.get("components") or [] if part.get("provisional") == [marks[0]]]
        if stance_of(system) == "not_met" and text and refused:
            return _("%(text)s: %(where)s") % {"text": text, "where": listed(refused)}
        return text
    labels = {entry["fact"]: entry["label"] for entry in answer.get("missing") or []}
    waits = [labels[fact] for fact in (entry for entry in labels if entry in (system.get("missing") or []))]
    return _("waits for: %(facts)s") % {"facts": listed(waits[:3])} if waits else ""


def _take_different_ways(answers: Iterable[Sequence[str]]) -> bool:
    """Whether some answer settles a system that another leaves otherwise, or two each leave what the other excludes.

    Answers that only leave a little more or less part nobody: "best response" of a patient assumed to be untreated.
    """
    left = {frozenset(categories) for categories in answers}
    if len(left) < 2:
        return False
    return any(len(one) == 1 for one in left) or any(one - other and other - one for one in left for other in left)


def _parts(name: str, system: Mapping[str, Any], answer: Mapping[str, Any], parting: Parting | None) -> tuple[Row, ...]:
    if parting is None or not parting.fact:
        return ()
    entry = next(each for each in answer["missing"] if each["fact"] == parting.fact)
    rows = rows_of(system, (entry.get("decides") or {}).get(name) or {})
    return rows if len(rows) > 1 else ()


def _says_nothing(system: Mapping[str, Any]) -> bool:
    """Whether every category of a system is still possible: a marker that nobody has stated."""
    inside = [category["id"] for category in system["categories"] if not category.get("outside")]
    return len(inside) > 1 and list(system["provisional"]["possible"]) == inside


def _silent_sentences(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Systems that name no number, together where they say the same."""
    grouped: dict[str, list[str]] = {}
    for card in cards:
        grouped.setdefault(card.why, []).append(card.label)
    return [{"systems": systems, "text": text} for text, systems in grouped.items()]
