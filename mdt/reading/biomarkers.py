"""What pathology says of markers in the tissue: HER2, MMR and MSI, PD-L1, Claudin 18.2, EBV, FGFR2b, p53."""

import re
from collections.abc import Iterator
from typing import Any

from mdt.reading.amounts import NUMBER, bounded, number
from mdt.reading.context import OTHER, OTHER_CANCER, standing
from mdt.reading.mention import Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_HER2 = r"(?:\bHER-?\s?2(?:\s?/?\s?neu)?|\bC?-?erb-?B-?2|human epidermal growth factor (?:receptor )?(?:type )?2)"
_LINK = (
    r"(?:\s|status|expression|protein|overexpression|gene|score|was|were|is|of|IHC|immunohistochemistry|:|=|为|评分"
    r"|蛋白|免疫组化|免疫组织化学|表达|检测|\(|,)*"
)
_POSITIVE, _NEGATIVE = r"(?:positive|positivity|阳性)", r"(?:negative|negativity|阴性|\(-\))"
_SCORE = r"(?P<score>[0-3]\s?\+|0)(?![\d.%+]|\s?(?:[-~到至/或]|to|or)\s?[1-3]\s?\+)"


def _score(match: re.Match) -> Any:
    named = match.groupdict()
    if named.get("low"):
        return {"one_of": [f"{named['low']}+", f"{named['high']}+"]}
    if named.get("pluses"):
        return f"{len(named['pluses'])}+"
    text = next(filter(None, (named.get(name) for name in ("score", "score2", "score3", "score4", "score5", "score6"))))
    return "0" if text.startswith("0") else f"{text[0]}+"


def _tells(match: re.Match, *, yes: str, no: str) -> str:
    """Which of two words stands in the match, by the group that took part."""
    return yes if match.groupdict().get("yes") or match.groupdict().get("yes2") else no


