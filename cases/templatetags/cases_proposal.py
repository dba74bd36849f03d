"""The parts of a proposal: what the outcome says, put in order for the templates of the case page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from cases.lacking import Lack, lacking
from cases.models import Case
from cases.option_order import why_rejected
from cases.option_page import awaited, by_standing, only_one, recommended, unchecked_gates
from cases.pictures.course import build_course
from cases.pictures.ladder import build_ladder, effects, verdict_of
from cases.pictures.pathway import draw_pathway
from cases.templatetags.cases_display import type_mark
from mdt.people import alike
from mdt.people.templatetags.looks import STATES

register = template.Library()

register.simple_tag(build_ladder, name="ladder_of")
register.simple_tag(lambda system: draw_pathway(build_ladder(system)), name="pathway_of")
register.simple_tag(verdict_of, name="verdict_of")
register.simple_tag(build_course, name="course_of")
register.filter("effects", effects)
register.filter("why_rejected", why_rejected)
register.simple_tag(by_standing, name="options_by_standing")
register.simple_tag(only_one, name="only_option_of")
register.simple_tag(recommended, name="recommended_of")
register.simple_tag(awaited, name="awaited_of")

_EVIDENCE: Final = {
    "rct": _("RCT"),
    "single_arm": _("Single-arm trial"),
    "trial": _("Trial"),
    "meta_analysis": _("Meta-analysis"),
    "observational": _("Observational: selection bias"),
    "extrapolated": _("Extrapolated"),
    "consensus": _("Consensus"),
    "guideline": _("Guideline"),
    "house": _("House rule"),
    "house_rule": _("House rule"),
    "label": _("Approved label"),
}
_EDITIONS: Final = {
    "draft": ("unverified", _("Draft: no clinician has verified it")),
    "reviewed": ("unverified", _("Reviewed, not yet approved")),
    "approved": ("ready", _("Approved edition")),
    "retired": ("stale", _("Retired edition")),
}
# Status of an option: its badge, its word, and its words where it holds only under a provisional type.
_OPTIONS: Final = {
    "recommended": ("recommended", _("Recommended"), _("Recommended if type %(type)s")),
    "consider": ("consider", _("Consider"), _("Consider if type %(type)s")),
    "not_recommended": ("not", _("Not recommended"), _("Not recommended if type %(type)s")),
    "contraindicated": ("contraindicated", _("Contraindicated"), _("Contraindicated if type %(type)s")),
    "undetermined": ("undetermined", _("Undetermined"), ""),
}


@register.filter
def argument_markup(argument: Mapping[str, Any]) -> SafeString:
    """A sentence for or against an option, with its kind and source."""
    return alike.rendered("cases/_argument.html", {"argument": argument})


@register.filter
def option_markup(option: Mapping[str, Any]) -> SafeString:
    """One option, folded but for what is recommended; the same one stands in many cases."""
    return alike.rendered("cases/_option.html", {"option": option})


@register.filter
def would_move(assumptions: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, Any]]) -> str:
    """What may still change a type, in words: at most three of its assumptions and two of the missing facts."""
    labels = (str(entry["label"]) for entry in [*(assumptions or ())[:3], *(missing or ())[:2]])
    return pgettext("between the parts of one description", ", ").join(labels)


@register.filter
def evidence_label(kind: object) -> str:
    """The kind of evidence behind an argument, in the reader's language."""
    return str(_EVIDENCE.get(str(kind or "").lower(), kind or ""))


@register.inclusion_tag("_state.html")
def edition_state(status: str) -> dict[str, object]:
    """How far an edition of the rules may be trusted."""
    kind, text = _EDITIONS.get(status, ("unverified", status))
    return _badge(kind, text)


@register.inclusion_tag("_state.html")
def option_state(option: Mapping[str, Any]) -> dict[str, object]:
    """Status of an option; the badge says what it rests on: a provisional type, gates nobody has looked at."""
    kind, alone, with_type = _OPTIONS.get(option["status"], _OPTIONS["undetermined"])
    # "Undetermined if type I" would say less than "undetermined": what it waits for stands beside it.
    depends = option.get("depends_on") if kind != "undetermined" else None
    unchecked = unchecked_gates(option)
    words = with_type % {"type": type_mark(depends)} if depends else str(alone)
    if unchecked:
        noted = ngettext("%(status)s; %(count)d gate not checked", "%(status)s; %(count)d gates not checked", unchecked)
        words = noted % {"status": words, "count": unchecked}
    return _badge("provisional" if kind == "recommended" and (depends or unchecked) else kind, words)


def _badge(kind: str, text: object) -> dict[str, object]:
    return {"kind": kind, "icon": STATES[kind][0], "text": text, "pill": True}


@register.simple_tag(takes_context=True)
def lacking_of(context: template.Context, case: Case) -> list[Lack]:
    """What a case that is not ready lacks, with the way that this reader has to it."""
    return lacking(case, context["request"].user)


@register.simple_tag
def readiness_by_owner(
    readiness: Sequence[Mapping[str, Any]], *deciding: Iterable[Mapping[str, Any]] | None
) -> list[dict[str, Any]]:
    """What is missing or stale, by who is asked for it; ``deciding`` lists the facts that can still move the type."""
    moves = {entry["fact"] for entries in deciding for entry in entries or ()}
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in readiness:
        if item["state"] != "known":
            groups.setdefault(item["owner"], []).append({**item, "moves_type": item["fact"] in moves})
    return [{"owner": owner, "items_open": items} for owner, items in groups.items()]
