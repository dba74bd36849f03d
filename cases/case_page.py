"""What the pages of a case show, read from stored rows: nothing here runs a rule."""

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.actions.projection import LIVER_FACTS
from cases.models import Case, Finding, Proposal
from cases.option_page import none_of_these, options_of
from cases.pictures.lesions import COUNTED_AS
from cases.queue_rows import WAITED_FOR, badge_of
from cases.reasoning import (
    absent_text,
    asked_disciplines,
    counted_lesion,
    course_dates,
    describe,
    fact_label,
    has_fact,
    item_label,
    owners_of,
)
from cases.side_by_side import side_by_side
from cases.what_matters import boundaries_of, facts_that_matter
from mdt.events.models import Event
from mdt.people.models import User
from mdt.people.permissions import Permission, can

# Figures that are derived from the list of lesions where nobody stated them.
FROM_LESIONS = (*LIVER_FACTS, "liver_major_vessel_or_duct_involved")


def header_context(case: Case, user: User, *, tab: str) -> dict:
    """Name, badges, question, tabs, and what this reader may do."""
    may = {
        "record": can(user, Permission.FINDING_RECORD, case.team_id),
        "refer_change": can(user, Permission.REFERRAL_CHANGE, case.team_id),
        "see_log": can(user, Permission.EVENT_VIEW, case.team_id),
    }
    doors = [
        ("overview", _("Overview"), "case"),
        ("findings", _("Findings"), "case-findings"),
        ("decisions", _("Meetings and decisions"), "case-decisions"),
        ("history", _("History"), "case-history"),
    ]
    if may["see_log"]:
        doors.append(("log", _("Event log"), "case-events"))
    return {
        "case": case,
        "may": may,
        "badge": badge_of(case),
        "tab": tab,
        "tabs": [
            {"url": reverse(name, args=[case.reference]), "label": label, "is_current": tab == key}
            for key, label, name in doors
        ],
    }


def proposal_context(case: Case, proposal: Proposal | None, reader: User | None) -> dict:
    """A proposal for the page. `reader` None: nothing can be clicked (an earlier proposal, or a print)."""
    language, pathway = get_language(), case.pathway
    has_liver = has_fact(pathway, "liver_lesions")
    if proposal is None:
        return {"proposal": None, "has_liver": has_liver}
    answer, system = proposal.answer, proposal.main_system
    may_record = reader is not None and case.is_open and can(reader, Permission.FINDING_RECORD, case.team_id)
    assumptions = [
        {
            **entry,
            "can_confirm": may_record and reader.discipline in owners_of(pathway, entry["fact"]),
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
                {**reason, "stated": _stated_in(pathway, proposal, reason, language)} for reason in system["because"]
            ],
        },
        "system_id": proposal.system,
        "assumptions": assumptions,
        "missing": [
            entry
            for entry in answer["missing"]
            if proposal.system in (entry.get("decides") or {}) and entry["fact"] not in assumed
        ],
        "irrelevant": [fact_label(pathway, fact, language) for fact in answer.get("irrelevant", [])],
        "side_by_side": side_by_side(answer),
        "matters": facts_that_matter(answer, assumptions),
        "boundaries": boundaries_of(answer, proposal.system),
        "is_earlier": reader is None,
        "options": options_of(pathway, answer, language),
        "none_of_these": none_of_these(answer),
        "contradictions": [_contradiction(pathway, entry, language) for entry in proposal.contradictions],
        "facts_by_discipline": _facts_by_discipline(case, proposal, language),
        "readiness": [{**item, "label": item_label(pathway, item["fact"], language)} for item in proposal.readiness],
        "lesions": proposal.facts.get("liver_lesions") or [],
        "has_liver": has_liver,
        "liver_facts": {
            COUNTED_AS: counted_lesion(pathway, language),
            **{name: proposal.facts.get(name) for name in LIVER_FACTS if name != "liver_lesions"},
        },
        "absent_text": absent_text(pathway, language),
        "timeline": timeline_of(case, proposal),
    }


