"""The liver as a whole: whether there are metastases, how many, the largest, the lobes, and the liver beside them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mdt.reading.amounts import NUMBER, bounded, number, sizes
from mdt.reading.answers import answered_no
from mdt.reading.context import DENIED, OTHER, is_planned_or_earlier, standing, with_cue
from mdt.reading.counts import IN_CHINESE, IN_ENGLISH, OTHERS, counted, counted_of_all, counts_parts
from mdt.reading.mention import STATED, UNCERTAIN, Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence
from mdt.reading.segments import SPELT, places

NAMED = re.compile(
    r"\bliver\b(?! function)|\bhepatic(?! arter| flexure)\b|\bbilobar\b|hepatic metasta|肝(?!炎|功|总动脉"
    r"|固有动脉|动脉|样"
    r"|胆管癌|胃|十二指肠韧带|素)",
    re.IGNORECASE | re.ASCII,
)
METASTASIS = re.compile(r"metasta(?:sis|ses|tic)|转移(?!待排|率)", re.IGNORECASE | re.ASCII)
NOUN = re.compile(
    r"\b(?:lesions?|metasta\w+|nodules?|mass(?:es)?|tumou?rs?|focus|foci|deposits?|SOL)\b|转移|结节|肿块"
    r"|占位|病灶|低密度影?"
    r"|高信号灶|信号影|团块|肿物",
    re.IGNORECASE | re.ASCII,
)
BENIGN = re.compile(
    r"\bcysts?\b|ha?emangiomas?|\bFNH\b|focal nodular hyperplasia|calcification|囊肿|血管瘤|钙化灶?",
    re.IGNORECASE | re.ASCII,
)
OPERATION = re.compile(
    r"hepatectom|lobectom|segmentectom|\bresect(?:ion|ed)\b|excis|ablat|hemihepatect|enucleat|transplant"
    r"|切除|消融|移植",
    re.IGNORECASE | re.ASCII,
)
_IMAGING = re.compile(
    r"\b(?:CT|MRI|MR|PET|ultraso\w+|imaging|scan|tomography|sonograph\w+)\b|增强|超声|磁共振|影像|平扫",
    re.IGNORECASE | re.ASCII,
)
_SHOWS = re.compile(r"show|reveal|demonstrat|indicat|detect|identif|:|示|提示|见|发现", re.IGNORECASE | re.ASCII)
_OF_STATED = re.compile(
    r"\b(?:the|of|within|in|all|these|those)\s+(?:the\s+)?(?:liver|hepatic)\s+metasta\w+$", re.IGNORECASE | re.ASCII
)
_GAP = rf"(?:[,\s]+(?!(?:lymph|node|nodes|lung|pulmonary|bone|and|or|of|more|{OTHERS})\b)[A-Za-z-]+){{0,3}}?[,\s]+"
_SPREAD = r"metasta(?:sis|ses|tic (?:lesions?|tumou?rs?|nodules?|deposits?|foci|focus|disease))"


PATTERNS = (
    Pattern(
        "liver-count-en",
        "liver_lesion_count",
        words(rf"{IN_ENGLISH}{_GAP}(?:liver|hepatic)\s+{_SPREAD}"),
        counted_of_all,
        unless=counts_parts,
    ),
    Pattern(
        "liver-count-of-en",
        "liver_lesion_count",
        words(
            rf"{IN_ENGLISH}(?:\s+(?!(?:lymph|node|lung|bone|{OTHERS})\b)[A-Za-z-]+){{0,2}}?\s+{_SPREAD}\s+(?:in|of"
            rf"|to)\s+(?:the\s+)?(?:[A-Za-z-]+\s+){{0,4}}?liver\b"
        ),
        counted_of_all,
        unless=counts_parts,
    ),
    Pattern(
        "liver-count-heading",
        "liver_lesion_count",
        words(rf"\bliver\s*:\s*{IN_ENGLISH}\s+(?:[A-Za-z-]+\s+){{0,2}}?{_SPREAD}"),
        counted_of_all,
        unless=counts_parts,
    ),
    Pattern(
        "liver-count-zh",
        "liver_lesion_count",
        words(
            rf"肝(?:脏|内|左叶|右叶|左右叶|两叶|实质)*(?:\([^()]{{0,16}}\))?[^,。胃肺淋]{{0,4}}?{IN_CHINESE}[个枚处]?[^,。淋肺骨]{{0,4}}?转移"
        ),
        counted_of_all,
        unless=counts_parts,
    ),
    Pattern(
        "liver-count-of-zh",
        "liver_lesion_count",
        words(rf"转移(?:瘤|灶|结节)?{IN_CHINESE}"),
        counted_of_all,
        unless=counts_parts,
    ),
    Pattern(
        "liver-single-or-many-zh",
        "liver_lesion_count",
        words(r"(?P<count>单发|孤立性?|多发性?)肝(?:脏|内)?转移"),
        lambda match: {"at_least": 2} if match["count"].startswith("多发") else 1,
    ),
    Pattern(
        "liver-diffuse",
        "liver_diffuse",
        words(
            r"\b(?:innumerable|countless|diffuse)\b[^.;]{0,40}?metasta\w+[^.;]{0,30}?(?:both lobes|liver)",
            r"\bdiffuse (?:liver|hepatic) metasta\w+",
            r"肝[^,。]{0,6}弥漫(?:性|多发)*[^,。]{0,4}转移",
            r"弥漫性?肝转移",
        ),
        True,
    ),
    Pattern(
        "liver-biopsy",
        "liver_metastasis",
        words(
            r"(?:liver|hepatic)(?: \w+){0,2}? biops(?:y|ies)[^.;]{0,50}?(?:metasta\w+|adenocarcinoma)",
            r"biops(?:y|ies) of (?:the|a) (?:\w+ )?(?:liver|hepatic)[^.;]{0,60}?(?:metasta\w+|adenocarcinoma)",
            r"肝(?:脏)?(?:穿刺|活检|病灶活检|占位穿刺)[^。;]{0,20}?(?:转移|腺癌)",
            # a specimen stands in brackets before what was seen in it; an operation does not
            r"\(肝[^()]{0,12}切除(?:标本)?\)[^。;]{0,20}?(?:转移性|腺癌)",
        ),
        "confirmed",
    ),
    Pattern(
        "liver-background",
        "liver_background",
        words(r"\bcirrho(?:sis|tic)\b", r"肝硬化"),
        "fibrosis_or_cirrhosis",
        lasting=True,
    ),
    Pattern(
        "future-remnant",
        "flr_percent",
        words(
            rf"(?:future liver remnant|\bFLR\b|剩余肝(?:脏)?体积?)[^0-9.;。]{{0,25}}(?P<value>{NUMBER})\s?%"
            r"(?!\s?(?:-|~|to|至)\s?\d)"
        ),
        lambda match: bounded(match[0], number(match["value"])),
    ),
)
_PORTAL = Pattern(
    "portal-vein-patent",
    "portal_vein_patent",
    words(
        r"portal vein\b[^,.;]{0,20}?\b(?:is |was |remains )?patent\b(?! apart| except| other than| but)",
        r"patent portal vein",
        r"门静脉[^,。;不未欠]{0,12}(?:通畅(?!性|受限|欠|不)|显影良好|充盈良好)",
    ),
    True,
)
_SPOKEN_OF = words(
    r"(?:liver|hepatic) metasta\w+",
    r"metasta\w+(?: \w+){0,2}? (?:in|to|of) the liver",
    r"肝(?:脏|内|左叶|右叶)*[^,。胃肺淋骨]{0,6}?转移",
)
_FILL = (
    r"(?:\s+(?:any|an?|the|clear|definite|obvious|convincing|suspicious|detectable|visible|radiological|imaging"
    r"|evidence|signs?|features|of|for))*"
)
_ELSEWHERE = r"(?:lung|pulmonary|bone|brain|adrenal|splenic|ovarian|peritoneal|nodal|distant)"
_SPREAD_THERE = r"metasta(?:sis|ses|tic (?:disease|lesions?|deposits?|nodules?))"
_CLOSED = r"(?=\s*(?:$|[.,;:()?]|\b(?:is|are|was|were|seen|identified|detected|found|on|and|or|nor|at)\b))"
_SURE = r"(?:明确|明显|确切|肯定|典型|异常|可疑|占位性?|局灶性?|的)*"
_OR_ELSEWHERE = r"(?:肺|骨|脑|脾|卵巢|腹膜|肾上腺|远处)"
_CLOSED_ZH = r"(?:性?(?:瘤|灶|病灶|病变|结节|征象|证据|表现))?(?=\s*(?:$|[.,。;、:()]))"
_NONE = words(
    rf"\b(?:no|without|free (?:of|from)|negative for|absence of|ruled out){_FILL}"
    rf"(?:\s+{_ELSEWHERE}(?:\s*,|\s+(?:and|or)))*"
    rf"\s+(?:liver|hepatic)(?:(?:\s*,|\s+(?:and|or))+\s+{_ELSEWHERE})*\s+{_SPREAD_THERE}\b{_CLOSED}",
    rf"\b(?:no|without|negative for|absence of){_FILL}\s+{_SPREAD_THERE} (?:in|to|of) the liver\b{_CLOSED}",
    rf"\b(?:liver|hepatic) {_SPREAD_THERE}\s+(?:(?:is|are|was|were)\s+)?"
    rf"(?:absent|ruled out|not (?:seen|found|present|detected|identified|visible|evident|demonstrated)){_CLOSED}",
    rf"(?<![余左右残半除])肝(?:脏|实质)?内?(?:未见|未发现|未探及|未及|无){_SURE}转移{_CLOSED_ZH}",
    rf"(?:未见|未发现|未提示|无){_SURE}(?:{_OR_ELSEWHERE}[、及和或])*肝(?:脏|内)?(?:[、及和或]{_OR_ELSEWHERE})*转移{_CLOSED_ZH}",
)
"""That there are none is offered where the "no" is of the metastases themselves. It is not in "no change in the liver
metastases", "肝转移灶未见强化", "no metastases outside of the liver", nor where it is of a part of the liver alone."""
_LOBE = re.compile(
    r"(?P<both>\bboth (?:liver |hepatic )?lobes|\bbilobar\b|两叶|左右叶|左、右叶|双叶)"
    r"|(?P<left>\bleft (?:hepatic |liver )?(?:lobe|hemiliver)|\bleft lateral (?:segment|section)"
    r"|\blateral segment of the liver|肝?左(?:半肝|外叶|内叶|叶))"
    r"|(?P<right>\bright (?:hepatic |liver )?(?:lobe|hemiliver)|肝?右(?:半肝|前叶|后叶|叶))",
    re.IGNORECASE | re.ASCII,
)
_BOTH_SIDES = re.compile(r"\bleft\b.*\bright\b|\bright\b.*\bleft\b|左.*右|右.*左", re.IGNORECASE | re.ASCII | re.DOTALL)
_LARGEST_HERE = re.compile(r"largest|biggest|较大|最大|大者", re.IGNORECASE | re.ASCII)


