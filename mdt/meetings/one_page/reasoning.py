"""The left column: the type and what it rests on, where sources differ, what is open, the facts by discipline."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases.models import Case
from cases.pictures.ladder import verdict_of
from cases.reasoning import fact_label
from cases.templatetags.cases_display import type_marks
from cases.templatetags.cases_proposal import edition_state
from mdt.meetings.documents.wording import described, is_chinese, listed
from mdt.meetings.one_page.parts import ask_whom, counted, item, said_once, section, source_of, together
from mdt.meetings.one_page.shortened import shortened
from mdt.people.templatetags.looks import discipline_label

FACTS_TOGETHER = 4


def reasoned(case: Case, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The type and what it rests on, where sources differ, what is open, and the facts by discipline."""
    if context["proposal"] is None:
        return [
            section(
                _("Proposed type"),
                [],
                rank=0,
                least=0,
                lead=[_("No proposal yet")],
                quiet=[_("The first recorded finding makes the first proposal.")],
            ),
            section(_("Facts by discipline"), [], rank=4, least=0, none=_("Nothing recorded yet.")),
        ]
    found = [_type(case, context), _differences(context), _open(context), _because(context), _facts(case, context)]
    return [each for each in found if each]


def _type(case: Case, context: dict[str, Any]) -> dict[str, Any]:
    system = context["system"]
    verdict = verdict_of(system)
    says = _("No type applies")
    if verdict.kind == "only":
        says = _("%(label)s, %(text)s") % {"label": verdict.label, "text": verdict.text}
    elif verdict.kind == "provisional":
        says = _("Provisionally %(label)s, %(text)s") % {"label": verdict.label, "text": verdict.text}
    elif verdict.kind == "open":
        says = _("Still open: %(types)s") % {"types": type_marks(verdict.marks)}
    strict = _("The only type left, whatever the missing facts turn out to be.")
    if verdict.kind == "none":
        strict = context["absent_text"] or _("The facts say that the patient does not have this disease.")
    elif verdict.kind != "only":
        strict = _("Strictly possible: %(types)s.") % {"types": type_marks(verdict.possible)}
        if verdict.kind == "provisional":
            strict = _sentences([strict, _("Provisional under the assumptions below.")])
    edition = described([system["label"], str(edition_state(system["status"])["text"])])
    quiet = [strict, edition, *(shortened(str(flag), 160) for flag in _flags(system))]
    if restaged := context["restaged"]:
        quiet.append(_("Can be resected now: %(answer)s") % {"answer": restaged["now"] or _("Not known")})
    if case.type_confirmed:
        confirmed = _("The meeting confirmed type %(type)s") % {"type": type_marks([case.type_confirmed])}
        quiet.insert(0, confirmed)
    tag = "" if system["status"] == "approved" else _("unverified")
    label = _("Type at presentation") if context["restaged"] else _("Proposed type")
    return section(label, [], rank=0, least=0, lead=[says], quiet=quiet, tag=tag)


def _flags(system: dict[str, Any]) -> Iterable[str]:
    texts = system.get("flag_texts") or {}
    return [texts.get(flag, "") for flag in system.get("flags") or () if texts.get(flag)]


def _because(context: dict[str, Any]) -> dict[str, Any]:
    """Each rule's sentence with the answer it gives, and whose statements it read; those that gave the type first."""
    items, marked = [], verdict_of(context["system"]).marks
    for reason in sorted(context["system"]["because"], key=lambda reason: reason["answer"] not in marked):
        marks = [_("assumed")] if reason.get("is_assumed") else []
        if (reason.get("citation") or {}).get("label") == "unverified":
            marks.append(_("unverified"))
        sources = [source_of(said) for said in reason["stated"] if said["discipline"]]
        words = f"{reason['text']} → {type_marks([reason['answer']])}"
        items.append(item(shortened(words, 150), source=shortened(listed([*marks, *sources], _("; ")), 120)))
    return section(
        _("What it rests on"),
        items,
        rank=3,
        least=2,
        none=_("No rule has answered yet."),
        more=counted("reason"),
    )


def _open(context: dict[str, Any]) -> dict[str, Any]:
    """What is assumed, then what is missing and can still move the type, each with the discipline to ask."""
    items = [
        item(shortened(each["text"], 130), head=_("Assumed"), source=ask_whom(each["owner"]), mark="unknown")
        for each in context["assumptions"]
    ]
    items += [
        item(shortened(each["label"], 130), head=_("Not stated"), source=ask_whom(each["owner"]), mark="unknown")
        for each in context["missing"]
    ]
    return section(
        _("Assumptions and missing facts"),
        said_once(items),
        rank=2,
        least=3,
        none=_("No missing fact can move the type."),
        more=counted("open"),
    )


def _differences(context: dict[str, Any]) -> dict[str, Any] | None:
    if not context["contradictions"]:
        return None
    items = []
    for entry in context["contradictions"]:
        sides = [
            _("%(value)s (%(source)s)") % {"value": shortened(str(side["value"]), 60), "source": source_of(side)}
            for side in sorted(entry["sides"], key=lambda side: not side["holds"])
        ]
        words = _("%(sides)s; the first was used") % {"sides": listed(sides[:4], _(" against "))}
        left = len(sides) - 4
        if left > 0:
            words = f"{words} {_('and %(count)d more: see the case') % {'count': left}}"
        items.append(item(words, head=entry["label"], mark="alarm"))
    return section(_("Where sources differ"), items, rank=1, least=2, more=counted("difference"))


def _facts(case: Case, context: dict[str, Any]) -> dict[str, Any]:
    """By discipline: what each source said on one day together, then what nobody stated."""
    disputed = {entry["label"] for entry in context["contradictions"]}
    lesions = fact_label(case.pathway, "liver_lesions", get_language()) if context["has_liver"] else ""  # in the table
    items = []
    for group in context["facts_by_discipline"]:
        label = discipline_label(group["discipline"])
        by_source: dict[str, list[str]] = {}
        unknown = []
        for fact in group["facts"]:
            if not fact["is_known"]:
                unknown.append(fact["label"])
            elif fact["label"] != lesions:
                by_source.setdefault(source_of(fact), []).append(_fact_words(fact, fact["label"] in disputed))
        for source, words in by_source.items():
            items += [
                item(listed(some, _("; ")), head=label, source=source, count=len(some))
                for some in together(words, FACTS_TOGETHER)
            ]
        items += [
            item(
                _("not stated: %(facts)s") % {"facts": listed(some)},
                head=label,
                mark="unknown",
                count=len(some),
            )
            for some in together(unknown, 2 * FACTS_TOGETHER)
        ]
    none = "" if items else _("Nothing recorded yet.")
    return section(_("Facts by discipline"), said_once(items), rank=4, least=3, none=none, more=counted("fact"))


def _fact_words(fact: dict[str, Any], is_disputed: bool) -> str:
    words = _("%(fact)s: %(value)s") % {"fact": fact["label"], "value": shortened(str(fact["text"]), 110)}
    marks = [
        _("readings differ") if is_disputed else "",
        _("too old, counts as unknown") if fact["is_stale"] else "",
        _("first staging only") if fact["is_first_only"] else "",
        pgettext("a fact", "still open") if fact["asked"] else "",
    ]
    said = listed(marks)
    return f"{words} [{said}]" if said else words


def _sentences(words: Iterable[str]) -> str:
    return ("" if is_chinese() else " ").join(words)
