"""The whole report: part after part, sentence after sentence through every family, then what repeats and disagrees."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from classification.facts import Fact, FactError
from classification.statements import agree
from mdt.reading import (
    biomarkers,
    conclusion,
    course,
    fitness,
    lesions,
    liver,
    markers,
    nodes,
    outside,
    primary,
    segments,
    tnm,
    vessels,
    wish,
)
from mdt.reading.examinations import CONVERSATION, IMAGING
from mdt.reading.line_ends import whole_sentences
from mdt.reading.mention import PARTS, STATED, Mention
from mdt.reading.parts import NOWHERE, Part, parts
from mdt.reading.plain import LONGEST_SENTENCE, Sentence, closed, plain

FAMILIES = (lesions, liver, vessels, primary, tnm, nodes, outside, biomarkers, markers, fitness, course, wish)

_ANOTHER_ORGAN = re.compile(
    r"stomach|gastric|antr|cardia|oesophag|esophag|lung|pulmon|spleen|kidney|renal|pancrea|adrenal|bone|bowel"
    r"|colon|ovar|thora"
    r"|node|胃|肺|脾|肾|胰|骨|肠|卵巢|食管|胸|淋巴",
    re.IGNORECASE | re.ASCII,
)
_HEADING = re.compile(r"^\s*[^:\n]{2,40}:\s*$")
_UNSURE_SIGN = re.compile("[\ufffd\u2610\u25a1]")
"""A sign that a file gives no letter for ("<5 cm" without its "<" is another size), and a box that nobody ticked."""


def read_report(
    text: str, vocabulary: Mapping[str, Fact], today: date | None = None, *, day_first: bool | None = None
) -> list[Mention]:
    """Every mention of a fact of the vocabulary, in the order of the report; each with the part in which it stands.

    `day_first`: what somebody said of days that may be two (mdt.reading.days.Calendar).
    What repeats or contradicts itself does so on one day: another day may well find something else.
    """
    found: dict[date | None, list[Mention]] = {}
    for mention in every_mention(text, vocabulary, today, day_first=day_first):
        found.setdefault(mention.of.on, []).append(mention)
    of_each_day = [
        _marked(_without_repeats(wish.joined(conclusion.outranks(sorted(each, key=_place)))), vocabulary)
        for each in found.values()
    ]
    return sorted((mention for mentions in of_each_day for mention in mentions), key=_place)


def every_mention(
    text: str, vocabulary: Mapping[str, Fact], today: date | None = None, *, day_first: bool | None = None
) -> Iterator[Mention]:
    """What was found, also where it only says again what the text has said before."""
    half_width, places = plain(text)
    for part in parts(half_width, today, day_first=day_first):
        for sentence in _in_order(half_width[part.start : part.end], part):
            for family in FAMILIES:
                for mention in family.read(sentence):
                    if _is_allowed(mention, vocabulary) and not _stands_by_an_unsure_sign(mention, sentence):
                        end = closed(sentence.text, mention.start, mention.end) + sentence.begins + part.start
                        start = mention.start + sentence.begins + part.start
                        of = part if _can_tell(part, vocabulary[mention.fact]) else NOWHERE
                        yield replace(
                            mention.moved(places[start], places[end - 1] + 1), of=of, concludes=sentence.concludes
                        )


def read_parts(text: str, today: date | None = None, *, day_first: bool | None = None) -> list[Part]:
    """The examinations of which a text tells, by their places in it as it was pasted."""
    half_width, places = plain(text)
    found = parts(half_width, today, day_first=day_first)
    return [replace(part, start=places[part.start], end=places[part.end]) for part in found]


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


NOT_SEEN_ON_A_PICTURE = {"fitness", "patient", "markers", "biomarkers"}
NOT_IN_THE_BLOOD = {"ecog", "asa", "conditions", "symptoms", "neuropathy_grade", "lvef_percent"}
PATIENT = "patient"
NOT_SEEN_BY_AN_ENDOSCOPE = {"fitness", "patient", "markers"}


def _can_tell(part: Part, fact: Fact) -> bool:
    """Whether an examination of this kind finds such a fact: a performance status below a CT is not of its day."""
    if part.kind in IMAGING:
        return fact.group not in NOT_SEEN_ON_A_PICTURE
    if part.kind in ("", CONVERSATION):
        return True
    if part.kind == "laboratory":
        return fact.name not in NOT_IN_THE_BLOOD and fact.group != PATIENT
    return fact.group not in NOT_SEEN_BY_AN_ENDOSCOPE


def _in_order(text: str, part: Part) -> Iterator[Sentence]:
    """The sentences, each with whether it speaks of the liver: said in itself, or before it and of no other organ."""
    of_liver, is_open = False, True
    whole = list(whole_sentences(text))
    is_on_a_scan = part.kind in IMAGING or (not part.kind and bool(conclusion.ON_A_SCAN.search(text)))
    concludes = conclusion.within([words for _begins, words, _is_turned in whole])
    for (begins, words, is_turned_by_a_line), is_concluding in zip(whole, concludes, strict=True):
        if is_concluding and conclusion.IS_AN_ITEM.search(words):
            is_open = True
        is_spelt = is_open and segments.SPELT.search(words) and not _ANOTHER_ORGAN.search(words)
        if liver.NAMED.search(words) or is_spelt:
            of_liver = True
        elif _ANOTHER_ORGAN.search(words):
            of_liver = is_open = False
        if not is_turned_by_a_line:
            yield Sentence(words[:LONGEST_SENTENCE], begins, of_liver, is_concluding, is_on_a_scan)


def _stands_by_an_unsure_sign(mention: Mention, sentence: Sentence) -> bool:
    return bool(_UNSURE_SIGN.search(sentence.text, max(mention.start - 3, 0), mention.end))


def _is_allowed(mention: Mention, vocabulary: Mapping[str, Fact]) -> bool:
    """Whether the pathway knows the fact and the value: 340 per cent is no percentage, whatever the report says."""
    fact = vocabulary.get(mention.fact)
    if fact is None:
        return False
    try:
        fact.parse(mention.whole)
    except FactError:
        return False
    return True


def _without_repeats(found: Iterable[Mention]) -> list[Mention]:
    """The same said again (findings, then impression) is one mention: the first. Two lesions may well be alike."""
    kept: list[Mention] = []
    for mention in found:
        same = [
            each
            for each in kept
            if (each.fact, each.value, each.certainty) == (mention.fact, mention.value, mention.certainty)
        ]
        is_another = mention.fact == "liver_lesions" and not {"segments", "diameter_mm"} <= set(mention.value)
        if not same or (is_another and all(each.end <= mention.start for each in same)):
            kept.append(mention)
    return kept


def _marked(found: list[Mention], vocabulary: Mapping[str, Fact]) -> list[Mention]:
    """Each mention with whether another sentence contradicts it, or may speak of the same lesion."""
    return [
        replace(
            one,
            disagrees=one.disagrees or any(contradicts(one, other, vocabulary) for other in found if other is not one),
            repeats=any(_may_repeat(one, other) for other in found if other is not one),
        )
        for one in found
    ]


def _may_repeat(one: Mention, other: Mention) -> bool:
    """Whether a lesion may be one that is described elsewhere (findings, then impression): in nothing do they differ.

    Of the two it is the one that says less, else the later: nobody should count one lesion twice by a single click.
    """
    if {one.fact, other.fact} != {"liver_lesions"} or {one.certainty, other.certainty} != {STATED}:
        return False
    if [] in (one.value, other.value) or any(
        one.value[part] != other.value[part] for part in one.value.keys() & other.value
    ):
        return False
    return (-len(one.value), one.start) > (-len(other.value), other.start)


def contradicts(one: Mention, other: Mention, vocabulary: Mapping[str, Fact]) -> bool:
    """Whether two mentions that the text states cannot both be true of one day."""
    if one.fact != other.fact or {one.certainty, other.certainty} != {STATED}:
        return False
    if one.fact == wish.WISH:  # two wishes are two wishes
        return False
    if one.fact in PARTS:
        return (one.value == []) != (other.value == [])
    fact = vocabulary[one.fact]
    return not agree(fact, fact.parse(one.value), fact.parse(other.value))