def read(sentence: Sentence) -> Iterator[Mention]:
    yield from _PORTAL.read(sentence)  # its name says whose vein it is
    if not sentence.of_liver:
        return
    yield from read_all(PATTERNS, sentence)
    yield from _presence(sentence)
    if OPERATION.search(sentence.text) or not METASTASIS.search(sentence.text):
        return
    yield from _lobes(sentence)
    yield from _largest(sentence)


_COUNTS_ANYWHERE = [
    replace(pattern, value=counted, unless=None) for pattern in PATTERNS if pattern.value is counted_of_all
]


def counts_in(sentence: Sentence) -> set[int]:
    """The numbers of metastases that the sentence states, also of a part of the liver; nothing for "multiple"."""
    found = [mention for mention in read_all(_COUNTS_ANYWHERE, sentence) if mention.certainty == STATED]
    return {mention.value for mention in found if isinstance(mention.value, int)}


def _presence(sentence: Sentence) -> Iterator[Mention]:
    """Typical on imaging, suspected, or absent; a metastasis only spoken of says nothing of how it is known."""
    matches = list(_SPOKEN_OF.finditer(sentence.text)) if NAMED.search(sentence.text) else []
    matches = matches or list(METASTASIS.finditer(sentence.text))[:1]
    has_liver = bool(NAMED.search(sentence.text) or SPELT.search(sentence.text))
    for match in matches:
        how = standing(sentence, *match.span())
        if how == DENIED and not _is_of_another_look(sentence, match) and (words_of_none := _none(sentence, match)):
            yield Mention(*words_of_none, "liver_metastasis", "absent", STATED, "liver-absent")
        elif how == UNCERTAIN and has_liver:
            yield Mention(
                *with_cue(sentence, *match.span()), "liver_metastasis", "suspected", STATED, "liver-suspected"
            )
        elif how == STATED and has_liver and _is_seen(sentence, match):
            yield Mention(match.start(), match.end(), "liver_metastasis", "clinical", STATED, "liver-on-imaging")
        elif how == STATED and has_liver and _is_concluded(sentence, match):
            yield Mention(match.start(), match.end(), "liver_metastasis", "clinical", STATED, "liver-concluded")


