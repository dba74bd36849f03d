"""Large vessels and bile ducts of the liver that a report calls free of the tumour.

"No large vessel or duct is involved" is said of all of them: portal vein, hepatic veins and bile ducts. A sentence that
names some of them says less, and left_out points at it. "Clearly seen" is not "not invaded".
"""

import re
from collections.abc import Iterator

from mdt.reading.context import standing
from mdt.reading.mention import STATED, Mention
from mdt.reading.plain import Sentence

_PORTAL, _HEPATIC, _DUCTS, _VESSELS = "portal", "hepatic", "ducts", "vessels"
_NAMES_ZH = (
    (_VESSELS, r"(?:肝(?:内|脏)?|肝内?外?)?(?:大|主要|重要|相关|邻近|周围)?(?:的)?(?:大)?血管"),
    (_PORTAL, r"门静脉(?:主干|系统)?(?:及(?:其|左右|各级)?分支|及左右支)?"),
    (_HEPATIC, r"肝静脉(?:主干)?|三支肝静脉|肝左、?(?:静脉)?、?肝?中、?(?:静脉)?(?:、|及|和)?肝?右静脉"),
    ("ivc", r"(?:肝后段?)?下腔静脉"),
    (_DUCTS, r"(?:肝内外|肝内|肝外|肝门部?)?(?:大)?胆管(?:系统)?|胆道(?:系统)?"),
)
_NAMES_EN = (
    (_VESSELS, r"(?:(?:major|large|adjacent|hepatic|intrahepatic|main|blood)\s){0,3}(?:vessels|vasculature|vascular)"),
    (_PORTAL, r"(?:main\s)?portal (?:veins?|venous system|venous)"),
    (_HEPATIC, r"hepatic (?:veins|venous)"),
    ("ivc", r"(?:inferior )?vena cava|IVC"),
    (
        _DUCTS,
        r"(?:(?:intrahepatic|extrahepatic|main|common|large)\s(?:and extrahepatic\s)?)?"
        r"(?:(?:bile|biliary|hepatic) ducts?|biliary (?:tree|system)|biliary)",
    ),
)


def _any(names: tuple) -> str:
    return "(?:" + "|".join(f"(?:{words})" for _kind, words in names) + ")"


_LIST_ZH = rf"{_any(_NAMES_ZH)}(?:\s?(?:、|,|及|和|与|或|以及|/)\s?{_any(_NAMES_ZH)})*"
_LIST_EN = rf"{_any(_NAMES_EN)}(?:\s?(?:,|/|\band\b|\bor\b|\bnor\b)+\s?(?:the\s)?{_any(_NAMES_EN)})*"
_SURE_ZH = r"(?:明显|明确|确切|肯定|肿瘤|直接|异常|的)*"
_INVADED_ZH = r"(?:受?侵犯?(?!犯?程度)|受累|累及|侵及|侵袭|浸润|包绕)"
_FREE = re.compile(
    rf"(?<![左右中])(?P<zh>{_LIST_ZH})(?:均|皆|都|亦|也)?(?:(?:未见|未受|未被|未|无){_SURE_ZH}{_INVADED_ZH}"
    rf"|(?:未见|无)(?:明显|明确)异常(?!强化|密度|信号|扩张))(?:征象|改变|表现|征|肿瘤)*(?=\s*(?:$|[,.。;、:()]))"
    rf"|(?:未见|未|无){_SURE_ZH}{_INVADED_ZH}(?P<zh_after>{_LIST_ZH})(?=\s*(?:$|[,.。;:()]|征象|表现))"
    rf"|与(?P<zh_edge>{_LIST_ZH})(?:分界|界限)(?:均)?(?:尚)?(?:清晰|清楚|清)(?=\s*(?:$|[,.。;:()]))"
    rf"|\b(?P<en>{_LIST_EN})\s(?:(?:is|are|was|were|appears?|remains?)\s)?(?:all\s|both\s)?"
    r"(?:not\s(?:\w+ly\s)?(?:involved|invaded|infiltrated|affected|encased)|uninvolved|uninvaded|spared|unremarkable"
    r"|(?:free|clear)\sof\s(?:tumou?r|invasion|disease|involvement|infiltration))(?=\s*(?:$|[,.;:()]))"
    r"|\b(?:no|without)\s(?:(?:evidence|signs?)\sof\s)?(?:(?:definite|clear|obvious|tumou?r|direct)\s)?"
    rf"(?:(?:invasion|involvement|infiltration|encasement)\sof\s(?:the\s)?(?P<en_after>{_LIST_EN})"
    rf"|(?P<en_before>{_LIST_EN})\s(?:invasion|involvement|infiltration|encasement))(?=\s*(?:$|[,.;:()]|in the liver))",
    re.IGNORECASE | re.ASCII,
)
_INVOLVED = re.compile(
    rf"{_INVADED_ZH}|\b(?:inva\w+|involve\w*|infiltrat\w+|encas\w+|abut\w*)\b", re.IGNORECASE | re.ASCII
)
_NOT_ALL = re.compile(
    r"除[^,。;]{1,16}外|\b(?:except|apart from|other than|but|however)\b|但|仅", re.IGNORECASE | re.ASCII
)


def read(sentence: Sentence) -> Iterator[Mention]:
    found = free_in(sentence)
    named = {kind for match in found for kind in kinds(match)}
    if found and _are_all(named):
        start, end = found[0].start(), found[-1].end()
        yield Mention(start, end, "liver_major_vessel_or_duct_involved", False, STATED, "vessels-free")


def free_in(sentence: Sentence) -> list[re.Match]:
    """Where vessels or ducts are called free; none where the sentence also tells of one that is not, or excepts one."""
    found = [
        match for match in _FREE.finditer(sentence.text) if standing(sentence, *match.span(), denies=False) == STATED
    ]
    rest = sentence.text
    for match in reversed(found):
        rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
    return [] if _INVOLVED.search(rest) or _NOT_ALL.search(sentence.text) else found


def kinds(match: re.Match) -> set[str]:
    """Which of them the words name."""
    names = _NAMES_ZH if any(match[group] for group in ("zh", "zh_after", "zh_edge")) else _NAMES_EN
    said = next(filter(None, match.groups()))
    return {kind for kind, words in names if re.search(words, said, re.IGNORECASE | re.ASCII)}


def _are_all(named: set[str]) -> bool:
    return _DUCTS in named and (_VESSELS in named or {_PORTAL, _HEPATIC} <= named)
