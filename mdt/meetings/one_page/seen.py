"""The right column: the liver with its lesions, nodes and peritoneum, and the options."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.added_details import added_words
from cases.models import Case
from cases.option_page import is_open
from cases.spread_page import holding
from cases.templatetags.cases_proposal import option_state
from mdt.meetings.documents.wording import listed
from mdt.meetings.one_page.drawing import MOST_LABELS, liver_on_paper
from mdt.meetings.one_page.parts import ask_whom, counted, item, said_once, section, source_of, together
from mdt.meetings.one_page.shortened import shortened

OPTIONS_TOGETHER = 4


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
            more=counted("place"),
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
    if context["proposal"]:
        quiet += added_words(context["proposal"].current_statements.get("liver_lesions", ()))
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
        tag=source_of(said) if said else "",
        quiet=quiet,
        picture={"svg": svg, "alt": picture.description or picture.title},
        table=[_("No."), _("Segment"), _("Diameter"), _("Nature"), _("Vessel")] if rows else None,
        more=counted("lesion"),
    )


def _remnant(remnant: dict[str, Any]) -> str:
    text = remnant["text"] or _("not stated")
    source = source_of(remnant["said"]) if remnant["said"] else ask_whom(remnant["owner"])
    words = _("%(fact)s: %(value)s") % {"fact": remnant["label"], "value": text}
    return _("%(value)s (%(source)s)") % {"value": words, "source": source}


def _places(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Places of which one source says the same stand together; what nobody stated comes under whom to ask."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for row in rows:
        is_known = row["said"] is not None
        source = source_of(row["said"]) if is_known else ask_whom(row["owner"])
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
        items += said_once(
            [item(listed(some, _("; ")), head=status, count=len(some)) for some in together(labels, OPTIONS_TOGETHER)]
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
        more=counted("option"),
    )
