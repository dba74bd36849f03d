"""The sections of the two columns: the reasoning on the left, what was seen and what can be done on the right.

A section is a heading, a few lines that always stand, and items, the most important first. The template places as many
items as fit, at least `least` where the page allows it, those of a lower `rank` before others, and says how many more
there are: an item counts for as many as it holds.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases.models import Case
from cases.option_page import is_open
from cases.pictures.ladder import verdict_of
from cases.reasoning import fact_label
from cases.spread_page import holding
from cases.templatetags.cases_display import type_marks
from cases.templatetags.cases_proposal import edition_state, option_state
from mdt.meetings.documents.wording import described, is_chinese, listed
from mdt.meetings.one_page.drawing import MOST_LABELS, liver_on_paper
from mdt.meetings.one_page.shortened import shortened
from mdt.people.templatetags.looks import day, discipline_label

FACTS_TOGETHER = 4
OPTIONS_TOGETHER = 4


def item(text: str = "", *, head: str = "", source: str = "", mark: str = "", count: int = 1) -> dict[str, Any]:
    """`mark` "unknown" is set apart as what nobody stated, "alarm" as what a reader must not miss."""
    return {"head": head, "text": text, "source": source, "mark": mark, "count": count}


def section(label: str, items: list[dict[str, Any]], *, rank: int, least: int, **parts: Any) -> dict[str, Any]:
    """`more`: the words for one and for several that did not fit, with %(count)d in place of the number."""
    one, several = parts.pop("more", None) or (
        _("and %(count)d more: see the case"),
        _("and %(count)d more: see the case"),
    )
    empty = {"tag": "", "lead": [], "quiet": [], "none": "", "picture": None, "table": None, "frame": False}
    more = {"one": one, "several": several}
    return {"label": label, "items": items, "rank": rank, "least": least, "more": more, **empty, **parts}


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
        sources = [_source(said) for said in reason["stated"] if said["discipline"]]
        words = f"{reason['text']} → {type_marks([reason['answer']])}"
        items.append(item(shortened(words, 150), source=shortened(listed([*marks, *sources], _("; ")), 120)))
    return section(
        _("What it rests on"),
        items,
        rank=3,
        least=2,
        none=_("No rule has answered yet."),
        more=_counted("reason"),
    )


def _open(context: dict[str, Any]) -> dict[str, Any]:
    """What is assumed, then what is missing and can still move the type, each with the discipline to ask."""
    items = [
        item(shortened(each["text"], 130), head=_("Assumed"), source=_ask(each["owner"]), mark="unknown")
        for each in context["assumptions"]
    ]
    items += [
        item(shortened(each["label"], 130), head=_("Not stated"), source=_ask(each["owner"]), mark="unknown")
        for each in context["missing"]
    ]
    return section(
        _("Assumptions and missing facts"),
        _said_once(items),
        rank=2,
        least=3,
        none=_("No missing fact can move the type."),
        more=_counted("open"),
    )


def _differences(context: dict[str, Any]) -> dict[str, Any] | None:
    if not context["contradictions"]:
        return None
    items = []
    for entry in context["contradictions"]:
        sides = [
            _("%(value)s (%(source)s)") % {"value": shortened(str(side["value"]), 60), "source": _source(side)}
            for side in sorted(entry["sides"], key=lambda side: not side["holds"])
        ]
        words = _("%(sides)s; the first was used") % {"sides": listed(sides[:4], _(" against "))}
        left = len(sides) - 4
        if left > 0:
            words = f"{words} {_('and %(count)d more: see the case') % {'count': left}}"
        items.append(item(words, head=entry["label"], mark="alarm"))
    return section(_("Where sources differ"), items, rank=1, least=2, more=_counted("difference"))


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
                by_source.setdefault(_source(fact), []).append(_fact_words(fact, fact["label"] in disputed))
        for source, words in by_source.items():
            items += [
                item(listed(some, _("; ")), head=label, source=source, count=len(some))
                for some in _together(words, FACTS_TOGETHER)
            ]
        items += [
            item(
                _("not stated: %(facts)s") % {"facts": listed(some)},
                head=label,
                mark="unknown",
                count=len(some),
            )
            for some in _together(unknown, 2 * FACTS_TOGETHER)
        ]
    none = "" if items else _("Nothing recorded yet.")
    return section(_("Facts by discipline"), _said_once(items), rank=4, least=3, none=none, more=_counted("fact"))


def _fact_words(fact: dict[str, Any], is_disputed: bool) -> str:
    words = _("%(fact)s: %(value)s") % {"fact": fact["label"], "value": shortened(str(fact["text"]), 110)}
    marks = [
        _("readings differ") if is_disputed else "",
        _("too old, counts as unknown") if fact["is_stale"] else "",
        _("first staging only") if fact["is_first_only"] else "",
    ]
    said = listed(marks)
    return f"{words} [{said}]" if said else words


def seen(case: Case, context: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The liver with its lesions, nodes and peritoneum in words, and the options."""
    if context["proposal"] is None:
        if context["has_liver"]:
            yield _liver(case, context)
        yield section(_("Options"), [], rank=3, least=0, none=_("No proposal yet"))
        return
    if context["has_liver"]:
        yield _liver(case, context)
    if context.get("spread_rows"):
        yield section(
            _("Nodes and peritoneum"),
            list(_places(context["spread_rows"])),
            rank=1,
            least=9,
            more=_counted("place"),
        )
    yield _options(context)


