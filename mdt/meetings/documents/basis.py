"""What a decision rests on: the facts of the proposal that the meeting saw, each with its source and date."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Proposal
from cases.reasoning import describe, fact_label, item_label, pathway_of
from mdt.meetings.documents.wording import described, listed, sentence
from mdt.people.templatetags.looks import day, discipline_label


def rows(proposal: Proposal) -> list[dict[str, Any]]:
    """One row for each group of the vocabulary with its stated facts, then the required ones that are missing.

    After a restaging, what was found then follows what was found at first.
    """
    printed = _stated(proposal, proposal.statements, "%(group)s")
    if proposal.is_restaged:
        own = {name: proposal.current_statements.get(name) for name in proposal.restaging_facts}
        printed += _stated(proposal, own, _("Restaging: %(group)s"))
    if not printed:
        printed.append({"label": _("Findings"), "parts": [_part(_("none recorded"))]})
    for states, label in ((("missing", "assumable"), _("Not stated")), (("stale",), _("Out of date"))):
        items = [item for item in proposal.readiness if item["state"] in states]
        if items:
            printed.append({"label": label, "parts": [_part(_by_owner(proposal, items))]})
    return printed


def _stated(proposal: Proposal, stated: dict[str, Any], wording: str) -> list[dict[str, Any]]:
    """A row for each group in which anything was stated."""
    pathway = pathway_of(proposal.case.pathway)
    groups: dict[str, list[tuple[str, dict]]] = {}
    for fact in pathway.facts.values():
        statements = stated.get(fact.name)
        if statements and fact.name not in pathway.showing.not_printed:
            groups.setdefault(fact.group, []).append((fact.name, _holding(statements)))
    return [
        {
            "label": wording % {"group": _group_label(proposal, group)},
            "parts": list(_parts(proposal, groups[group])),
        }
        for group in pathway.groups
        if group in groups
    ]


def notes(proposal: Proposal) -> list[str]:
    """Where readings differ, and what was assumed because nobody said anything."""
    language, pathway = get_language(), proposal.case.pathway
    lines = []
    for entry in proposal.contradictions:
        sides = [
            _("%(value)s (%(source)s)")
            % {"value": describe(pathway, entry["fact"], side["value"], language), "source": _source(side)}
            for side in sorted(entry["sides"], key=lambda side: not side["holds"])
        ]
        lines.append(
            sentence(
                _("Readings differ on %(fact)s: %(sides)s; the first was used")
                % {"fact": fact_label(pathway, entry["fact"], language), "sides": listed(sides, _("; "))}
            )
        )
    assumed = assumptions_of(proposal)
    if assumed:
        lines.append(
            sentence(_("Assumed because nobody said otherwise: %(facts)s") % {"facts": listed(assumed, _("; "))})
        )
    return lines


def citations(proposal: Proposal) -> list[str]:
    """The sources behind the type that was proposed, each once."""
    found = []
    for because in proposal.main_system.get("because", ()):
        citation = because.get("citation") or {}
        words = described([citation.get("text", ""), f"doi {citation['doi']}" if citation.get("doi") else ""])
        if citation.get("doi") and words not in found:
            found.append(words)
    return found


def _holding(statements: list[dict]) -> dict:
    return next((statement for statement in statements if statement["holds"]), statements[0])


def _group_label(proposal: Proposal, group: str) -> str:
    return pathway_of(proposal.case.pathway).groups[group](get_language())


def _parts(proposal: Proposal, facts: list[tuple[str, dict]]) -> Iterator[dict[str, str]]:
    """The facts of a group, those of one source together."""
    by_source: dict[str, list[str]] = {}
    for name, statement in facts:
        pathway, language = proposal.case.pathway, get_language()
        words = _("%(fact)s: %(value)s") % {
            "fact": fact_label(pathway, name, language),
            "value": describe(pathway, name, statement["value"], language),
        }
        by_source.setdefault(_source(statement), []).append(words)
    for source, words in by_source.items():
        yield _part(listed(words, _("; ")), _("(%(source)s)") % {"source": source})


def _part(text: str, source: str = "") -> dict[str, str]:
    return {"text": text, "source": source}


def _source(statement: dict) -> str:
    on = statement.get("on")
    return described([discipline_label(statement["discipline"]), day(on)])


def _by_owner(proposal: Proposal, items: list[dict]) -> str:
    """Required items under the discipline that is asked for them."""
    owned: dict[str, list[str]] = {}
    for item in items:
        label = item_label(proposal.case.pathway, item["fact"], get_language())
        owned.setdefault(item["owner"], []).append(label)
    return listed(
        (
            _("%(facts)s (%(owner)s)") % {"facts": listed(labels), "owner": discipline_label(owner)}
            for owner, labels in owned.items()
        ),
        _("; "),
    )


def assumptions_of(proposal: Proposal) -> list[str]:
    """Only where they narrowed the answer: a type that is certain rests on none."""
    system = proposal.main_system
    provisional = system.get("provisional") or {}
    if len(system.get("possible", ())) <= 1:
        return []
    return [
        entry.get("text") or fact_label(proposal.case.pathway, entry["fact"], get_language())
        for entry in provisional.get("assumptions", ())
    ]
