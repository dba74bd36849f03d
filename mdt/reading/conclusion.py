"""The conclusion of a report ("诊断", "印象", "Impression") beside its description: the same lesion is one lesion.

Of what both say of one lesion the conclusion outranks the description; what only one of them says holds. Where the two
name different things, the words of both stay, and the report contradicts itself. A lesion is the same where segments or
size are stated in both and none of them differs, and where only one lesion of the description can be meant.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from mdt.reading.mention import STATED, UNCERTAIN, Mention

_NUMBER = r"^[\s\-*•·#>\[【]*(?:\(?\d{1,2}[.)、]\s?|[一二三四五六七八九十]{1,2}[、.]\s?)?"
_HEADING = re.compile(
    _NUMBER + r"(?:(?:(?:影像|放射|检查|超声|CT|MRI?|PET(?:\s?[-/]?\s?CT)?)(?:学)?\s?)?"
    r"(?:诊断(?:意见|印象|结论|提示)?|印象|结论|意见)"
    r"|(?:imaging |radiological |ct |mri )?(?:impression|conclusions?|opinion)|(?:imaging|radiological) diagnosis)"
    r"\s?[】\]]?\s?(?::|$)",
    re.IGNORECASE,
)
"""A bare "Diagnosis:" is none: at the top of a record it is what the patient was sent with."""
_ANOTHER_SECTION = re.compile(
    _NUMBER + r"(?:findings?|technique|clinical\b.{0,20}|history|recommend\w*|comparison"
    r"|影像(?:学)?(?:所见|表现|描述)|检查(?:所见|技术|方法)|所见|描述|病史|临床.{0,6}|建议|备注|报告医[师生])\s?[】\]]?\s?(?::|$)",
    re.IGNORECASE,
)
ON_A_SCAN = re.compile(
    r"\b(?:CT|MRI?|PET|ultraso\w+|sonograph\w+|enhanc\w+|\w*attenuat\w+|\w*dens\w+|\w*intens\w+)\b|增强|强化|密度|信号|回声|超声|磁共振",
    re.IGNORECASE | re.ASCII,
)
_WHERE = ("segments", "diameter_mm")


IS_AN_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}(?:[.)、]|\s*$)|[一二三四五六七八九十]{1,2}[、.])")
"""Each numbered item of a conclusion stands for itself."""


def within(sentences: list[str]) -> Iterator[bool]:
    """For each sentence of one examination whether it belongs to the conclusion; something is described before it."""
    concludes, described = False, False
    for words in sentences:
        if _HEADING.search(words):
            concludes = described
        elif _ANOTHER_SECTION.search(words):
            concludes = False
        described = described or not words.rstrip().endswith(":")
        yield concludes


def outranks(found: list[Mention]) -> list[Mention]:
    """The mentions of one day with each lesion once, and no doubt that the conclusion has settled."""
    kept = {id(each): each for each in found}
    lesions = [each for each in found if each.fact == "liver_lesions" and each.certainty == STATED and each.value]
    for concluded in (each for each in lesions if each.concludes):
        described = [kept[id(each)] for each in lesions if not each.concludes and each.of.kind == concluded.of.kind]
        same = [each for each in described if _is_same(each.value, concluded.value)]
        if len(same) == 1:
            place = next(key for key, each in kept.items() if each is same[0])
            kept[place] = _joined(same[0], concluded)
            del kept[id(concluded)]
    return [_settled(each, found) for each in kept.values()]


def _is_same(one: dict, other: dict) -> bool:
    shared = [part for part in _WHERE if part in one and part in other]
    return bool(shared) and all(one[part] == other[part] for part in shared)


def _joined(described: Mention, concluded: Mention) -> Mention:
    """One lesion of both, as the conclusion calls it."""
    differs = any(described.value.get(part, value) != value for part, value in concluded.value.items())
    return replace(
        described,
        value={**described.value, **concluded.value},
        also=(*described.also, (concluded.start, concluded.end)),
        disagrees=described.disagrees or differs,
    )


def _settled(mention: Mention, found: list[Mention]) -> Mention:
    """A suspicion of the description that the conclusion of the same examination states: the same, less certain."""
    if mention.fact != "liver_metastasis" or mention.value != "suspected" or mention.concludes:
        return mention
    stated = next(
        (
            each
            for each in found
            if each.fact == mention.fact
            and each.concludes
            and each.value == "clinical"
            and each.certainty == STATED
            and each.of.kind == mention.of.kind
        ),
        None,
    )
    return replace(mention, value=stated.value, certainty=UNCERTAIN) if stated else mention