def _liver(case: Case, context: dict[str, Any]) -> dict[str, Any]:
    lesions = context.get("lesions") or []
    picture, svg = liver_on_paper({**context.get("liver_facts", {}), "liver_lesions": lesions})
    listed_first = picture.lesions
    if len(lesions) > MOST_LABELS:  # not all will fit
        listed_first = sorted(picture.lesions, key=lambda each: -(each.drawn_mm or float("inf")))
    rows = [
        [str(each.number), each.segments_text, each.size_text, each.nature_text, each.vessel_text]
        for each in listed_first
    ]
    said = holding(context["proposal"], "liver_lesions") if context["proposal"] else None
    quiet = [] if rows else [*map(str, picture.statements), _("No lesion has been listed.")]
    if len(rows) > MOST_LABELS:
        words = _("%(count)d lesions; those without a stated size and the largest come first.")
        quiet.append(words % {"count": len(rows)})
    if context.get("remnant"):
        quiet.append(_remnant(context["remnant"]))
    if restaged := context.get("restaged"):
        count = len(restaged["lesions"])
        quiet.append(
            ngettext(
                "At the restaging. At the first staging %(count)d lesion was listed.",
                "At the restaging. At the first staging %(count)d lesions were listed.",
                count,
            )
            % {"count": count}
        )
    return section(
        _("Liver"),
        [{"cells": row, "count": 1} for row in rows],
        rank=2,
        least=3,
        tag=_source(said) if said else "",
        quiet=quiet,
        picture={"svg": svg, "alt": picture.description or picture.title},
        table=[_("No."), _("Segment"), _("Diameter"), _("Nature"), _("Vessel")] if rows else None,
        more=_counted("lesion"),
    )


def _remnant(remnant: dict[str, Any]) -> str:
    text = remnant["text"] or _("not stated")
    source = _source(remnant["said"]) if remnant["said"] else _ask(remnant["owner"])
    words = _("%(fact)s: %(value)s") % {"fact": remnant["label"], "value": text}
    return _("%(value)s (%(source)s)") % {"value": words, "source": source}


def _places(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Places of which one source says the same stand together; what nobody stated comes under whom to ask."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for row in rows:
        is_known = row["said"] is not None
        source = _source(row["said"]) if is_known else _ask(row["owner"])
        groups.setdefault((str(row["word"]), source, is_known), []).append(str(row["label"]))
    for (word, source, is_known), labels in groups.items():
        words = _("%(fact)s: %(value)s") % {"fact": listed(labels), "value": word}
        yield item(shortened(words, 200), source=source, mark="" if is_known else "unknown", count=len(labels))


def _options(context: dict[str, Any]) -> dict[str, Any]:
    """Names under their status: those that are open one by one, then the others together."""
    items, others = [], {}
    for option in context["options"]:
        status = str(option_state(option)["text"])
        if is_open(option):
            items.append(item(shortened(option["label"], 140), head=status))
        else:
            others.setdefault(status, []).append(shortened(option["label"], 140))
    for status, labels in others.items():
        items += _said_once(
            [item(listed(some, _("; ")), head=status, count=len(some)) for some in _together(labels, OPTIONS_TOGETHER)]
        )
    files = context["answer"].get("options_rules") or []
    is_verified = bool(files) and all(file["status"] == "approved" for file in files)
    return section(
        _("Options as proposed"),
        items,
        rank=3,
        least=4,
        tag="" if is_verified else _("not verified"),
        none=_("No option is recommended or to be considered by what is known today."),
        more=_counted("option"),
    )


def _said_once(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What follows under the same head does not repeat it: items are only ever left out from the end."""
    heads = [each["head"] for each in items]
    return [
        {**each, "head": "" if position and heads[position - 1] == each["head"] else each["head"]}
        for position, each in enumerate(items)
    ]


def _sentences(words: Iterable[str]) -> str:
    return ("" if is_chinese() else " ").join(words)


def _together(words: Iterable[str], most: int) -> Iterator[list[str]]:
    rest = iter(words)
    while some := list(islice(rest, most)):
        yield some


def _source(said: dict[str, Any]) -> str:
    return described([discipline_label(said["discipline"]), day(said.get("on"))])


def _ask(owner: str) -> str:
    return _("ask %(owner)s") % {"owner": discipline_label(owner)}


def _counted(what: str) -> tuple[str, str]:
    """Words for what did not fit, for one and for several."""
    return {
        "reason": (_("and %(count)d more reason: see the case"), _("and %(count)d more reasons: see the case")),
        "open": (_("and %(count)d more open fact: see the case"), _("and %(count)d more open facts: see the case")),
        "difference": (
            _("and %(count)d more difference: see the case"),
            _("and %(count)d more differences: see the case"),
        ),
        "fact": (_("and %(count)d more finding: see the case"), _("and %(count)d more findings: see the case")),
        "lesion": (_("and %(count)d more lesion: see the case"), _("and %(count)d more lesions: see the case")),
        "place": (_("and %(count)d more place: see the case"), _("and %(count)d more places: see the case")),
        "option": (_("and %(count)d more option: see the case"), _("and %(count)d more options: see the case")),
    }[what]
