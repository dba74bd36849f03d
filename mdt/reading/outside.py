"""Outside the liver: peritoneum, cytology, ascites, other organs."""

import re
from collections.abc import Iterator

from mdt.reading.answers import answered_no
from mdt.reading.context import DENIED, is_planned_or_earlier, standing, with_cue
from mdt.reading.mention import STATED, UNCERTAIN, Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence
from mdt.reading.planned import is_performed

_LOOKED = re.compile(
    r"laparosc|laparotom|intraoperativ|operation|explor|腹腔镜|探查|术中|开腹", re.IGNORECASE | re.ASCII
)
_NOT_DONE_BEFORE = re.compile(
    r"(?:\b(?:no|without|not|non|never|declin\w+|refus\w+|before|prior to|awaiting|await\w*|cancel\w+|postpon\w+|un)\b"
    r"[\s-]?(?:(?:an?|any|the|yet|been|staging|diagnostic|further|explorat\w+|surgical\w*)\s+){0,3}"
    r"|(?:未|没有?|无|不|拒绝?|待|拟|暂缓|取消|择期|尚未|未能|不能|无法)(?:行|做|予|能|进行|明确)*(?:诊断性|分期|手术)?)$",
    re.IGNORECASE | re.ASCII,
)
_NOT_DONE = re.compile(
    r"\b(?:to follow|will be|to be|tomorrow|next week|cancelled|canceled|postponed|declined|refused|unexplored|unable"
    r"|possible|feasible|not (?:explored|seen|inspected|examined|undertaken|carried out)|preoperative|needed|required"
    r"|offered|considered)\b|术前|未(?:探查|能|观察|查看)|择期|下周|明日|必要时|需要?|准备|等待|取消|暂缓|拒绝|不能|无法|待行",
    re.IGNORECASE | re.ASCII,
)


def _is_looked_at(sentence: Sentence) -> bool:
    """Whether somebody looked into the abdomen: not planned, not given up, not "unexplored".

    One word of it that is denied takes the others along: "no seeding, not explored during the operation".
    """
    found = list(_LOOKED.finditer(sentence.text))
    return bool(found) and not any(_is_not_done(sentence, match) for match in found)


def _is_not_done(sentence: Sentence, match: re.Match) -> bool:
    low, high = sentence.clause(*match.span())
    clause = sentence.text[low:high]
    return bool(
        _NOT_DONE_BEFORE.search(sentence.text[low : match.start()])
        or _NOT_DONE.search(clause)
        or is_planned_or_earlier(clause)
        or answered_no(sentence.text[match.end() :])
    )


