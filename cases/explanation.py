"""Every answer of a stored proposal as a chain that a clinician can check: report, fact, rule, citation.

Read from the snapshot: an older one without the newer keys gives what it has. Nothing here runs a rule.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.case_page import FROM_LESIONS
from cases.compared import marked_because, with_comparisons
from cases.models import Case, Finding, Proposal
from cases.pictures.ladder import verdict_of
from cases.reasoning import describe, fact_label, pathway_of
from cases.side_by_side import STANCES, labels_of, stance_of

MOST_REASONS = 2
"""Rules that a row of the table quotes in full; the rest is counted."""


def explanation_of(case: Case, proposal: Proposal) -> dict[str, Any]:
    """`leading`: the leading system, link by link. `now`: the same rules over the restaging, None without one.

    `others`: every other system in one row.
    """
    answer = with_comparisons(proposal.answer)
    main = answer["systems"][proposal.system]
    current = answer.get("current_resectability") if proposal.is_restaged else None
    if current:
        current = {**current, "because": marked_because(current.get("because"), main.get("digest") or "")}
    return {
        "leading": {
            "label": main.get("label") or proposal.system,
            "edition": proposal.edition,
            "status": main.get("status", ""),
            "reading": main.get("reading", ""),
            "note": main.get("note", ""),
            "verdict": verdict_of(main),
            "answer": labels_of(main, verdict_of(main).marks),
            "possible": labels_of(main, main["possible"]),
            "links": list(_links(proposal, main, main)),
            "assumptions": [_assumption(proposal, entry) for entry in main["provisional"].get("assumptions") or ()],
            "flags": list((main.get("flag_texts") or {}).values()),
        },
        "now": {
            "possible": labels_of(main, current["possible"]),
            "provisional": labels_of(main, current["provisional"]),
            "note": current.get("note", ""),
            "links": list(_links(proposal, current, main, is_now=True)),
        }
        if current
        else None,
        "others": [
            _row(proposal, system) for name, system in answer.get("systems", {}).items() if name != proposal.system
        ],
    }


def _links(
    proposal: Proposal, part: Mapping[str, Any], system: Mapping[str, Any], *, is_now: bool = False
) -> Iterator[dict[str, Any]]:
    """One entry for each component, in the order of the scheme: what decided it, or what it waits for."""
    reasons = {reason["component"]: reason for reason in part.get("because") or () if reason.get("component")}
    components = part.get("components") or ()
    for component in components:
        reason = reasons.get(component["id"])
        leads_to = [reason["answer"]] if reason else component.get("provisional") or component["possible"]
        yield {
            "label": component["label"],
            "state": "open" if reason is None else "assumed" if reason.get("is_assumed") else "decided",
            "why": component.get("why", "") if reason is None else "",
            "leads_to": labels_of(system, leads_to),
            "reason": reason,
            "said": said_of(proposal, reason, is_now=is_now) if reason else [],
        }
    if not components:  # a snapshot of an early version
        for reason in part.get("because") or ():
            yield {
                "label": "",
                "state": "assumed" if reason.get("is_assumed") else "decided",
                "why": "",
                "leads_to": labels_of(system, [reason["answer"]]),
                "reason": reason,
                "said": said_of(proposal, reason, is_now=is_now),
            }


def said_of(proposal: Proposal, reason: Mapping[str, Any], *, is_now: bool = False) -> list[dict[str, Any]]:
    """The facts that a rule read, under the report of each. Without a report: `is_record` or worked out from others."""
    pathway, language = pathway_of(proposal.case.pathway), get_language()
    groups: dict[Any, dict[str, Any]] = {}
    for fact, value in (reason.get("facts") or {}).items():
        entry, phase = _statement(proposal, fact, value, is_now=is_now)
        is_record = entry is None and bool(pathway.facts[fact].record)
        key = (entry["source"], phase) if entry else is_record
        group = groups.setdefault(key, {"said": entry, "phase": phase, "is_record": is_record, "facts": []})
        words = {
            "fact": fact_label(pathway.id, fact, language),
            "value": describe(pathway.id, fact, value, language),
        }
        group["facts"].append(_("%(fact)s: %(value)s") % words)
    return list(groups.values())


def _statement(proposal: Proposal, fact: str, value: Any, *, is_now: bool) -> tuple[dict[str, Any] | None, str]:
    """The statement that a rule read, and its phase: where both have one, that with the value of the rule."""
    phases = [(proposal.statements, Finding.Phase.BASELINE)]
    if proposal.restaging_statements is not None:
        phases.insert(0 if is_now else 1, (proposal.restaging_statements, Finding.Phase.RESTAGING))
    found = []
    for statements, phase in phases:
        said = statements.get(fact) or (statements.get("liver_lesions") if fact in FROM_LESIONS else None)
        holding = next((entry for entry in said or () if entry["holds"]), None)
        if holding is not None:
            is_carried = phase == Finding.Phase.RESTAGING and _is_of_first(proposal, holding)
            found.append((holding, Finding.Phase.BASELINE if is_carried else phase))
    exact = next((each for each in found if each[0]["value"] == value), None)
    entry, phase = exact or (found[0] if found else (None, Finding.Phase.BASELINE))
    return entry, str(phase.label) if entry and proposal.is_restaged else ""


def _is_of_first(proposal: Proposal, entry: Mapping[str, Any]) -> bool:
    """Whether a statement that holds now was made at the first staging and carries over."""
    return any(entry["source"] == each["source"] for said in proposal.statements.values() for each in said)


def _assumption(proposal: Proposal, entry: Mapping[str, Any]) -> dict[str, Any]:
    label = fact_label(proposal.case.pathway, entry["fact"], get_language())
    return {"label": label, "text": entry.get("text") or label, "owner": entry.get("owner", "")}


def _row(proposal: Proposal, system: Mapping[str, Any]) -> dict[str, Any]:
    """One system: its answer, the rules that gave it, what it assumes, and whether anybody checked them."""
    verdict = verdict_of(system)
    because = [reason for reason in system.get("because") or () if reason["answer"] in verdict.marks]
    is_now = system.get("evaluated_on") == Finding.Phase.RESTAGING
    waits = [part["why"] for part in system.get("components") or () if len(part.get("provisional") or ()) > 1]
    return {
        "label": system.get("label", ""),
        "edition": system.get("edition"),
        "verdict": verdict,
        "icon": STANCES[stance_of(system)][0],
        "answer": labels_of(system, verdict.marks),
        "is_now": is_now and proposal.is_restaged,
        "before": labels_of(system, (system.get("at_baseline") or {}).get("provisional") or ()),
        "reasons": [{**reason, "said": said_of(proposal, reason, is_now=is_now)} for reason in because[:MOST_REASONS]],
        "others": max(0, len(because) - MOST_REASONS),
        "waits": waits[:1] if not because else [],
        "assumed": _("; ").join(
            _assumption(proposal, entry)["text"] for entry in system["provisional"].get("assumptions") or ()
        ),
        "flags": list((system.get("flag_texts") or {}).values()),
    }
