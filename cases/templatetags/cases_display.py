"""How a case is shown: chips of types, ticks of readiness, the liver, the proposal's parts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django import template
from django.utils.translation import get_language, gettext, ngettext, pgettext

from cases.alternatives import either
from cases.models import Patient
from cases.pictures.geometry import Geometry, liver_geometry
from cases.pictures.liver import LiverPicture, LiverThumbnail, draw_liver, draw_thumbnail
from cases.reasoning import category_label
from mdt.people.joining import listed

register = template.Library()

_ROMAN_ZH: Final = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}
_TICK_CLASS: Final = {"known": "k", "missing": "m", "stale": "s", "disputed": "x"}
_TICK_STEP: Final = 8


@register.filter
def sex_and_age(patient: Patient) -> str:
    """A patient in short: "female 68"."""
    return gettext("%(sex)s %(age)s") % {"sex": patient.get_sex_display(), "age": patient.age}


@register.filter
def type_mark(category: object) -> str:
    """The sign of a category as the reader writes it: II, in Chinese Ⅱ."""
    text = str(category)
    return _ROMAN_ZH.get(text, text) if (get_language() or "").startswith("zh") else text


@register.filter
def type_name(category: object, pathway: str = "") -> str:
    """A category as a word of a sentence: II, in Chinese Ⅱ型, or as the pathway's scheme names it (A 期)."""
    if pathway and (get_language() or "").startswith("zh"):
        return category_label(pathway, str(category), "zh-hans") or type_name(category)
    return pgettext("category in a sentence", "%(type)s") % {"type": type_mark(category)}


@register.filter
def type_names(categories: Iterable[object] | None, pathway: str = "") -> str:
    """Several categories as words of a sentence: "I, II", in Chinese Ⅰ型、Ⅱ型."""
    return gettext(", ").join(type_name(category, pathway) for category in categories or ())


@register.filter
def type_marks(categories: Iterable[object] | None) -> str:
    """Several categories in one phrase: "II, III"."""
    return gettext(", ").join(type_mark(category) for category in categories or ())


@register.filter
def phrase(parts: Iterable[object] | None) -> str:
    """Words in a row, as the reader's language separates them; of a mapping its label counts."""
    words = (part.get("label", "") if isinstance(part, Mapping) else part for part in parts or ())
    return listed(words)


@register.filter
def join_or(words: Iterable[object] | None) -> str:
    """Words of which one holds: "Type II or Type III", "I, II or III"."""
    return either(words or ())


@register.filter
def item(mapping: Mapping[Any, Any] | None, key: object) -> Any:
    """The entry of a mapping under a key that is itself a variable."""
    return (mapping or {}).get(key)


@register.inclusion_tag("_types.html")
def types(categories: Sequence[Mapping[str, Any]], confirmed: str | None = None) -> dict[str, object]:
    """Chips of categories: possible, provisional (dashed), only one left (framed), confirmed (filled)."""
    chips = [{"mark": type_mark(entry["id"]), "look": _chip_look(entry, confirmed)} for entry in categories]
    return {"chips": chips, "label": _types_label(categories, confirmed)}


def _chip_look(entry: Mapping[str, Any], confirmed: str | None) -> str:
    if confirmed:
        return "sure" if entry["id"] == confirmed else "out"
    if entry["state"] == "only":
        return "only"
    if entry["state"] == "ruled_out":
        return "out"
    return "prov" if entry.get("provisional") else "may"


def _types_label(categories: Sequence[Mapping[str, Any]], confirmed: str | None) -> str:
    if confirmed:
        return gettext("Confirmed type %(type)s") % {"type": type_mark(confirmed)}
    possible = [entry["id"] for entry in categories if entry["state"] != "ruled_out"]
    provisional = [entry["id"] for entry in categories if entry.get("provisional") and entry["state"] == "possible"]
    if not possible:
        return gettext("No type applies")
    if len(possible) == 1:
        return gettext("Only type %(type)s is possible") % {"type": type_mark(possible[0])}
    if provisional:
        return gettext("Possible types %(possible)s; provisional type %(provisional)s") % {
            "possible": type_marks(possible),
            "provisional": type_marks(provisional),
        }
    return gettext("Possible types %(possible)s") % {"possible": type_marks(possible)}


@register.inclusion_tag("_ticks.html")
def ticks(items: Iterable[Mapping[str, Any] | str]) -> dict[str, object]:
    """One tick for each required fact, in fixed order. An item is a state, or {"state", "label"}.

    States: known, missing, stale, disputed. The text beside the ticks still has to name what is missing.
    """
    marks = []
    for index, item in enumerate(items):
        entry = {"state": item, "label": ""} if isinstance(item, str) else item
        hollow = entry["state"] == "missing"
        marks.append(
            {
                "look": _TICK_CLASS.get(entry["state"], "m"),
                "label": entry.get("label", ""),
                "x": index * _TICK_STEP + (0.5 if hollow else 0),
                "y": 0.5 if hollow else 0,
                "width": 5 if hollow else 6,
                "height": 9 if hollow else 10,
            }
        )
    return {"marks": marks, "width": max(len(marks) * _TICK_STEP - 2, 1), "label": _ticks_label(marks)}


def _ticks_label(marks: Sequence[Mapping[str, Any]]) -> str:
    count = {look: sum(mark["look"] == look for mark in marks) for look in "kmsx"}
    parts = [
        ngettext("%(known)d of %(count)d fact known", "%(known)d of %(count)d facts known", len(marks))
        % {"known": count["k"], "count": len(marks)}
    ]
    if count["s"]:
        parts.append(gettext("%(count)d stale") % {"count": count["s"]})
    if count["x"]:
        parts.append(gettext("%(count)d disputed") % {"count": count["x"]})
    return gettext(", ").join(parts)


@register.simple_tag
def liver_picture(
    lesions: Sequence[Mapping[str, Any]] | None,
    liver_facts: Mapping[str, Any] | None = None,
    name: str = "liver",
    is_large: bool = False,
) -> LiverPicture:
    """The liver with lesions to scale, for cases/_liver.html and cases/_liver_svg.html (``picture``).

    ``name`` begins the ids, each picture of a page its own; ``is_large`` is for the projector.
    """
    return draw_liver({**(liver_facts or {}), "liver_lesions": lesions}, name=name, is_large=bool(is_large))


@register.simple_tag
def liver_thumbnail(
    lesions: Sequence[Mapping[str, Any]] | None, liver_facts: Mapping[str, Any] | None = None
) -> LiverThumbnail:
    """The liver of one row of a list; the page needs cases/_liver_defs.html once."""
    facts = {**(liver_facts or {}), "liver_lesions": lesions}
    return _thumbnail(json.dumps(facts, default=str, sort_keys=True), get_language())


@lru_cache(maxsize=4096)
def _thumbnail(facts: str, language: str | None) -> LiverThumbnail:
    """Cached: a list shows the same few livers again and again."""
    return draw_thumbnail(json.loads(facts))


@register.simple_tag
def liver_outlines() -> Geometry:
    """The shapes that all thumbnails of a page refer to."""
    return liver_geometry()