_SEEDED = (
    r"periton(?:eal|eum)(?: \w+){0,2}? (?:metasta\w+|dissemination|carcinomatosis|seeding|deposits?|nodules?"
    r"|implants?|disease)|peritoneal carcinomatosis|腹膜(?:广泛|多发)?(?:种植)?(?:性)?转移|腹膜种植"
    r"|腹膜[^,。]{0,4}(?:转移|种植)结节|网膜[^,。]{0,4}种植|腹膜[^。;]{0,14}(?:粟粒|结节)[^。;]{0,14}转移性腺?癌"
)
_LAVAGE = (
    r"(?:lavage|washing|peritoneal|ascit\w+)?(?: fluid)?\s?cytolog(?:y|ical)(?: examination)?"
    r"|腹腔(?:冲洗|灌洗)液?(?:细胞学)?|腹水(?:脱落)?(?:细胞学|细胞块|沉渣)|(?<!\w)细胞学"
)
_DIVIDED = words(
    rf"(?:{_LAVAGE})[^;。]{{0,60}}(?:negative|阴性)[^;。]{{0,30}}(?:\bpositive in|阳性|insufficient|inadequate|不足)"
)
"""Two answers, or too little to answer by."""
PATTERNS = (
    Pattern(
        "peritoneum-looked-at",
        "peritoneum",
        words(_SEEDED, r"腹膜(?:、[^,。;]{1,14}?)?(?:未见|无)(?:明显)?(?:转移|种植|结节)[^,。]{0,4}"),
        "P1",
        denied="P0",
        where=_is_looked_at,
        unless=words(
            r"\b(?:but|except|however|although)\b", r"但|除[^,。;]{1,12}外"
        ),  # what else was seen is not plain
    ),
    Pattern(
        "peritoneum-smooth",
        "peritoneum",
        words(r"腹膜(?:表面)?光滑[^。;但]{0,20}?(?:未见|无)[^,。;]{0,6}?(?:转移|种植|结节)[^,。;]{0,4}"),
        "P0",
        where=_is_looked_at,
        has_own_no=True,
    ),
    Pattern("peritoneum-seeded", "peritoneum", words(_SEEDED), "P1", unless=_is_looked_at),
    Pattern(
        "cytology-negative",
        "cytology",
        words(
            rf"(?:{_LAVAGE})[^,.;。]{{0,20}}?(?:\bnegative\b|阴性|未(?:找|查|见)[到见]?(?:癌|肿瘤|恶性)细胞)",
            r"negative (?:lavage |peritoneal )?cytology",
        ),
        "CY0",
        unless=_DIVIDED,
        has_own_no=True,
    ),
    Pattern(
        "cytology-positive",
        "cytology",
        words(
            rf"(?:{_LAVAGE})[^,.;。]{{0,20}}?(?:\bpositive\b|阳性|(?<!未)(?:找到|查见|见)(?:腺?癌|肿瘤|恶性)细胞)",
            r"positive (?:lavage |peritoneal )?cytology",
        ),
        "CY1",
    ),
    Pattern(
        "laparoscopy",
        "staging_laparoscopy_done",
        words(r"staging laparoscop\w+", r"diagnostic laparoscop\w+", r"腹腔镜(?:分期)?探查", r"诊断性腹腔镜"),
        is_performed,
    ),
    Pattern(
        "laparoscopy-found-nothing",
        "staging_laparoscopy_done",
        words(r"腹腔镜(?:分期)?探查(?=[^,;。]{0,12}未见)"),
        is_performed,
        has_own_no=True,
    ),
    Pattern(
        "pci",
        "pci",
        words(
            r"(?:\bPCI\b|peritoneal cancer index|腹膜癌指数)(?:\s?(?:score|评分|was|of|is|:|="
            r"|为|\)))*\s*(?P<value>\d{1,2})(?![\d./-])"
        ),
        lambda match: int(match["value"]),
        where=words(r"periton|laparosc|腹膜|术中|探查|cancer index"),
    ),
    Pattern(
        "ascites",
        "ascites",
        words(
            r"\bascit(?:es|ic fluid)\b(?! cytolog)",
            r"腹水(?!细胞)",
            r"腹(?:、?盆)?腔(?:及盆腔)?[^,。;]{0,8}积液",
            r"腹水(?=细胞学(?:阳|阴)性)",
        ),
        True,
        denied=False,
    ),
)
_ORGANS = {
    "lung": r"lungs?|pulmonary|[双左右]?肺",
    "bone": r"bones?|osseous|skeletal|骨",
    "brain": r"brain|cerebral|脑",
    "adrenal": r"adrenal|肾上腺",
    "ovary": r"ovar(?:y|ies|ian)|卵巢",
    "skin": r"skin|cutaneous|皮肤",
}
_SPREAD = re.compile(
    r"\b(?P<first>lungs?|pulmonary|bones?|osseous|skeletal|brain|cerebral|adrenal|ovar(?:y|ies|ian)|skin"
    r"|cutaneous)(?P<more>(?:\s?(?:,|and|or|/)\s?(?:lungs?|pulmonary|bones?|osseous|brain|adrenal|ovarian|skin"
    r"|liver)){0,3})"
    r"\s+metasta\w+|metasta\w+ (?:in|to|of) (?:the )?(?:\w+ )?(?P<to>lungs?|bones?|brain|adrenals?|ovar(?:y|ies)"
    r"|skin)\b"
    r"|(?P<chinese>[双左右]?肺|骨|脑|肾上腺|卵巢|皮肤)(?:多发|单发|内)?(?:、(?P<second>肺|骨|脑|肾上腺|卵巢"
    r"|肝))?(?:多发)?转移"
    r"|\b(?P<krukenberg>Krukenberg)",
    re.IGNORECASE | re.ASCII,
)
_TAKEN_OUT = re.compile(
    r"^[^,;。]{0,12}?\b(?:resected|removed|excised|ablated)\b|^[^,;。]{0,4}?(?:已|被)?(?:切除|摘除|消融)",
    re.IGNORECASE | re.ASCII,
)
_NONE = words(
    r"(?:other |extra-?hepatic |further )?distant (?:organ )?metasta\w+",
    r"extra-?hepatic (?:metasta\w+|disease|spread)",
    r"(?:其他|其它)?(?:远处|肝外)(?:脏器)?转移",
)


def read(sentence: Sentence) -> Iterator[Mention]:
    yield from read_all(PATTERNS, sentence)
    for match in _SPREAD.finditer(sentence.text):
        how = standing(sentence, *match.span())
        if how in (STATED, UNCERTAIN) and not _TAKEN_OUT.search(sentence.text[match.end() :]):
            for organ in _named(match):
                span = with_cue(sentence, *match.span()) if how == UNCERTAIN else match.span()
                yield Mention(*span, "distant_sites", {"site": organ}, how, "site-of-spread")
    for match in _NONE.finditer(sentence.text):
        if standing(sentence, *match.span()) == DENIED:
            yield Mention(*with_cue(sentence, *match.span()), "distant_sites", [], STATED, "no-distant-spread")


def _named(match: re.Match) -> list[str]:
    if match["krukenberg"]:
        return ["ovary"]
    text = " ".join(filter(None, (match[name] for name in ("first", "more", "to", "chinese", "second"))))
    return [organ for organ, pattern in _ORGANS.items() if re.search(pattern, text, re.IGNORECASE | re.ASCII)]
