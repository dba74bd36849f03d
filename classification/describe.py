"""What is known of a fact, in words a clinician would use, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from .facts import NOT_APPLICABLE, UNKNOWN, Fact, Lesion, Site, Standing, Text, known

NATURE = {
    "metastasis": ("metastasis", "转移"),
    "indeterminate": ("indeterminate", "性质不定"),
    "benign": ("benign", "良性"),
    "second_primary": ("second primary", "第二原发"),
}
RELATION = {
    "clear": ("clear of vessels", "无接触"),
    "abuts": ("abuts", "紧贴"),
    "invades": ("invades", "侵犯"),
}
VESSEL = {
    "portal_vein": ("portal vein", "门静脉"),
    "hepatic_vein": ("hepatic vein", "肝静脉"),
    "ivc": ("vena cava", "下腔静脉"),
    "bile_duct": ("bile duct", "胆管"),
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SIDE = {"left": ("left", "左"), "right": ("right", "右"), "both": ("both sides", "双侧")}


def _pick(language: str, en: str, zh: str) -> str:
    return en if language == "en" else zh


def either(words: Iterable[str], language: str) -> str:
    """ "T4a or T4b"; Chinese parts 或 from Latin letters and figures: T4a 或 T4b, 左半肝或右半肝, 0 或 1+ 或 2+."""
    whole = ""
    for word in words:
        if whole:
            before, after = (" " if edge.isascii() and edge.strip() else "" for edge in (whole[-1:], word[:1]))
            whole += " or " if language == "en" else f"{before}或{after}"
        whole += word
    return whole


def describe(fact: Fact, stated: Any, language: str = "en") -> str:
    """Readable words for a JSON value or a standing. Raises ``FactError`` for a value that is not allowed."""
    standing = stated if isinstance(stated, Standing) else fact.parse(stated)
    return describe_standing(fact, standing, language)


def describe_standing(fact: Fact, standing: Standing, language: str = "en") -> str:
    """``T4a or T4b``, ``2 to 4``, ``at least 2``, ``does not apply``, ``looked for, none``."""
    if standing == UNKNOWN:
        return _pick(language, "not stated", "未说明")
    if standing == NOT_APPLICABLE:
        return _pick(language, "does not apply", "不适用")
    unit = _unit(fact, language)
    if standing.kind == "known":
        return _value(fact, standing.value, language) + unit
    if standing.kind == "one_of":
        shown = [_value(fact, value, language) for value in standing.values]
        return either(shown, language) + unit
    low, high = (None if end is None else _point(fact, end, language) for end in (standing.low, standing.high))
    if fact.type == "date" and (low is None or high is None):
        day = high or low
        return (
            _pick(language, f"until {day}", f"不晚于{day}")
            if low is None
            else _pick(language, f"from {day} on", f"不早于{day}")
        )
    if low is None:
        return _pick(language, f"up to {high}", f"至多 {high}") + unit
    if high is None:
        return _pick(language, f"at least {low}", f"至少 {low}") + unit
    return _pick(language, f"{low} to {high}", f"{low}–{high}") + unit


def _unit(fact: Fact, language: str) -> str:
    if fact.units is None or fact.type not in ("integer", "number"):
        return ""
    label = fact.unit_label(language)
    return label if label.startswith("%") else f" {label}"


def _number(value: Any) -> str:
    return f"{value:,.10g}".replace(",", "") if isinstance(value, int | float) else str(value)


def _point(fact: Fact, value: Any, language: str) -> str:
    """A number, or a day as the reader writes it: ``21 Nov 2026``, ``2026年11月21日``."""
    if fact.type != "date":
        return _number(value)
    day = date.fromisoformat(str(value))
    return _pick(language, f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def _value(fact: Fact, value: Any, language: str) -> str:
    if fact.type == "choice":
        extra = {"T4": "T4a", "T1": "T1a"}.get(value)
        if extra and value in fact.covers:
            return either(fact.covers[value], language)
        return fact.value_label(value, language)
    if fact.type == "yes_no":
        return fact.value_label(value, language)
    if fact.type == "set":
        if not value:
            return _pick(language, "looked for, none", "已查，无")
        return _pick(language, ", ", "、").join(fact.value_label(item, language) for item in value)
    if fact.type == "sites":
        if not value:
            return _pick(language, "looked for, none", "已查，无")
        return _pick(language, ", ", "、").join(_site(fact, item, language) for item in value)
    if fact.type == "lesions":
        return describe_lesions(value, language, fact.counted)
    return _point(fact, value, language) if fact.type in ("integer", "number", "date") else str(value)


def _site(fact: Fact, site: Site, language: str) -> str:
    more = []
    if site.count.is_stated:
        more.append(describe_standing(Fact("count", "integer"), site.count, language))
    if site.laterality.kind == "known":
        more.append(_pick(language, *SIDE[site.laterality.value]))
    name = fact.value_label(site.site, language)
    if not more:
        return name
    return _pick(language, f"{name} ({', '.join(more)})", f"{name}（{'、'.join(more)}）")


def _nature(nature: str, language: str, counted: Text | None) -> str:
    if nature == "metastasis" and counted is not None:
        return counted(language)
    return _pick(language, *NATURE.get(nature, ("of unstated nature", "性质未说明")))


def describe_lesion(lesion: Lesion, language: str = "en", counted: Text | None = None) -> str:
    """``S4, 54 mm, metastasis, abuts hepatic vein``; ``counted`` as in ``describe_lesions``."""
    parts = ["S" + "/".join(lesion.segments)] if lesion.segments else []
    size = lesion.diameter_mm
    parts.append(
        f"{describe_standing(Fact('diameter_mm', 'number'), size, language)} mm"
        if size.kind in ("known", "one_of", "range")
        else _pick(language, "size not stated", "大小未说明")
    )
    nature = lesion.nature.values if lesion.nature.kind == "one_of" else (lesion.nature.value,)
    if lesion.nature.kind in ("known", "one_of"):
        parts.append(either((_nature(value, language, counted) for value in nature), language))
    else:
        parts.append(_pick(language, "nature not stated", "性质未说明"))
    if lesion.vessel_relation.kind == "known":
        words = _pick(language, *RELATION[lesion.vessel_relation.value])
        if lesion.vessel.kind == "known" and lesion.vessel_relation.value != "clear":
            words += _pick(language, " ", "") + _pick(language, *VESSEL[lesion.vessel.value])
        parts.append(words)
    return _pick(language, ", ", "，").join(parts)


def describe_lesions(lesions: tuple[Lesion, ...], language: str = "en", counted: Text | None = None) -> str:
    """A summary of a list: how many of which nature, the largest, the segments.

    ``counted`` is what the pathway calls a lesion that counts, where that is not a metastasis.
    """
    if not lesions:
        return _pick(language, "looked for, none", "已查，无")
    counts: dict[str, int] = {}
    for lesion in lesions:
        nature = lesion.nature.value if lesion.nature.kind == "known" else "open"
        counts[nature] = counts.get(nature, 0) + 1
    named = []
    for nature, count in counts.items():
        name = _nature(nature, language, counted)
        if language == "en" and count > 1:
            name = {"metastasis": "metastases", "second primary": "second primaries"}.get(name, name)
        named.append(_pick(language, f"{count} {name}", f"{name} {count} 处"))
    sizes = [lesion.diameter_mm.value for lesion in lesions if lesion.diameter_mm == known(lesion.diameter_mm.value)]
    sizes = [size for size in sizes if size is not None]
    parts = [_pick(language, ", ", "，").join(named)]
    if sizes:
        parts.append(
            _pick(language, f"largest stated {_number(max(sizes))} mm", f"已述最大径 {_number(max(sizes))} mm")
        )
    segments = sorted({segment for lesion in lesions for segment in lesion.segments})
    if segments:
        word = "segments " if len(segments) > 1 else "segment "
        parts.append(_pick(language, word + ", ".join(segments), "肝段 " + "、".join(segments)))
    return _pick(language, "; ", "；").join(parts)
