"""What the pages of a case show, read from stored rows: nothing here runs a rule."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.actions.projection import LIVER_FACTS
from cases.added_details import added_words, value_that_holds
from cases.compared import with_comparisons
from cases.course_page import says, timeline_of
from cases.models import Case, Finding, Proposal
from cases.option_page import none_of_these, options_of
from cases.pictures.lesions import COUNTED_AS
from cases.psychosocial import has_door
from cases.queue_rows import WAITED_FOR, badge_of
from cases.quotations import by_fact, by_finding
from cases.reasoning import (
    absent_text,
    asked_disciplines,
    counted_lesion,
    describe,
    fact_label,
    has_fact,
    item_facts,
    item_label,
    owners_of,
)
from cases.side_by_side import side_by_side
from cases.spread_page import remnant_of, spread_of
from cases.what_matters import boundaries_of, facts_that_matter
from mdt.events.models import Event
from mdt.people.joining import listed
from mdt.people.models import EmergencyAccess, RestrictedOpening, User
from mdt.people.permissions import Permission, can

# Figures that are derived from the list of lesions where nobody stated them.
FROM_LESIONS = (*LIVER_FACTS, "liver_major_vessel_or_duct_involved")


def header_context(case: Case, user: User, *, tab: str) -> dict:
    """Name, badges, question, tabs, and what this reader may do."""
    is_open = not case.is_restricted
    may = {
        "record": is_open and can(user, Permission.FINDING_RECORD, case.team_id),
        "refer_change": is_open and can(user, Permission.REFERRAL_CHANGE, case.team_id),
        "list": is_open and case.state == Case.State.REFERRED and can(user, Permission.MEETING_PLAN, case.team_id),
        "hand_out": can(user, Permission.COPY_HAND_OUT, case.team_id),
        "see_log": can(user, Permission.EVENT_VIEW, case.team_id),
    }
    doors = [
        ("overview", _("Overview"), "case"),
        ("findings", _("Findings"), "case-findings"),
        ("decisions", _("Meetings and decisions"), "case-decisions"),
        ("follow-up", _("Follow-up"), "case-follow-up"),
        ("history", _("History"), "case-history"),
    ]
    if has_door(user, case):
        doors.append(("psychosocial", _("Psychosocial"), "psychosocial"))
    if may["see_log"]:
        doors.append(("log", _("Event log"), "case-events"))
    return {
        "case": case,
        "restricted_openings": RestrictedOpening.objects.filter(case_reference=case.reference).select_related("person")
        if case.is_restricted
        else [],
        "emergencies": EmergencyAccess.objects.filter(case_reference=case.reference).select_related("person"),
        "may": may,
        "badge": badge_of(case),
        "tab": tab,
        "tabs": [
            {"url": reverse(name, args=[case.reference]), "label": label, "is_current": tab == key}
            for key, label, name in doors
        ],
    }


def proposal_context(case: Case, proposal: Proposal | None, reader: User | None) -> dict:
    """A proposal for the page. `reader` None: nothing can be clicked (an earlier proposal)."""
    may_record = reader is not None and case.is_open and not case.is_restricted
    may_record = may_record and can(reader, Permission.FINDING_RECORD, case.team_id)
    shown = reasoned_context(case, proposal, reader if may_record else None)
    if proposal is None:
        return shown
    answer, pathway = shown["answer"], case.pathway
    return {
        **shown,
        "irrelevant": [fact_label(pathway, fact, get_language()) for fact in answer.get("irrelevant", [])],
        "side_by_side": side_by_side(answer),
        "matters": facts_that_matter(answer, shown["assumptions"]),
        "boundaries": boundaries_of(answer, proposal.system),
        "is_earlier": reader is None,
        "may_enter": may_record,
        "made_on": timezone.localdate(proposal.made_at).isoformat(),
        "none_of_these": none_of_these(answer),
        "readiness": [
            {**item, "label": item_label(pathway, item["fact"], get_language())} for item in proposal.readiness
        ],
        "to_restage": may_record and asks_for_restaging(proposal),
        "timeline": timeline_of(case, proposal),
    }


def reasoned_context(case: Case, proposal: Proposal | None, confirms: User | None = None) -> dict:
    """What paper shows of a proposal, too: the leading scheme with its reasons, facts, liver and options; without what
    only a page has room for. `confirms`: who may confirm an assumption with a click."""
    language, pathway = get_language(), case.pathway
    has_liver = has_fact(pathway, "liver_lesions")
    if proposal is None:
        return {"proposal": None, "has_liver": has_liver}
    answer = with_comparisons(proposal.answer)
    system = answer["systems"][proposal.system]
    assumptions = [
        {
            **entry,
            "can_confirm": confirms is not None and confirms.discipline in owners_of(pathway, entry["fact"]),
            "label": fact_label(pathway, entry["fact"], language),
        }
        for entry in system["provisional"]["assumptions"]
    ]
    assumed = {entry["fact"] for entry in assumptions}
    return {
        "proposal": proposal,
        "answer": answer,
        "system": {
            **system,
            "because": [
                {**reason, "stated": stated_in(pathway, proposal.statements, reason, language)}
                for reason in system["because"]
            ],
        },
        "system_id": proposal.system,
        "assumptions": assumptions,
        "missing": [
            {**entry, "is_partly_stated": bool(proposal.current_facts.get(entry["fact"]))}
            for entry in answer["missing"]
            if proposal.system in (entry.get("decides") or {}) and entry["fact"] not in assumed
        ],
        "options": options_of(pathway, answer, language),
        "contradictions": [_contradiction(pathway, entry, language) for entry in proposal.contradictions],
        "facts_by_discipline": _facts_by_discipline(case, proposal, language),
        "lesions": proposal.current_facts.get("liver_lesions") or [],
        "has_liver": has_liver,
        "liver_facts": _liver_facts(pathway, proposal.current_facts),
        "remnant": remnant_of(pathway, proposal),
        **spread_of(pathway, proposal),
        "restaged": _restaged(case, proposal) if proposal.is_restaged else None,
        "absent_text": absent_text(pathway, language),
    }


def _liver_facts(pathway: str, facts: dict) -> dict:
    figures = {name: facts.get(name) for name in LIVER_FACTS if name != "liver_lesions"}
    return {COUNTED_AS: counted_lesion(pathway, get_language()), **figures}


def asks_for_restaging(proposal: Proposal) -> bool:
    """Whether findings say of themselves that treatment had begun, with nothing kept apart from them yet."""
    phases = proposal.answer.get("phases") or {}
    return bool(phases.get("restaging")) and not proposal.is_restaged


def _restaged(case: Case, proposal: Proposal) -> dict:
    """The type at presentation beside what can be resected now, and the liver as it was first found."""
    system, now, pathway = proposal.main_system, proposal.answer.get("current_resectability") or {}, case.pathway
    return {
        "restaging": case.restagings.order_by("-number").first(),
        "at_presentation": says(pathway, system["possible"], system["provisional"]["possible"]),
        "now": says(pathway, now.get("possible", []), now.get("provisional", [])),
        "note": now.get("note", ""),
        "because": now.get("because", []),
        "open": [entry for entry in now.get("components", []) if len(entry["provisional"]) != 1],
        "lesions": proposal.facts.get("liver_lesions") or [],
        "liver_facts": _liver_facts(pathway, proposal.facts),
    }


def stated_in(pathway: str, statements: dict, reason: dict, language: str) -> list[dict]:
    """The facts that a rule read, under the statement that each comes from; figures of the liver from its lesions."""
    sources: dict[tuple, dict] = {}
    for fact, value in reason["facts"].items():
        said = statements.get(fact, ())
        if not said and fact in FROM_LESIONS:
            said = statements.get("liver_lesions", ())
        source = next((entry for entry in said if entry["holds"]), None)
        key = (source["discipline"], source["by"], source["on"]) if source else ("", "", "")
        group = sources.setdefault(key, {"discipline": key[0], "by": key[1], "on": key[2], "facts": []})
        words = {"fact": fact_label(pathway, fact, language), "value": describe(pathway, fact, value, language)}
        group["facts"].append(_("%(fact)s: %(value)s") % words)
    return list(sources.values())


def _contradiction(pathway: str, entry: dict, language: str) -> dict:
    return {
        "label": fact_label(pathway, entry["fact"], language),
        "phase": Finding.Phase(entry.get("phase", Finding.Phase.BASELINE)).label,
        "sides": [
            {
                **side,
                "value": describe(pathway, entry["fact"], side["value"], language),
                "why": entry["why"][language] if side["holds"] else "",
            }
            for side in entry["sides"]
        ],
        "effect": (entry.get("effect") or {}).get(language, ""),
    }


def _facts_by_discipline(case: Case, proposal: Proposal, language: str) -> list[dict]:
    """Every stated fact under the discipline that owns it, and the required ones that nobody stated.

    After a restaging: what holds now with what it was before, and what only the first staging found. A required fact
    of which something was stated that does not settle it ("at least 2", NX) stands once, with who is still asked.
    """
    pathway = case.pathway
    stated: dict[str, list[dict]] = {}
    rows: dict[str, dict] = {}
    first, now = proposal.statements, proposal.current_statements
    said = by_finding(case)
    facts = {**proposal.facts, **proposal.current_facts}
    for fact, statements in {**first, **now}.items():
        holding = _holding(statements)
        before = _holding(first[fact]) if fact in first and proposal.is_restaged else holding
        rows[fact] = {
            "label": fact_label(pathway, fact, language),
            "is_known": True,
            "asked": "",
            "text": describe(pathway, fact, value_that_holds(holding, statements, facts, fact), language),
            "added": added_words(statements),
            "said": said.get(holding["source"], {}).get(fact, []),
            "is_first_only": fact not in now,
            "before": ""
            if before["source"] == holding["source"]
            else describe(pathway, fact, before["value"], language),
            **holding,
        }
        stated.setdefault(owners_of(pathway, fact)[0], []).append(rows[fact])
    for item in proposal.readiness:
        if item["state"] != "missing":
            continue
        said_of = next((fact for fact in item_facts(pathway, item["fact"]) if fact in rows), None)
        if said_of:
            rows[said_of]["asked"] = item["owner"]
        else:
            stated.setdefault(item["owner"], []).append(
                {
                    "label": item_label(pathway, item["fact"], language),
                    "is_known": False,
                    "owner": item["owner"],
                }
            )
    return [
        {
            "discipline": code,
            "facts": sorted(stated[code], key=lambda fact: (not fact["is_known"], fact.get("is_first_only", False))),
        }
        for code in asked_disciplines(pathway)
        if code in stated
    ]


def _holding(statements: list[dict]) -> dict:
    return next((entry for entry in statements if entry["holds"]), statements[0])


def findings_of(case: Case) -> dict:
    """Findings of each asked discipline, newest first; corrected ones stay, marked. `by_others`: facts that it knows
    and a discipline that does not know them entered, such as Coordination from a report."""
    language, pathway = get_language(), case.pathway
    findings: dict[str, list[dict]] = {}
    by_others: dict[str, list[dict]] = {}
    superseded = set(case.findings.exclude(supersedes=None).values_list("supersedes_id", flat=True))
    for finding in case.findings.select_related("recorded_by", "restaging").prefetch_related("quotations"):
        described = described_facts(pathway, finding, language)
        findings.setdefault(finding.discipline, []).append(
            {"finding": finding, "is_superseded": finding.pk in superseded, "facts": described}
        )
        if finding.pk not in superseded:
            for code, facts in _known_to_others(pathway, finding, described).items():
                by_others.setdefault(code, []).append({"finding": finding, "facts": facts})
    waiting: dict[str, list[str]] = {}
    for item in case.readiness:
        if item["state"] in WAITED_FOR:
            waiting.setdefault(item["owner"], []).append(item_label(pathway, item["fact"], language))
    codes = list(asked_disciplines(pathway))
    codes += [code for code in findings if code not in codes]
    return {
        "disciplines": [
            {
                "code": code,
                "findings": findings.get(code, []),
                "by_others": by_others.get(code, []),
                "missing": listed(waiting.get(code, [])),
            }
            for code in codes
        ]
    }


def _known_to_others(pathway: str, finding: Finding, described: list[dict]) -> dict[str, list[dict]]:
    """Discipline → those facts of a finding that it is asked for first, where who recorded them is asked for none."""
    found: dict[str, list[dict]] = {}
    for fact in described:
        owners = owners_of(pathway, fact["fact"]) if has_fact(pathway, fact["fact"]) else ()
        if owners and finding.discipline not in owners:
            found.setdefault(owners[0], []).append(fact)
    return found


def described_facts(pathway: str, finding: Finding, language: str) -> list[dict]:
    """The facts of one finding in words, each with the words of the report that it was taken from."""
    said = by_fact(finding.quotations.all())
    return [
        {
            "fact": fact,
            "said": said.get(fact, []),
            "label": fact_label(pathway, fact, language),
            "text": describe(pathway, fact, value, language),
        }
        for fact, value in finding.facts.items()
    ]


def history_of(case: Case) -> dict:
    """Proposals and what changed the case, newest first. Who merely looked is in the auditors' log."""
    return {
        "proposals": case.proposals.select_related("made_by").defer(
            "facts", "statements", "outcome_packed", "outcome_plain", "restaging_facts", "restaging_statements"
        ),
        "events": Event.objects.of_case(case.reference).writes().select_related("by").order_by("-number"),
    }
