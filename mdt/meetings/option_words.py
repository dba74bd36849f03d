"""By which words the desk finds an option beside its name, in every language of its proposal: what stands for and
against it, what holds it back, and the facts that it asks about."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases.reasoning import fact_label, has_fact


def words_of_options(pathway: str, outcome: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """`said`: each sentence once, for many options share them; `of`: option → the places of its own in that list."""
    said: dict[str, int] = {}
    of: dict[str, set[int]] = {}
    for language, answer in outcome.items():
        for option in answer["options"]:
            own = of.setdefault(option["id"], set())
            own.update(said.setdefault(words, len(said)) for words in _words(pathway, option, language) if words)
    return {"said": list(said), "of": {option: sorted(places) for option, places in of.items()}}


def _words(pathway: str, option: Mapping[str, Any], language: str) -> Iterator[str]:
    yield option["label"]
    yield option.get("text") or ""
    facts: list[str] = [*(option.get("missing") or ()), *(option.get("waits_for") or ())]
    for part in ("for", "against", "gates"):
        for each in option.get(part) or ():
            yield each.get("text") or ""
            facts += each.get("facts") or ()
    yield from (fact_label(pathway, fact, language) for fact in dict.fromkeys(facts) if has_fact(pathway, fact))
