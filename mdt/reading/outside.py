"""Outside the liver: peritoneum, cytology, ascites, other organs."""

import re
from collections.abc import Iterator

from mdt.reading.context import DENIED, standing, with_cue
from mdt.reading.mention import STATED, UNCERTAIN, Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_LOOKED = re.compile(
    r"laparosc|laparotom|intraoperativ|operation|explor|腹腔镜|探查|术中|开腹", re.IGNORECASE | re.ASCII
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
PATTERNS = (
    Pattern(
        "peritoneum-looked-at",
        "peritoneum",
        words(_SEEDED, r"腹膜(?:光滑|(?:、[^,。;]{1,14}?)?(?:未见|无)(?:明显)?(?:转移|种植|结节)[^,。]{0,4})"),
        "P1",
        denied="P0",
        where=_LOOKED,
    ),
    Pattern("peritoneum-seeded", "peritoneum", words(_SEEDED), "P1", unless=_LOOKED),
    Pattern(
        "cytology-negative",
        "cytology",
        words(
            rf"(?:{_LAVAGE})[^,.;。]{{0,20}}?(?:\bnegative\b|阴性|未(?:找|查|见)[到见]?(?:癌|肿瘤|恶性)细胞)",
            r"negative (?:lavage |peritoneal )?cytology",
        ),
        "CY0",
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
        True,
    ),
    Pattern(
        "laparoscopy-found-nothing",
        "staging_laparoscopy_done",
        words(r"腹腔镜(?:分期)?探查(?=[^,;。]{0,12}未见)"),
        True,
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
_NONE = words(
    r"(?:other |extra-?hepatic |further )?distant (?:organ )?metasta\w+",
    r"extra-?hepatic (?:metasta\w+|disease|spread)",
    r"(?:其他|其它)?(?:远处|肝外)(?:脏器)?转移",
)


def read(sentence: Sentence) -> Iterator[Mention]:
    yield from read_all(PATTERNS, sentence)
    for match in _SPREAD.finditer(sentence.text):
        how = standing(sentence, *match.span())
        if how in (STATED, UNCERTAIN):
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
