"""The primary tumour as endoscopist and pathologist see it: site, histology, Lauren type, differentiation."""

import re
from collections.abc import Iterator

from mdt.reading.context import OTHER_CANCER, standing
from mdt.reading.mention import STATED, UNCERTAIN, Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_GRADES = {"well": "well", "moderately": "moderate", "poorly": "poor", "高": "well", "中": "moderate", "低": "poor"}


def _grade(match: re.Match):
    named = [_GRADES[word.lower()] for word in (match.groups()) if word]
    if not named:
        return None
    return named[0] if len(set(named)) == 1 else {"one_of": list(dict.fromkeys(named))}


_GRADE = r"(well|moderately|poorly)(?:\s?(?:-|to|or|/)\s?(?:to\s)?(moderately|poorly))?[\s-]differen[ct]iated"
PATTERNS = (
    Pattern("differentiation", "differentiation", words(rf"\b{_GRADE}"), _grade, unless=OTHER_CANCER),
    Pattern(
        "differentiation-zh",
        "differentiation",
        words(r"([高中低])(?:[\s]?[-~至、/到]\s?([中低]))?分化"),
        _grade,
        unless=OTHER_CANCER,
    ),
    Pattern(
        "lauren",
        "lauren",
        words(
            r"\blauren\b[^.;。]{0,25}?(?P<after>intestinal|diffuse|mixed|肠型|弥漫型|混合型)",
            r"(?P<before>intestinal|diffuse|mixed)[\s-]*type[^.;]{0,20}?\blauren\b",
            r"(?P<chinese>肠型|弥漫型|混合型)\s?\(?lauren",
        ),
        lambda match: {"肠型": "intestinal", "弥漫型": "diffuse", "混合型": "mixed"}.get(
            next(filter(None, match.groups())), next(filter(None, match.groups())).lower()
        ),
        unless=OTHER_CANCER,
    ),
)
_HISTOLOGY = {
    "tubular": r"tubular adenocarcinoma|管状腺癌",
    "papillary": r"(?<!micro)papillary adenocarcinoma|乳头状腺癌",
    "poorly_cohesive": r"poorly cohesive|signet[\s-]ring|印戒细胞癌|印戒|[低差]黏附性?癌|低粘附性癌",
    "mucinous": r"mucinous (?:adeno)?carcinoma|[黏粘]液腺癌",
    "hepatoid": r"hepatoid|肝样腺癌",
    "adenosquamous": r"adenosquamous|腺鳞癌",
}
_PARTLY = re.compile(
    r"\bpartly\b|\bpartial|\bcomponent|\bfocal|carcinoma,?\s+(?:with|and)\b|部分|灶性|局灶|伴|少量|成分",
    re.IGNORECASE | re.ASCII,
)
_SITES = {
    "upper": (
        r"upper (?:third|body|part)|\bcardia\b|\bfundus\b|胃上部|贲门|胃底|胃体上部|\bU\b(?=, ?(?:Less|Gre|Ant"
        r"|Post|Circ))"
    ),
    "middle": r"middle (?:third|body|part)|胃中部|胃体中部|\bM\b(?=, ?(?:Less|Gre|Ant|Post|Circ))",
    "lower": (
        r"lower (?:third|part)|\bantr(?:um|al)\b"
        r"|\bpylor(?:us|ic)\b(?! (?:obstruction|stenosis))|胃下部|胃窦|幽门(?!梗阻"
        r"|螺杆菌|狭窄)|\bL\b(?=, ?(?:Less|Gre|Ant|Post|Circ))"
    ),
    "junction_siewert_2": r"siewert(?: type)? ?(?:II|2)(?![I\d])",
    "junction_siewert_3": r"siewert(?: type)? ?(?:III|3)(?![I\d])",
    "remnant": r"gastric remnant|remnant (?:stomach|gastric)|gastric stump|残胃",
}
_SITE = re.compile("|".join(f"(?P<{code}>{pattern})" for code, pattern in _SITES.items()), re.IGNORECASE | re.ASCII)
_TUMOUR = re.compile(
    r"tumou?r|cancer|carcinoma|\bmass\b|ulcer|lesion|thickening|\bType ?[0-5]\b|癌|溃疡|肿物|肿块|占位"
    r"|增厚|病变|隆起|新生物|代谢增高|高代谢",
    re.IGNORECASE | re.ASCII,
)
_NO_SITE = re.compile(r"\bnodes?\b|淋巴|gastritis|胃炎|small remnant|切除范围", re.IGNORECASE | re.ASCII)
_BODY = re.compile(r"\b(?:gastric )?(?:body|corpus)\b|胃体(?![上中]部)", re.IGNORECASE | re.ASCII)


def read(sentence: Sentence) -> Iterator[Mention]:
    yield from read_all(PATTERNS, sentence)
    if not OTHER_CANCER.search(sentence.text):
        yield from _histology(sentence)
        yield from _site(sentence)


def _histology(sentence: Sentence) -> Iterator[Mention]:
    """One type is stated; of two, or of a part, the report alone cannot say which the tumour is."""
    found = {}
    for code, pattern in _HISTOLOGY.items():
        for match in re.finditer(pattern, sentence.text, re.IGNORECASE | re.ASCII):
            how = standing(sentence, *match.span())
            if how in (STATED, UNCERTAIN):
                found.setdefault(code, (match, how))
    is_shared = len(found) > 1
    for code, (match, how) in found.items():
        low, _high = sentence.clause(*match.span())
        is_part = _PARTLY.search(sentence.text[max(low - 22, 0) : match.start()])
        certainty = UNCERTAIN if is_shared or is_part else how
        yield Mention(match.start(), match.end(), "histology", code, certainty, f"histology-{code}")


def _site(sentence: Sentence) -> Iterator[Mention]:
    """The third of the stomach, where the sentence names a tumour and only one third."""
    found = []
    for match in _SITE.finditer(sentence.text):
        low, high = sentence.clause(*match.span())
        if not _NO_SITE.search(sentence.text[low:high]):
            found.append(match)
    # a junction is named by its Siewert type: the cardia beside it says no more
    found = [match for match in found if match.lastgroup.startswith("junction")] or found
    sites = {match.lastgroup for match in found}
    if len(sites) != 1 or not _TUMOUR.search(sentence.text) or _BODY.search(_SITE.sub("", sentence.text)):
        return
    match = found[0]
    how = standing(sentence, *match.span())
    if how in (STATED, UNCERTAIN):
        yield Mention(match.start(), match.end(), "tumour_site", match.lastgroup, how, "site")
