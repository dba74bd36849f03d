"""What the right-hand column of the findings form says: how a fact now stands, by whose word, and whether it matters.

Read from the latest proposal; no rule is run here.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.added_details import added_words, value_that_holds
from cases.forms.fact_fields import NOT_APPLICABLE, FactField, Typed
from cases.models import Case
from cases.reasoning import age_limits, describe, pathway_of
from classification.derive import with_derived
from classification.facts import parse_facts
from classification.lesions import figures_from_list
from mdt.people.templatetags.looks import day

# kind → classes of the badge and its icon
LOOKS = {
    "known": ("state state-ready", "check-circle-fill"),
    "part": ("state state-provisional", "circle-half"),
    "unknown": ("state", "dash-circle-dotted"),
    "na": ("state", "slash-circle"),
    "wrong": ("state state-overdue", "exclamation-circle"),
    "stale": ("state state-stale", "clock-history"),
    "disputed": ("state state-disputed", "signpost-split-fill"),
}


@dataclass(frozen=True)
class Stand:
    """A badge: kind, word, and the lines beneath it."""

    kind: str
    word: str
    notes: tuple[str, ...] = ()

    @property
    def look(self) -> str:
        return LOOKS[self.kind][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.kind][1]


def kind_of(stated: object) -> str:
    """known, part, na or unknown, for a stated JSON value."""
    if stated is None:
        return "unknown"
    if isinstance(stated, dict):
        return "na" if stated == NOT_APPLICABLE else "part"
    return "known"


class Surroundings:
    """What the case holds apart from this form. `without` leaves out the finding that is being corrected.

    After a restaging that is what holds now, or what held at the first staging with `of_first_staging`.
    """

    def __init__(self, case: Case, *, without: int | None = None, of_first_staging: bool = False):
        self.case, self.without, self.of_first_staging = case, without, of_first_staging
        self.language = get_language() or "en"
        self.proposal = case.latest_proposal

    @cached_property
    def _effects(self) -> dict[str, str]:
        if self.case.is_sealed:  # what a fact can still move would tell of the proposal
            return {}
        answer = self.proposal.answer if self.proposal else {}
        if self.proposal and self.proposal.is_restaged and not self.of_first_staging:
            current = answer.get("current_resectability") or {}
            return dict.fromkeys(current.get("missing", ()), _("can change what can be resected now"))
        effects = dict.fromkeys(answer.get("irrelevant", ()), _("cannot change the type"))
        for entry in answer.get("missing", ()):
            moves_type = self.proposal.system in (entry.get("decides") or {})
            effects[entry["fact"]] = _("can move the type") if moves_type else _("can move another classification")
        return effects

    @cached_property
    def _statements(self) -> dict[str, list[dict]]:
        if self.proposal is None:
            return {}
        return self.proposal.statements if self.of_first_staging else self.proposal.current_statements

    @cached_property
    def _facts(self) -> dict:
        if self.proposal is None:
            return {}
        return self.proposal.facts if self.of_first_staging else self.proposal.current_facts

    @cached_property
    def _disputed(self) -> set[str]:
        return {entry["fact"] for entry in self.proposal.contradictions} if self.proposal else set()

    def statements(self, fact: str) -> list[dict]:
        """Current statements of other findings about a fact, the one that holds first."""
        return [entry for entry in self._ordered(fact) if entry["source"] != self.without]

    def _ordered(self, fact: str) -> list[dict]:
        return sorted(self._statements.get(fact, []), key=lambda entry: not entry["holds"])

    def base(self, field: FactField) -> Stand:
        """How the fact stands if this form says nothing about it."""
        name, effect = field.fact.name, self._effects.get(field.fact.name)
        others = self.statements(name)
        if not others:
            return Stand("unknown", _("Unknown"), (effect,) if effect else ())
        is_whole = others == self._ordered(name)  # without the finding that is corrected, its details are not known
        holding = value_that_holds(others[0], others, self._facts, name) if is_whole else others[0]["value"]
        texts = list(dict.fromkeys(self.in_words(name, entry["value"]) for entry in others))
        texts[0] = self.in_words(name, holding)
        notes = [self._who(others[0]), *(added_words(others) if is_whole else ())]
        if len(texts) > 1 and name in self._disputed:
            return Stand("disputed", _("Readings differ"), (*self._readings(name, others), _("all are kept")))
        if others[0]["is_stale"]:
            limit = _("older than %(limit)s days") % {"limit": age_limits(self.case.pathway)[name]}
            return Stand("stale", texts[0], (*notes, limit))
        kind = kind_of(others[0]["value"])
        return Stand(kind, texts[0], (*notes, effect) if effect and kind == "part" else tuple(notes))

    def stand(self, field: FactField, typed: Typed) -> Stand:
        """How the fact stands with what is typed; as `base` where nothing is."""
        try:
            stated = field.clean(typed)
        except ValidationError:
            return Stand("wrong", _("Not stored"))
        if stated is None:
            return self.base(field)
        kind = kind_of(stated)
        return Stand(kind, self.in_words(field.fact.name, stated) if kind == "part" else words()[kind])

    def so_far(self, base: Stand) -> str:
        """What held before this form, shown beneath an entry that differs or agrees."""
        if base.kind == "unknown":
            return ""
        if base.kind == "disputed":
            return _("so far %(readings)s") % {"readings": _("; ").join(base.notes[:-1])}
        return _("so far %(value)s, %(who)s") % {"value": base.word, "who": base.notes[0]}

    def in_words(self, fact: str, value: object) -> str:
        """A value as the reader says it, short enough for the column."""
        text = describe(self.case.pathway, fact, value, self.language)
        return text if len(text) <= 80 else f"{text[:80]}…"

    def _readings(self, fact: str, others: list[dict]) -> list[str]:
        """Each reading once, with the person and the day of the first who gave it."""
        first = {self.in_words(fact, entry["value"]): self._who(entry) for entry in reversed(others)}
        texts = dict.fromkeys(self.in_words(fact, entry["value"]) for entry in others)
        return [_("%(value)s (%(who)s)") % {"value": text, "who": first[text]} for text in texts]

    def _who(self, entry: dict) -> str:
        return _("%(person)s, %(day)s") % {"person": entry["by"], "day": day(entry["on"])}

    def known_with(self, stated: dict) -> set[str]:
        """Facts that are fully known once `stated` is added, those that follow from others included."""
        facts = {name: value for name, value in self._facts.items() if self._holds(name)} | stated
        standings = parse_facts(facts, pathway_of(self.case.pathway).facts)
        shown = figures_from_list(standings) | with_derived(standings)
        return {name for name, standing in shown.items() if standing.kind in ("known", "not_applicable")}

    def following(self, typed: dict) -> dict[str, tuple[str, str]]:
        """Fact → value and reason in words, of what follows from all that was said, and nobody said."""
        facts = {name: value for name, value in self._facts.items() if self._holds(name)} | typed
        vocabulary = pathway_of(self.case.pathway).facts
        standings = parse_facts(facts, vocabulary)
        listed = figures_from_list(standings)
        found = {}
        for name, standing in (with_derived(standings) | listed).items():
            if name in vocabulary and name not in facts and standing.kind == "known":
                why = _("follows from the list of lesions") if name in listed else _("worked out from other facts")
                found[name] = (self.in_words(name, standing.to_json()), why)
        return found

    def _holds(self, fact: str) -> bool:
        others = self.statements(fact)
        return bool(others) and not others[0]["is_stale"]

    def derived(self, stated: dict) -> str:
        """The liver figures that follow from the list of lesions in this form, in one line."""
        vocabulary = pathway_of(self.case.pathway).facts
        figures = figures_from_list(parse_facts(stated, vocabulary))
        return " · ".join(
            _("%(fact)s: %(value)s")
            % {
                "fact": vocabulary[name].label(self.language),
                "value": describe(self.case.pathway, name, standing.to_json(), self.language),
            }
            for name, standing in figures.items()
        )


def words() -> dict[str, str]:
    """One word for each standing; the page's script shows the same."""
    return {
        "known": _("Known"),
        "part": _("Partly known"),
        "unknown": _("Unknown"),
        "na": _("Does not apply"),
        "wrong": _("Not stored"),
    }
