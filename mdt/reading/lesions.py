"""Single lesions of the liver: segment, size, nature, and a vessel that one of them touches.

A sentence gives lesions only where it is plain which size belongs to which segment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mdt.reading.amounts import Size, sizes
from mdt.reading.context import DENIED, OTHER, standing
from mdt.reading.liver import BENIGN, METASTASIS, NAMED, NOUN, OPERATION, counts_in
from mdt.reading.mention import EARLIER, STATED, Mention
from mdt.reading.plain import Sentence
from mdt.reading.segments import Place, places

_EACH = re.compile(r"各|分别|\brespectively\b|\beach\b", re.IGNORECASE | re.ASCII)
_MANY = re.compile(
    r"\b(?:lesions|metastases|nodules|masses|foci|cysts|tumou?rs|multiple|several)\b|多发|多个|数个|散在",
    re.IGNORECASE | re.ASCII,
)
_ONE = re.compile(
    r"\b(?:an?|the|one|single|solitary|further|another)\b[^,;]{0,40}?\b(?:lesion|metastasis|nodule|mass|tumou?r"
    r"|focus|cyst|ha?emangioma)\b"
    r"|单发|孤立|一枚|一个|1个|1枚|见一",
    re.IGNORECASE | re.ASCII,
)
_RELATIONS = (
    ("invades", r"invad\w+|infiltrat\w+|encas\w+|侵犯|侵及|累及|包绕"),
    ("abuts", r"abut\w*|in contact with|contacts|touch\w+|紧贴|贴邻|紧邻|接触"),
)
_VESSELS = (
    ("portal_vein", r"portal vein|portal branch|门静脉"),
    ("ivc", r"vena cava|\bIVC\b|下腔静脉"),
    ("hepatic_vein", r"hepatic vein|肝[左中右]?静脉"),
    ("bile_duct", r"bile ducts?|hepatic duct|胆管"),
)
_SIDE = re.compile(
    rf"(?P<relation>{'|'.join(words for _code, words in _RELATIONS)})[^,;。]{{0,40}}?"
    rf"(?P<vessel>{'|'.join(words for _code, words in _VESSELS)})",
    re.IGNORECASE | re.ASCII,
)
_NOT_TOUCHED = re.compile(r"(?:未|不|无|没有)(?:明显|直接)?$")
_ORGAN_BETWEEN = re.compile(
    r"stomach|gastric|antr|node|lung|pancrea|spleen|胃|淋巴|肺|胰|脾|腹膜", re.IGNORECASE | re.ASCII
)
_COUNTED_IN = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\s+(?:[A-Za-z-]+\s+){0,3}?"
    r"(?:metastases|lesions|nodules|masses|tumou?rs|deposits|foci)\s+(?:with)?in\s+(?:the\s+)?(?:liver\s+)?$",
    re.IGNORECASE | re.ASCII,
)
_SIZED = (
    r"(?:measuring|sized|with (?:a )?(?:diameters?|sizes?) of|of|直径|最大径|长径|大小|分别|各|约|为|是|[\s,:(、])*"
)
_RUNS_ON = re.compile(_SIZED, re.IGNORECASE | re.ASCII)
_LIES_IN = re.compile(r"(?:^|[,;:、\s示见])肝[脏内右左叶]*$")
_COUNTED_THERE = re.compile(
    rf"\s?(?:内|可)?[见有]?(?:[两二三四五]|\d{{1,2}})\s?[个枚处](?:低密度|异常强化|肝|实性)?(?:转移(?:瘤|灶|结节)?|结节|病灶|占位){_SIZED}"
)
_ENDS = re.compile(
    r"^\s*(?:in (?:diameter|size)|respectively|each|大小)?\s*\)?\s*(?:$|[,;。])", re.IGNORECASE | re.ASCII
)
_SINGLED_OUT = re.compile(
    r"\b(?:one|larg\w+|bigg\w+|small\w+|none|neither|no|free|close|near|next|adjacent|apart|other|cysts?|largest)\b"
    r"|其中|大者|小者|较[大小]|最[大小]者|另|相距|间距|邻近|附近|旁|交界|囊肿",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class _Found:
    place: Place | None
    size: Size | None

    @property
    def span(self) -> tuple[int, int]:
        parts = [part for part in (self.place, self.size) if part]
        return min(part.start for part in parts), max(part.end for part in parts)


def read(sentence: Sentence) -> Iterator[Mention]:
    if not sentence.of_liver or OPERATION.search(sentence.text):
        return
    named, lengths = places(sentence), sizes(sentence)
    before = [size for size in lengths if size.is_earlier or standing(sentence, size.start, size.end) == EARLIER]
    earlier = [size for size in lengths if size in before]
    now = [size for size in lengths if size not in before and not size.kind]
    is_one_beside_the_largest = len(now) == 1 and any(size.kind for size in lengths)  # whose it is, is not said
    found = [] if is_one_beside_the_largest else _paired(sentence, named, now)
    yield from _lesions(sentence, found)
    if len(named) == 1 and len(earlier) == 1 and len(found) <= 1:
        start, end = _Found(named[0], earlier[0]).span
        yield Mention(start, end, "liver_lesions", _value(named[0], earlier[0]), EARLIER, "lesion-earlier")


def _paired(sentence: Sentence, named: list[Place], lengths: list[Size]) -> list[_Found]:
    text = sentence.text
    if len(named) == 1 and len(named[0].segments) == len(lengths) > 1 and _EACH.search(text):
        place = named[0]
        return [
            _Found(Place(place.start, place.end, (segment,)), size)
            for segment, size in zip(place.segments, lengths, strict=True)
        ]
    if named and len(named) == len(lengths):
        if len(named) == 1:
            if max(counts_in(sentence), default=1) > 1:
                return []  # which of several it is, is not said
            has_noun = NOUN.search(text) or BENIGN.search(text) or _is_beside(text, named[0], lengths[0])
            between = text[min(named[0].end, lengths[0].end) : max(named[0].start, lengths[0].start)]
            return [_Found(named[0], lengths[0])] if has_noun and not _ORGAN_BETWEEN.search(between) else []
        order = sorted([*((place.start, "p") for place in named), *((size.start, "s") for size in lengths)])
        kinds = "".join(kind for _start, kind in order)
        if kinds in ("ps" * len(named), "sp" * len(named)) or (
            _EACH.search(text) and kinds == "p" * len(named) + "s" * len(named)
        ):
            return [_Found(place, size) for place, size in zip(named, lengths, strict=True)]
        return []
    if len(named) == 1 and len(named[0].segments) == 1 and _is_one_size_each(sentence, named[0], lengths):
        return [_Found(named[0], size) for size in lengths]
    if len(named) == 1 and not lengths:
        spread = METASTASIS.search(text)
        if spread and standing(sentence, *spread.span()) in (DENIED, OTHER):
            return []  # "segment 8 is free of metastasis"
        place, counted = named[0], counts_in(sentence)
        if (
            max(counted, default=1) > 1
        ):  # "3个转移瘤，分别位于S4、S7、S8" are three, not one that crosses three segments
            is_one_each = counted == {len(place.segments)} and _EACH.search(text)
            return [_Found(Place(place.start, place.end, (one,)), None) for one in place.segments if is_one_each]
        return [_Found(named[0], None)] if METASTASIS.search(text) and not _MANY.search(text) else []
    if not named and lengths and NAMED.search(text) and NOUN.search(text) and not _ORGAN_BETWEEN.search(text):
        if len(lengths) == 1:
            return [_Found(None, lengths[0])] if _ONE.search(text) and not _MANY.search(text) else []
        return [_Found(None, size) for size in lengths] if _MANY.search(text) else []
    return []


def _is_one_size_each(sentence: Sentence, place: Place, lengths: list[Size]) -> bool:
    """ "Two metastases in segment 6, 28 mm and 14 mm": as many sizes as lesions are counted, in one row.

    Only where count, noun and place run straight into the sizes and nothing follows: "the larger in segment 6",
    "close to segment 6" and "28 mm and 14 mm apart" give no segment to either lesion.
    """
    text = sentence.text
    between = [text[one.end : other.start] for one, other in pairwise(lengths)]
    in_a_row = all(re.fullmatch(r"\s*(?:,|、|and|&|和|及|\s)+\s*", words) for words in between)
    if len(lengths) < 2 or not in_a_row or counts_in(sentence) != {len(lengths)} or _SINGLED_OUT.search(text):
        return False
    before, middle = text[: place.start], text[place.end : lengths[0].start]
    in_english = _COUNTED_IN.search(before) and _RUNS_ON.fullmatch(middle)
    in_chinese = _LIES_IN.search(before) and _COUNTED_THERE.fullmatch(middle)
    return bool(in_english or in_chinese) and bool(_ENDS.search(text[lengths[-1].end :]))


def _is_beside(text: str, place: Place, size: Size) -> bool:
    first, second = sorted([place, size], key=lambda part: part.start)
    return len(text[first.end : second.start]) <= 6


def _lesions(sentence: Sentence, found: list[_Found]) -> Iterator[Mention]:
    nature = _nature(sentence)
    side = _side(sentence) if len(found) == 1 else None
    for each in found:
        start, end = each.span
        how = {standing(sentence, part.start, part.end) for part in (each.place, each.size) if part}
        if how & {DENIED, OTHER, EARLIER}:
            continue
        value = _value(each.place, each.size) | ({"nature": nature} if nature else {})
        if nature and sentence.concludes:
            called = METASTASIS.search(sentence.text) or BENIGN.search(sentence.text)
            start, end = min(start, called.start()), max(end, called.end())
        if side:
            value |= side[1]
            start, end = min(start, side[0].start()), max(end, side[0].end())
        # a doubt is about what the lesion is; where it lies and how large it is stand all the same
        certainty = "uncertain" if "uncertain" in how and not each.size else STATED
        yield Mention(start, end, "liver_lesions", value, certainty, "lesion")


def _value(place: Place | None, size: Size | None) -> dict[str, Any]:
    return ({"segments": list(place.segments)} if place else {}) | ({"diameter_mm": size.value} if size else {})


def _nature(sentence: Sentence) -> str:
    """What the sentence calls its lesions, where it is sure and calls them one thing."""
    metastasis, benign = METASTASIS.search(sentence.text), BENIGN.search(sentence.text)
    if bool(metastasis) == bool(benign):
        return ""
    match = metastasis or benign
    if standing(sentence, *match.span()) != STATED:
        return ""
    return "metastasis" if metastasis else "benign"


def _side(sentence: Sentence) -> tuple[re.Match, dict[str, str]] | None:
    match = _SIDE.search(sentence.text)
    if (
        match is None
        or _NOT_TOUCHED.search(sentence.text[: match.start()])
        or standing(sentence, *match.span()) != STATED
    ):
        return None

    def code(options: tuple, words: str) -> str:
        return next(code for code, pattern in options if re.fullmatch(pattern, words, re.IGNORECASE | re.ASCII))

    return match, {"vessel_relation": code(_RELATIONS, match["relation"]), "vessel": code(_VESSELS, match["vessel"])}
