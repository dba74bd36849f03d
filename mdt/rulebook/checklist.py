"""What the checklist shows: the rules of an edition, or of a part, beside the paper, one by one."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from classification.rulebook import PathwayRules
from mdt.people.models import User
from mdt.people.permissions import Permission, can_anywhere
from mdt.rulebook import library, parts
from mdt.rulebook.models import Judgement
from mdt.rulebook.standing import judgements_of, progress_of
from mdt.rulebook.wording import cited, said, sentence, shown_components, shown_flags


def checklist_context(rules: PathwayRules, edition: library.Signable, user: User) -> dict[str, Any]:
    """Every rule with the last comparison."""
    judgements = judgements_of(edition.scheme, edition.digest)
    facts = rules.pathway.facts
    rows = [
        {
            "id": each.id,
            "component": said(each.component) if each.component else _kind_of(edition, each.id),
            "text": sentence(each.texts, facts),
            "citation": cited(each.citation),
            "judgement": judgements.get(each.id),
        }
        for each in library.citables(edition)
    ]
    return {
        "rows": rows,
        "progress": progress_of(edition, judgements),
        "sources": sources(edition),
        "can_review": can_anywhere(user, Permission.RULES_REVIEW),
        "next_open": next((row["id"] for row in rows if row["judgement"] is None), ""),
    }


def _kind_of(edition: library.Signable, rule: str) -> str:
    if isinstance(edition, library.PartFile):
        return _("Gate") if rule.startswith(library.GATE) else _("Argument")
    return _("Flags")


def judge_context(rules: PathwayRules, edition: library.Signable, rule: str) -> dict[str, Any] | None:
    """One rule with its table row, and everything that was found about it, newest first. None for an unknown one."""
    facts = rules.pathway.facts
    judgements = judgements_of(edition.scheme, edition.digest)
    if isinstance(edition, library.PartFile):
        rows = parts.shown_rules(edition, facts, judgements)
    else:
        rows = [row for component in shown_components(edition, facts, judgements) for row in component.rules]
        rows += shown_flags(edition, facts, judgements)
    shown = next((row for row in rows if row.id == rule), None)
    if shown is None:
        return None
    history = Judgement.objects.filter(scheme=edition.scheme, digest=edition.digest, rule=rule)
    return {"rule": shown, "history": history.select_related("judged_by").order_by("-id")}


def sources(edition: library.Signable) -> list[Mapping[str, str]]:
    """Every source that is cited, once, in the reader's language."""
    found = {each.citation.source: cited(each.citation) for each in library.citables(edition)}
    return list(found.values())