_ANOTHER_LOOK = re.compile(
    r"\b(?:but|now|at diagnosis|initially|before|last|previous\w*|were there|not true)\b"
    r"|初诊|当时|之?前|外院|家属|后来|术后\d|年前",
    re.IGNORECASE | re.ASCII,
)


def _is_of_another_look(sentence: Sentence, match: re.Match) -> bool:
    """Another day, another examination or somebody's word: "CT未见肝转移,MRI示S6转移灶", "既往CT未见肝转移"."""
    rest = sentence.text[: match.start()] + " " + sentence.text[match.end() :]
    is_looked_at_twice = len(_IMAGING.findall(sentence.text)) > 1 and METASTASIS.search(rest)
    return bool(is_planned_or_earlier(sentence.text) or _ANOTHER_LOOK.search(sentence.text) or is_looked_at_twice)


def _none(sentence: Sentence, match: re.Match) -> tuple[int, int] | None:
    """The words that say that there are none, around a match that is denied."""
    if _SPOKEN_OF.fullmatch(match[0]) and answered_no(sentence.text[match.end() :]):
        return with_cue(sentence, *match.span())
    around = (each.span() for each in _NONE.finditer(sentence.text))
    return next((span for span in around if span[0] <= match.start() and match.end() <= span[1]), None)


