"""The TNM string and its kin: cT4aN2M1, pT3N3aH1CY0P0, ypT2 ypN1 (2/31)."""

import re
from collections.abc import Iterator
from typing import Any

from mdt.reading.context import OTHER, OTHER_CANCER, standing
from mdt.reading.mention import STATED, Mention
from mdt.reading.plain import Sentence

_T_VALUE = r"(?:0|X|1[ab]?|2|3|4[ab]?)"
_SIGNAL = (
    r"(?!\s?-?\s?(?:weight|W|hyper|hypo|iso|signal|bright|dark|flair|map|加权|高|低|等|信号|像|序列|相|长|短|椎|cell))"
)
_T = re.compile(
    rf"(?<![A-Za-z])(?P<basis>yp|yc|[cpu]|)T\s?(?P<value>{_T_VALUE})"
    rf"(?:\s?(?P<how>-|/|~|to|or|至|或)\s?[cp]?T?(?P<second>{_T_VALUE}|b)(?![\d.]))?(?![\d.a-z%]){_SIGNAL}"
)
_N = re.compile(
    r"(?:(?<![A-Za-z])|(?<=T1a)|(?<=T1b)|(?<=T4a)|(?<=T4b))(?P<basis>yp|yc|[cpu]|)N\s?(?P<value>0|X|1|2|3[ab]?"
    r"|\+)(?:\s?(?P<how>-|/|~|to|or|至|或)\s?[cp]?N?(?P<second>[0-3][ab]?|b)(?![\d.]))?(?![\da-z])"
)
_HAS_N = re.compile(r".{0,14}?N\s?(?:[0-3X]|\+)")
_P = re.compile(r"(?<![A-Za-z])P(?P<value>0|X|1[abc]?)(?![A-BD-Za-z0-9]|C(?!Y))(?!\s?=)")
_CY = re.compile(r"(?:(?<![A-Za-z])|(?<=P[01X]))CY\s?(?P<value>0|1|X)(?![\da-z])")
_OF_STAGING = re.compile(r"CY\d|H[01]|T\d|periton|laparosc|腹膜|腹腔", re.IGNORECASE | re.ASCII)


def read(sentence: Sentence) -> Iterator[Mention]:
    if OTHER_CANCER.search(sentence.text):
        return
    tumours = list(_tumours(sentence))
    yield from (mention for mentions in tumours for mention in mentions)
    ends = [mentions[0].end for mentions in tumours]
    for match in _N.finditer(sentence.text):
        is_beside = any(0 <= match.start() - end <= 14 for end in ends)
        if match["basis"] or is_beside or re.match(r"\s?M[01X]", sentence.text[match.end() :]):
            yield from _mention(sentence, match, "n_category", _category("N", match), "tnm-n")
    if _OF_STAGING.search(sentence.text):
        for match in _P.finditer(sentence.text):
            yield from _mention(sentence, match, "peritoneum", f"P{match['value']}", "tnm-p")
    for match in _CY.finditer(sentence.text):
        yield from _mention(sentence, match, "cytology", f"CY{match['value']}", "tnm-cy")


def alone(words: str) -> Iterator[tuple[str, re.Match]]:
    """T and N that are no offer: with neither c, p nor yp in front, nor the other one beside them."""
    if OTHER_CANCER.search(words):
        return
    tumours = list(_T.finditer(words))
    for match in tumours:
        if not match["basis"] and not _HAS_N.match(words, match.end()):
            yield "t", match
    for match in _N.finditer(words):
        is_beside = any(0 <= match.start() - tumour.end() <= 14 for tumour in tumours)
        if not match["basis"] and not is_beside and not re.match(r"\s?M[01X]", words[match.end() :]):
            yield "n", match


def _tumours(sentence: Sentence) -> Iterator[list[Mention]]:
    for match in _T.finditer(sentence.text):
        if not match["basis"] and not _HAS_N.match(sentence.text, match.end()):
            continue
        mentions = list(_mention(sentence, match, "t_category", _category("T", match), "tnm-t"))
        basis = {"c": "c", "u": "c", "p": "p", "yp": "yp"}.get(match["basis"])
        if mentions and basis:
            mentions += _mention(sentence, match, "t_basis", basis, "tnm-basis")
        if mentions:
            yield mentions


def _category(letter: str, match: re.Match) -> Any:
    """ "T3", or all that "T2-4", "N1/2" and "T4a/b" leave open."""
    first, second = match["value"], match["second"]
    if not second or second == first:
        return f"{letter}{first}"
    if second == "b":
        return {"one_of": [f"{letter}{first}", f"{letter}{first[:-1]}b"]}
    is_span = match["how"] in ("-", "~", "to", "至") and first[0].isdigit() and second[0].isdigit()
    between = range(int(first[0]) + 1, int(second[0])) if is_span else ()
    return {"one_of": [f"{letter}{part}" for part in (first, *between, second)]}


def _mention(sentence: Sentence, match: re.Match, fact: str, value, pattern: str) -> Iterator[Mention]:
    how = standing(sentence, *match.span(), denies=False)
    if how != OTHER:
        yield Mention(match.start(), match.end(), fact, value, how or STATED, pattern)
