"""Words for an outcome: rules that spoke, components, missing facts, assumptions and options, in both
languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .decision import decide, scores_of
from .describe import describe_standing
from .edition import Edition, Rule
from .engine import Missing, SchemeResult
from .facts import UNKNOWN, Standing, Text
from .lesions import is_counted
from .options import Argument, Gate, Options, Weighed
from .partition import cell_labels
from .pathway import Pathway
from .scheme import Scheme

if TYPE_CHECKING:
    from .outcome import Outcome, SystemAnswer
    from .reader import Reader

NONE = (
    Text("None of these", "以上均不采用"),
    Text("The meeting may choose another way, with its reason.", "会议可选择其他方案，并说明理由。"),
)
_PLACE = re.compile(r"\{(\w+)\}")


def category_list(scheme: Scheme, scores: Iterable[int]) -> list[str]:
    ids = scheme.category_ids
    return [ids[score] for score in sorted(scores)]


def fill(text: str, pathway: Pathway, shown: Mapping[str, Standing], language: str) -> str:
    """A sentence with the names of facts in braces replaced by what is known of them."""

    def words(match: re.Match) -> str:
        fact = pathway.facts.get(match.group(1))
        return describe_standing(fact, shown.get(fact.name, UNKNOWN), language) if fact else match.group(0)

    return _PLACE.sub(words, text)


def _values(names: Iterable[str], shown: Mapping[str, Standing]) -> dict[str, Any]:
    return {name: shown[name].to_json() for name in names if name in shown}


def because(scheme: Scheme, result: SchemeResult, shown: Mapping[str, Standing], language: str) -> list[dict]:
    """One entry for every component that one row decides, by statement or under the assumptions."""
    entries = []
    ids = scheme.category_ids
    for component, (strict, assumed) in zip(scheme.edition.components, result.component_rows, strict=True):
        rows = strict if len(strict) == 1 else assumed
        if len(rows) != 1:
            continue
        rule = component.rules[next(iter(rows))]
        entries.append(
            {
                "rule": rule.id,
                "answer": ids[rule.score],
                "facts": _values(rule.facts, shown),
                "citation": rule.citation.as_dict(language),
                "text": fill(rule.texts(language), scheme.pathway, shown, language),
                "component": component.id,
                "is_assumed": len(strict) != 1,
            }
        )
    return entries


def components(scheme: Scheme, result: SchemeResult, shown: Mapping[str, Standing], language: str) -> list[dict]:
    entries = []
    rows = zip(scheme.edition.components, result.component_scores, result.component_rows, strict=True)
    for component, (strict, assumed), (strict_rows, assumed_rows) in rows:
        entries.append(
            {
                "id": component.id,
                "label": component.labels(language),
                "possible": category_list(scheme, strict),
                "provisional": category_list(scheme, assumed),
                "known": len(strict) == 1,
                "why": _why(scheme, component.rules, strict_rows, assumed_rows, result, shown, language),
            }
        )
    return entries


def _why(scheme, rules: tuple[Rule, ...], strict, assumed, result: SchemeResult, shown, language: str) -> str:
    rows = strict if len(strict) == 1 else assumed
    if len(rows) == 1:
        text = fill(rules[next(iter(rows))].texts(language), scheme.pathway, shown, language)
        if len(strict) == 1:
            return text
        return f"Assumed: {text}" if language == "en" else f"假定：{text}"
    asked = dict.fromkeys(name for row in sorted(strict) for name in rules[row].facts)
    masks = result.projection
    unsure = [n for n in asked if masks[n] & (masks[n] - 1)] or list(asked)
    stated = [n for n in unsure if n in shown]
    facts = scheme.pathway.facts
    colon = ": " if language == "en" else "："
    parts = [f"{facts[n].label(language)}{colon}{describe_standing(facts[n], shown[n], language)}" for n in stated]
    silent = [scheme.pathway.facts[n].label(language) for n in unsure if n not in shown]
    if silent:
        names = (", " if language == "en" else "、").join(silent)
        parts.append(f"Not stated: {names}" if language == "en" else f"未说明：{names}")
    return ". ".join(parts) + "." if language == "en" else "；".join(parts) + "。"


def decides(answer: SystemAnswer, item: Missing, reader: Reader, language: str) -> dict[str, list[str]]:
    """What stays possible after each answer to a missing fact."""
    if item.fact == "liver_lesions":
        return _nature_answers(answer, reader, language)
    return _answers(answer.scheme, item.fact, item.by_mask, language)


def _answers(scheme: Scheme, fact: str, by_mask: Mapping[int, frozenset[int]], language: str) -> dict:
    """Readable answers with the categories they leave. A mere mixture of other answers is left out if it adds none."""
    found: dict[str, list[str]] = {}
    mixed = []
    for label, mask in cell_labels(scheme.partitions[fact], language):
        sets = [scores for cell, scores in by_mask.items() if cell & mask]
        if sets:
            categories = category_list(scheme, frozenset().union(*sets))
            if " + " in label:
                mixed.append((label, categories))
            else:
                found[label] = categories
    return found | {label: categories for label, categories in mixed if categories not in found.values()}


def _nature_answers(answer: SystemAnswer, reader: Reader, language: str) -> dict[str, list[str]]:
    """What stays possible if a lesion of open nature is a metastasis, and if it is not."""
    facts, scheme = answer.view.facts, answer.scheme
    named = scheme.pathway.facts["liver_lesions"].counted or Text("metastasis", "转移")
    found = {}
    for number, lesion in enumerate(answer.view.standings["liver_lesions"].value):
        if is_counted(lesion) is not None:
            continue
        for nature, words in (
            ("metastasis", (f"is a {named('en')}", f"为{named('zh-hans')}")),
            ("benign", ("is not", f"非{named('zh-hans')}")),
        ):
            changed = list(facts["liver_lesions"])
            changed[number] = {**changed[number], "nature": nature}
            reading, _ = reader.read({**facts, "liver_lesions": changed})
            key = next(key for each, key in reader.keys_of(reading) if each is scheme)
            label = f"lesion {number + 1} {words[0]}" if language == "en" else f"病灶{number + 1}{words[1]}"
            found[label] = category_list(scheme, scores_of(decide(scheme, key, reading[1]).possible))
    return found


def assumptions(scheme: Scheme, result: SchemeResult, language: str) -> list[dict]:
    entries = []
    for at in result.assuming:
        item = scheme.presumed[at].assumption
        if_not = _answers(scheme, item.fact, result.if_not[at], language)
        entries.append(
            {
                "fact": item.fact,
                "value": item.value,
                "text": item.text(language),
                "owner": item.owner,
                "confirm_label": item.confirm(language),
                "if_not": {scheme.edition.scheme: if_not},
            }
        )
    return entries


def trial(edition: Edition) -> dict[str, str] | None:
    """The registered trial whose criteria a scheme computes."""
    if edition.trial is None:
        return None
    own = edition.trial
    return {"registry": own.registry, "recruitment": own.recruitment, "as_of": own.as_of.isoformat()}


def none_of_these(options: Options, language: str) -> dict[str, str]:
    """The last entry of every list of options."""
    label, text = getattr(options, "none", None) or NONE
    return {"label": label(language), "text": text(language)}


def option(weighed: Weighed, outcome: Outcome, language: str) -> dict:
    own, shown = weighed.option, outcome.shown
    spoken = (*weighed.pro, *weighed.con, *(gate for gate, _ in weighed.gates))
    citations = {(each.citation.source, each.citation.locator): each.citation.as_dict(language) for each in spoken}
    entry = {
        "id": own.id,
        "label": own.labels(language),
        "kind": own.kind,
        "needs": list(own.needs),
        "line": own.line,
        "status": weighed.status,
        "depends_on": weighed.depends_on,
        "by_type": dict(weighed.by_type) if "" not in weighed.by_type else {},
        "for": [_argument(each, shown, language) for each in weighed.pro],
        "against": [_argument(each, shown, language) for each in weighed.con],
        "gates": [_gate(gate, state, shown, language) for gate, state in weighed.gates],
        "missing": list(weighed.missing),
        "waits_for": list(dict.fromkeys([*weighed.waits_for, *(outcome.open_type if weighed.turns_on_type else ())])),
        "citations": list(citations.values()),
    }
    if own.note:
        entry["text"] = own.note(language)
    return entry


def _argument(argument: Argument, shown: Mapping[str, Standing], language: str) -> dict:
    return {
        "rule": argument.id,
        "text": argument.texts(language),
        "kind": argument.kind,
        "citation": argument.citation.as_dict(language),
        "label": argument.citation.label,
        "facts": _values(argument.when, shown),
    }


def _gate(gate: Gate, state: str, shown: Mapping[str, Standing], language: str) -> dict:
    return {
        "rule": gate.id,
        "text": gate.texts(language),
        "kind": "house_rule",
        "effect": gate.effect,
        "is_default_cutoff": gate.is_default_cutoff,
        "state": state,
        "citation": gate.citation.as_dict(language),
        "label": gate.citation.label,
        "facts": _values(gate.facts, shown),
    }