def _stated_in(pathway: str, proposal: Proposal, reason: dict, language: str) -> list[dict]:
    """The facts that a rule read, under the statement that each comes from; figures of the liver from its lesions."""
    sources: dict[tuple, dict] = {}
    for fact, value in reason["facts"].items():
        said = proposal.statements.get(fact, ())
        if not said and fact in FROM_LESIONS:
            said = proposal.statements.get("liver_lesions", ())
        source = next((entry for entry in said if entry["holds"]), None)
        key = (source["discipline"], source["by"], source["on"]) if source else ("", "", "")
        group = sources.setdefault(key, {"discipline": key[0], "by": key[1], "on": key[2], "facts": []})
        words = {"fact": fact_label(pathway, fact, language), "value": describe(pathway, fact, value, language)}
        group["facts"].append(_("%(fact)s: %(value)s") % words)
    return list(sources.values())


def _contradiction(pathway: str, entry: dict, language: str) -> dict:
    return {
        "label": fact_label(pathway, entry["fact"], language),
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
    """Every stated fact under the discipline that owns it, and the required ones that nobody stated."""
    pathway = case.pathway
    stated: dict[str, list[dict]] = {}
    for fact, statements in proposal.statements.items():
        holding = next((entry for entry in statements if entry["holds"]), statements[0])
        stated.setdefault(owners_of(pathway, fact)[0], []).append(
            {
                "label": fact_label(pathway, fact, language),
                "is_known": True,
                "text": describe(pathway, fact, holding["value"], language),
                **holding,
            }
        )
    for item in proposal.readiness:
        if item["state"] == "missing":
            stated.setdefault(item["owner"], []).append(
                {
                    "label": item_label(pathway, item["fact"], language),
                    "is_known": False,
                    "owner": item["owner"],
                }
            )
    return [
        {"discipline": code, "facts": sorted(stated[code], key=lambda fact: not fact["is_known"])}
        for code in asked_disciplines(pathway)
        if code in stated
    ]


def timeline_of(case: Case, proposal: Proposal | None) -> list[dict]:
    """The course: dated facts, referral, examinations, today, meeting and target date."""
    facts = proposal.facts if proposal else {}
    points = [(case.referred_on.isoformat(), _("Referred"), case.referrer)]
    for fact, label in course_dates(case.pathway, get_language()):
        if isinstance(facts.get(fact), str):
            points.append((facts[fact], label, ""))
    return [{"on": on, "label": label, "text": text} for on, label, text in sorted(points)]


def findings_of(case: Case) -> dict:
    """Findings of each asked discipline, newest first; corrected ones stay, marked."""
    language, pathway = get_language(), case.pathway
    findings: dict[str, list[dict]] = {}
    superseded = set(case.findings.exclude(supersedes=None).values_list("supersedes_id", flat=True))
    for finding in case.findings.select_related("recorded_by"):
        findings.setdefault(finding.discipline, []).append(
            {
                "finding": finding,
                "is_superseded": finding.pk in superseded,
                "facts": described_facts(pathway, finding, language),
            }
        )
    waiting: dict[str, list[str]] = {}
    for item in case.readiness:
        if item["state"] in WAITED_FOR:
            waiting.setdefault(item["owner"], []).append(item_label(pathway, item["fact"], language))
    codes = list(asked_disciplines(pathway))
    codes += [code for code in findings if code not in codes]
    return {
        "disciplines": [
            {"code": code, "findings": findings.get(code, []), "missing": _(", ").join(waiting.get(code, []))}
            for code in codes
        ]
    }


def described_facts(pathway: str, finding: Finding, language: str) -> list[dict]:
    """The facts of one finding in words."""
    return [
        {
            "fact": fact,
            "label": fact_label(pathway, fact, language),
            "text": describe(pathway, fact, value, language),
        }
        for fact, value in finding.facts.items()
    ]


def history_of(case: Case) -> dict:
    """Proposals and what changed the case, newest first. Who merely looked is in the auditors' log."""
    return {
        "proposals": case.proposals.select_related("made_by").defer("facts", "statements", "outcome"),
        "events": Event.objects.of_case(case.reference).writes().select_related("by").order_by("-number"),
    }