_AFTERWARDS = re.compile(r"\b(?:after|post\w*|status|follow\w*|recur\w*)\b|术后|疗后|后改变|复发|随访", re.I | re.ASCII)


def _is_concluded(sentence: Sentence, match: re.Match) -> bool:
    """Whether a scan concludes with it, without a doubt: "诊断: 肝S6单发转移瘤", not what was treated before."""
    is_of_a_segment = places(sentence) and len(METASTASIS.findall(sentence.text)) == 1
    return bool(
        sentence.concludes
        and sentence.is_on_a_scan
        and (_SPOKEN_OF.fullmatch(match[0]) or is_of_a_segment)
        and not _OF_STATED.search(sentence.text[: match.end()])
        and not OPERATION.search(sentence.text)
        and not _AFTERWARDS.search(sentence.text)
    )


def _is_seen(sentence: Sentence, match: re.Match) -> bool:
    before = sentence.text[: match.end()]
    is_of_liver = _SPOKEN_OF.fullmatch(match[0]) or re.search(
        r"segment|liver|段|肝", sentence.text, re.IGNORECASE | re.ASCII
    )
    return bool(
        is_of_liver
        and _IMAGING.search(before)
        and _SHOWS.search(before)
        and not _OF_STATED.search(before)
        and not OPERATION.search(sentence.text)
        and not re.search(
            r"lung|bone|node|肺|骨|淋巴",
            sentence.text[max(0, match.start() - 14) : match.start()],
            re.IGNORECASE | re.ASCII,
        )
    )


def _lobes(sentence: Sentence) -> Iterator[Mention]:
    """Lobes of metastases, all that the sentence names; where the largest lies says nothing of the others."""
    elsewhere = r"(?:node|lung|pulmonary|bone|periton\w+|淋巴结?|肺|骨|腹膜)[^,;。]{0,8}$"
    spread = [
        match
        for match in METASTASIS.finditer(sentence.text)
        if not re.search(elsewhere, sentence.text[: match.start()], re.IGNORECASE | re.ASCII)
    ]
    if not spread or standing(sentence, *spread[0].span()) != STATED:
        return
    found = []
    for match in _LOBE.finditer(sentence.text):
        low, high = sentence.clause(*match.span())
        if _LARGEST_HERE.search(sentence.text[low:high]) or standing(sentence, *match.span()) != STATED:
            continue
        found.append(match)
    sides = {match.lastgroup for match in found}
    if sides in ({"left"}, {"right"}) and _BOTH_SIDES.search(sentence.text):
        return  # "three in the right lobe and two in the left"
    if sides:
        value = "both" if "both" in sides or len(sides) > 1 else sides.pop()
        yield Mention(found[0].start(), found[-1].end(), "liver_lobes", value, STATED, "liver-lobes")


def _largest(sentence: Sentence) -> Iterator[Mention]:
    doubts = {standing(sentence, *match.span()) for match in METASTASIS.finditer(sentence.text)}
    how = UNCERTAIN if doubts == {UNCERTAIN} else STATED  # how large, but maybe of no metastasis
    for size in sizes(sentence):
        if size.kind and not size.is_earlier and standing(sentence, size.start, size.end) not in (DENIED, OTHER):
            value = {"at_most": size.value} if size.kind == "up to" else size.value
            yield Mention(size.start, size.end, "liver_max_diameter_mm", value, how, "liver-largest")