_BLOOD = re.compile(r"\b(?:blood|plasma|serum|ctDNA)\b|血浆|外周血|血清", re.IGNORECASE | re.ASCII)
_AMPLIFIED = (
    r"(?<!not )(?<!non-)(?<!no )(?:amplified|amplification (?:present|detected)|positive|阳性"
    r"|(?<!无)(?<!未)扩增(?!阴性))"
)
_NOT_AMPLIFIED = r"(?:not amplified|non-?amplified|no amplification|unamplified|negative|阴性|未扩增|无扩增|未见扩增)"
_ISH = r"(?:\bFISH\b|\bD?ISH\b|in situ hybridi[sz]ation)"
PATTERNS = (
    Pattern(
        "her2-ihc",
        "her2_ihc",
        words(
            rf"{_HER2}{_LINK}[([]?\s?{_SCORE}",
            rf"\(?(?P<score2>[1-3]\s?\+)\)?\s?{_HER2}",
            rf"{_HER2}[^.;。]{{0,40}}?(?:\bIHC\)?|immunohistochemistry\)?|score)\s?(?:of |: ?)?(?P<score3>[0-3]\s?\+"
            rf"|0)(?![\d.%+]|\s?(?:[-~到至/或]|to|or)\s?[1-3]\s?\+)",
            rf"{_HER2}[^.;。]{{0,110}}?(?P<score5>[0-3]\s?\+)\s?(?:immunohistochemistry|immunostaining|IHC)",
            rf"{_HER2}\)?[\s-]*{_POSITIVE}\s?\((?:I[HC]{{2}} ?)(?P<score6>[0-3]\s?\+)",
            rf"{_HER2}\s?[(:]?\s?(?P<pluses>\+{{2,3}})(?!\+)",
            rf"{_HER2}{_LINK}\(?\s?(?P<low>[12])\s?\+\s?(?:[-~到至/或]|to|or)\s?(?P<high>[23])\s?\+",
            rf"{_HER2}(?:\s?{_POSITIVE}|\s?{_NEGATIVE})\s?\(\s?(?:IHC )?(?P<score4>[0-3]\s?\+)",
        ),
        _score,
        unless=OTHER_CANCER,
        has_own_no=True,
    ),
    Pattern(
        "her2-ish",
        "her2_ish",
        words(
            rf"{_ISH}[^.;。+]{{0,12}}?(?:(?P<yes>{_AMPLIFIED})|(?P<no>{_NOT_AMPLIFIED}))",
            rf"(?P<yes2>(?<!no ){_HER2} (?:gene )?amplification (?:was )?(?:confirmed|detected|identified|found"
            rf"|shown) (?:by|on|in|with) [^.;]{{0,20}}?{_ISH})",
        ),
        lambda match: _tells(match, yes="positive", no="negative"),
        where=words(_HER2),
        unless=words(_BLOOD.pattern, OTHER_CANCER.pattern, r"EBER-?\s?(?:ISH|in situ)"),
        has_own_no=True,
    ),
    Pattern(
        "her2-status",
        "her2_status",
        words(
            rf"(?<!loss of )(?<!lost ){_HER2}(?:\s|-|\)|\(HER-?2\)"
            rf"|immunohistochemical|staining|status|expression|was"
            rf"|were|is"
            rf"|:)*(?:(?P<yes>(?<!not ){_POSITIVE})|(?P<no>{_NEGATIVE}))",
            rf"(?P<yes2>(?:overexpression of|(?<!not )positive for) {_HER2})",
            rf"negative for {_HER2}",
        ),
        lambda match: _tells(match, yes="positive", no="negative"),
        unless=words(_BLOOD.pattern, OTHER_CANCER.pattern),
        has_own_no=True,
    ),
    Pattern(
        "mmr",
        "mmr",
        words(
            r"(?P<yes>\bpMMR\b|MMR[\s-]*proficient|proficient (?:MMR|mismatch repair)|错配修复(?:功能"
            r"|蛋白)?(?:完整|正常|无缺失))",
            r"(?P<no>\bdMMR\b|MMR[\s-]*deficient|deficient (?:MMR|mismatch repair)|mismatch repair deficien\w+"
            r"|错配修复(?:功能|蛋白)?(?:缺陷|缺失))",
        ),
        lambda match: _tells(match, yes="proficient", no="deficient"),
        has_own_no=True,
    ),
    Pattern(
        "msi",
        "msi",
        words(
            r"\bMSI-?\s?(?P<high>H(?:igh)?)\b",
            r"\bMSI-?\s?(?P<low>L(?:ow)?)\b",
            r"(?P<stable>\bMSS\b|microsatellite[\s-]*stable|微卫星稳定)",
            r"(?P<high2>microsatellite instability[\s-]*high|微卫星高度不稳定)",
            r"(?P<negative>microsatellite instability (?:was |is )?negative|MSI[\s-]negative|微卫星不稳定\s?\(?阴性)",
        ),
        lambda match: (
            {"one_of": ["low", "stable"]}
            if match["negative"]
            else "stable"
            if match["stable"]
            else "low"
            if match["low"]
            else "high"
        ),
        has_own_no=True,
    ),
    Pattern(
        "cps",
        "pdl1_cps",
        words(
            r"(?:\bCPS\b|combined positive score(?:[^0-9.;]|ligand[ -]1|L1){0,45}?|联合阳性(?:评)?分(?:数)?)(?:\s"
            r"|score|评分"
            r"|was|of|is|about|:|=|为|约|\(|\))*(?P<sign>[<>≤≥]=?"
            r"|≧)?\s*(?<!ligand )(?P<value>\d{1,3}(?:\.\d+)?)(?![\d.]|\s?(?:-|~"
            r"|to)\s?\d)(?P<more>\s?or (?:higher|more)|及以上|以上)?"
        ),
        lambda match: (
            {"at_least": number(match["value"])}
            if match["more"]
            else bounded(match["sign"] or "", number(match["value"]))
        ),
        has_own_no=True,
    ),
    Pattern(
        "tap",
        "pdl1_tap_percent",
        words(
            rf"(?:\bTAP\b|tumou?r area positivity)(?:\s|score|评分|was|of|is|:|=|为"
            rf"|约)*(?P<sign>[<>≤≥]=?)?\s*(?P<value>{NUMBER})\s?%"
        ),
        lambda match: bounded(match["sign"] or "", number(match["value"])),
        has_own_no=True,
    ),
    Pattern(
        "claudin-status",
        "cldn18_2_status",
        words(
            rf"(?:claudin|CLDN)[\s-]?18\.2[^.;。\d]{{0,15}}?(?:(?P<yes>(?<!not ){_POSITIVE})|(?P<no>{_NEGATIVE}))",
            rf"(?:claudin|CLDN)[\s-]?18\.2\b[^;。]{{0,75}}%[^.;。]{{0,20}}, (?P<yes2>{_POSITIVE})",
        ),
        lambda match: _tells(match, yes="positive", no="negative"),
        has_own_no=True,
    ),
    Pattern(
        "claudin-percent",
        "cldn18_2_percent",
        words(
            rf"(?:claudin|CLDN)[\s-]?18\.2[^;。]{{0,50}}?(?:[23]\s?\+|moderate[\s-]to[\s-]strong"
            rf"|中等?[-~至到]?强)[^;。%\d]{{0,25}}(?:[23]\s?\+[^;。%\d]{{0,25}})?(?P<value>{NUMBER})\s?%",
            rf"(?:claudin|CLDN)[\s-]?18\.2[^;。\d]{{0,12}}(?P<before>{NUMBER})\s?%[^;。%\d]{{0,6}}[23]\s?\+",
        ),
        lambda match: number(match["value"] or match["before"]),
    ),
    Pattern(
        "ebv",
        "ebv",
        words(
            rf"\b(?:EBER|EBV)(?:[\s-]*(?:ISH|in situ hybridi[sz]ation|was|is|:|原位杂交))*[\s-]*(?:(?P<yes>{_POSITIVE}"
            rf"|\(\+\))|(?P<no>{_NEGATIVE}))"
        ),
        lambda match: _tells(match, yes="positive", no="negative"),
        has_own_no=True,
    ),
    Pattern(
        "fgfr2b",
        "fgfr2b_percent",
        words(rf"\bFGFR2b\b[^;。]{{0,25}}?[23]\s?\+[^;。%]{{0,20}}?(?<![\d.+/])(?P<value>{NUMBER})\s?%"),
        lambda match: number(match["value"]),
    ),
    Pattern(
        "p53",
        "p53_ihc",
        words(
            r"\bp53\b[^,.;。]{0,15}?(?:(?P<yes>aberrant|mutant|mutation-type|overexpress\w+|突变型|异常)"
            r"|(?P<no>wild[\s-]?type|野生型))"
        ),
        lambda match: _tells(match, yes="aberrant", no="wild_type"),
        has_own_no=True,
    ),
)
_SAYS_MORE = {"her2_status": {"her2_ihc", "her2_ish"}, "cldn18_2_status": {"cldn18_2_percent"}}
_REPAIR = re.compile(
    r"\b(MLH1|MSH2|MSH6|PMS2)\s?(?:\(|:|为)?\s?(\+|-|阳性|阴性|positive|negative|retained|lost|表达缺失)",
    re.IGNORECASE | re.ASCII,
)


def read(sentence: Sentence) -> Iterator[Mention]:
    found = list(read_all(PATTERNS, sentence))
    named = {mention.fact for mention in found}
    for mention in found:
        # the vocabulary asks for the status only where the method, or the percentage, is not stated
        if not named & _SAYS_MORE.get(mention.fact, set()):
            yield mention
    yield from _repair_proteins(sentence)


def _repair_proteins(sentence: Sentence) -> Iterator[Mention]:
    """All four proteins kept: proficient. One that is lost: deficient. Fewer than four, all kept, say nothing."""
    found = list(_REPAIR.finditer(sentence.text))
    if not found or standing(sentence, *found[0].span(), denies=False) == OTHER:
        return
    kept = {match[1].upper() for match in found if match[2].lower() in ("+", "阳性", "positive", "retained")}
    value = (
        "deficient"
        if len(kept) < len({match[1].upper() for match in found})
        else "proficient"
        if len(kept) == 4
        else ""
    )
    if value:
        yield Mention(found[0].start(), found[-1].end(), "mmr", value, "stated", "mmr-proteins")
