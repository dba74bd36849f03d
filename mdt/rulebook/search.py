"""Finding a rule by words: over every scheme, option, argument and gate, in the reader's language."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from mdt.rulebook import library, parts
from mdt.rulebook.wording import ShownRule, language, said, shown_components, shown_flags

MOST_FOUND = 100


@dataclass(frozen=True)
class Found:
    """One rule with where it stands."""

    rule: ShownRule
    place: str
    url: str
    words: str


@lru_cache(maxsize=4)
def _every_rule(digest: str, _language: str) -> tuple[Found, ...]:
    """All rules with their words; kept for each language, as long as the rules are the same."""
    found = []
    for name, rules in library.rulebook().pathways.items():
        facts, pathway = rules.pathway.facts, said(rules.pathway.labels)
        for edition in rules.editions:
            url = reverse("rules-edition", args=[name, edition.scheme, edition.edition])
            rows = [rule for component in shown_components(edition, facts, {}) for rule in component.rules]
            for rule in (*rows, *shown_flags(edition, facts, {})):
                found.append(_found(rule, f"{pathway} · {said(edition.labels)}", url))
        for part, rows in (
            ("arguments", parts.arguments_of(rules)),
            ("gates", [gate.as_row() for gate in parts.gates_of(rules)]),
        ):
            url = reverse("rules-part", args=[name, part])
            found += [_found(rule, pathway, url) for rule in rows]
    return tuple(found)


def _found(rule: ShownRule, place: str, url: str) -> Found:
    return Found(rule, place, f"{url}#{rule.anchor}", f"{place} {rule.words()}".casefold())


def find_rules(words: list[str]) -> tuple[list[Found], int]:
    """The first rules that hold all these words, and how many there are. No words find nothing."""
    if not words:
        return [], 0
    every = _every_rule(library.rulebook().digest, language())
    found = [each for each in every if all(word in each.words for word in words)]
    return found[:MOST_FOUND], len(found)
