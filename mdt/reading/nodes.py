"""Lymph nodes beyond D2: stations of group 16, para-aortic, mediastinal, supraclavicular; and bulky N2."""

import re
from collections.abc import Iterator

from mdt.reading.context import DENIED, OTHER, standing
from mdt.reading.mention import STATED, UNCERTAIN, Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_ILL = re.compile(
    r"metasta|enlarg|swoll|involv|positive|bulky|patholog|suspicious|lymphadenopath|肿大|转移|受累|阳性|增大",
    re.IGNORECASE | re.ASCII,
)
_TAKEN_OUT = re.compile(
    r"dissect|sampl|lymphadenectom|resect|negative|decrease|shrink|shrunk|smaller|disappear|清扫|切除|缩小|阴性|消失",
    re.IGNORECASE | re.ASCII,
)
_NOT_ILL = re.compile(
    r"^[^,;。]{0,40}?(?:\bnot (?:\w+ly )?(?:enlarged|swollen|involved|pathological|suspicious)\b"
    r"|\bno (?:\w+ )?(?:enlarge|swell)"
    r"|\bnone (?:is |are )?(?:enlarged|swollen)|[未无](?:见|触及|扪及|及|达)?(?:明显|确切)?(?:肿大|增大|转移标准)"
    r"|未(?:见|被)?(?:明显|确切)?(?:受累|受侵|累及|侵犯|转移)|无(?:明显|确切)?(?:受累|受侵|转移)"
    r"|不大(?!于))",
    re.IGNORECASE | re.ASCII,
)
"""Said after the nodes: "para-aortic nodes are not enlarged"."""
_SMALL_OR_QUIET = re.compile(
    r"^[^,;。]{0,24}?(?:小淋巴结|不大|代谢(?:不高|正常|未见)|无(?:异常)?(?:代谢|摄取)|未见(?:异常)?(?:代谢|摄取)"
    r"|\b(?:small|normal|not (?:fdg-?)?avid|non-?avid|subcentimet\w+)\b)",
    re.IGNORECASE | re.ASCII,
)
"""A node of a station that nothing is wrong with: "腹主动脉旁(16b1)小淋巴结代谢不高"."""
_DENIED_LATER = re.compile(
    r"[,:]\s?(?:\w+ ){0,2}?(?:not (?:enlarged|pathological|involved|suspicious)|none\b)|\bbenign\b|\breactive\b"
    r"|反应性|良性|炎性|未达",
    re.IGNORECASE | re.ASCII,
)
_IN_DOUBT = re.compile(r"(?:考虑|可疑|疑似?|倾向)(?:为)?[^,;。]{0,4}转移|转移(?:可能|待排|不除外|不能除外)")
_STATION = re.compile(
    r"(?<!\d)(?<!\d\.)16\s?(?P<part>a1|a2|b1|b2)(?![\w])(?!\s?:?\s?\(?\s?0/)", re.IGNORECASE | re.ASCII
)
_MORE_STATIONS = re.compile(r"(?:\s?(?:/|、|,|和|及|and)\s?[ab][12]\b)+", re.IGNORECASE | re.ASCII)
"""Written after the first: "16a2/b1"."""
_OF_NODES = re.compile(r"\bnodes?\b|lymph|station|\bNo\.|PALN|淋巴|组", re.IGNORECASE | re.ASCII)
_GROUPS = {
    "para_aortic_unspecified": r"para-?\s?aortic|\bPALNs?\b|腹主动脉旁|腹主动脉周围|(?:第|No\.?\s?|\()16\s?组",
    "supraclavicular": r"supraclavicular|锁骨上|\bVirchow'?s? node",
    "mediastinal": r"mediastinal|纵隔",
}
_NONE = re.compile(
    r"^\s*(?:and )?(?P<no>no) (?:enlarged )?para-?\s?aortic (?:lymph )?nodes?\s*$", re.IGNORECASE | re.ASCII
)
"""Said of all of them, and nothing else: "no para-aortic nodes"."""
PATTERNS = (
    Pattern(
        "bulky",
        "bulky_n2",
        words(
            r"\bbulky (?:N2|(?:lymph )?nodes? (?:along|around|at) the (?:coeliac|celiac|splenic|common hepatic"
            r"|hepatic))",
            r"bulky\s?N2",
        ),
        True,
        denied=False,
    ),
)


def read(sentence: Sentence) -> Iterator[Mention]:
    yield from read_all(PATTERNS, sentence)
    text = sentence.text
    if not _OF_NODES.search(text):
        return
    stations = list(_STATION.finditer(text))
    for match in stations:
        if _TAKEN_OUT.search(_clause(sentence, match)) or not (_ILL.search(text) or re.search(r"淋巴结", text)):
            continue
        if _SMALL_OR_QUIET.search(text[match.end() :]):
            continue
        how = _standing(sentence, match)
        if how in (STATED, UNCERTAIN):
            more = _MORE_STATIONS.match(text, match.end())
            for part in (match["part"], *(re.findall("[ab][12]", more[0], re.IGNORECASE) if more else ())):
                yield Mention(*match.span(), "nodes_beyond_d2", f"16{part.lower()}", how, "node-station")
    for group, pattern in _GROUPS.items():
        match = re.search(pattern, text, re.IGNORECASE | re.ASCII)
        if match and not (group == "para_aortic_unspecified" and stations):
            yield from _group(sentence, match, group)


def _clause(sentence: Sentence, match: re.Match) -> str:
    low, high = sentence.clause(*match.span())
    return sentence.text[low:high]


def _standing(sentence: Sentence, match: re.Match) -> str:
    """As for any words; "not enlarged" denies, and "肿大,短径约1.4cm,考虑转移" doubts the nodes clauses later."""
    how = standing(sentence, *match.span())
    if how == STATED and _NOT_ILL.search(sentence.text[match.end() : sentence.clause(*match.span())[1]]):
        return DENIED
    rest = re.split(r"[;。]", sentence.text[match.end() :])[0]
    if how == STATED and _DENIED_LATER.search(rest):
        return OTHER
    return UNCERTAIN if how == STATED and _IN_DOUBT.search(rest) else how


def _group(sentence: Sentence, match: re.Match, group: str) -> Iterator[Mention]:
    """A region is free only where the report looked at the para-aortic one and says so."""
    clause = _clause(sentence, match)
    rest = sentence.text[sentence.clause(*match.span())[1] :]
    if group == "para_aortic_unspecified" and (none := _NONE.search(clause)):
        low = sentence.clause(*match.span())[0]
        yield Mention(low + none.start(), low + none.end(), "nodes_beyond_d2", [], STATED, "nodes-none")
        return
    if _TAKEN_OUT.search(clause) or not (_ILL.search(clause + rest[:24]) or re.search("PALN", clause)):
        return
    how = _standing(sentence, match)
    if how == STATED and re.search(r"未见|未及|无(?=明显|肿大)", clause):
        how = DENIED
    if how == DENIED and group == "para_aortic_unspecified":
        low, high = sentence.clause(*match.span())
        yield Mention(low, high, "nodes_beyond_d2", [], STATED, "nodes-none")
    elif how not in (DENIED, OTHER, "earlier"):
        yield Mention(*match.span(), "nodes_beyond_d2", group, how, f"node-{group}")
