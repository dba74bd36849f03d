"""Fitness, organ function and other illnesses. The Karnofsky index is not read: nothing here converts it to ECOG."""

import re
from collections.abc import Iterator
from typing import Any

from mdt.reading.amounts import NUMBER, bounded, number, whole
from mdt.reading.mention import Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_LINK = r"(?:\s|score|status|grade|class|评分|分级|体力|状态|was|of|is|at|:|=|为|约|,|\()*"
_POSITIVE, _NEGATIVE = r"(?:positive|阳性|\(?\+\))", r"(?:negative|阴性|\(?-\))"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5}


def _ecog(match: re.Match) -> Any:
    low = int(match["value"])
    return {"at_least": low, "at_most": int(match["high"])} if match["high"] else low


def _value(match: re.Match) -> Any:
    return bounded(match.groupdict().get("sign") or "", number(match["value"]))


def _albumin(match: re.Match) -> Any:
    return whole(number(match["value"]) * (10 if match["unit"].lower().startswith("g/d") else 1))


def _amount(name: str, fact: str, named: str, unit: str, value=_value) -> Pattern:
    return Pattern(
        name,
        fact,
        words(
            rf"(?:{named})(?:(?!\d|[;。])[^<>≤≥]){{0,20}}?(?P<sign>[<>≤≥]=?)?\s*(?P<value>{NUMBER})\s?(?P<unit>{unit})"
        ),
        value,
    )


PATTERNS = (
    Pattern(
        "ecog",
        "ecog",
        words(
            rf"(?:\bECOG\b|(?<!karnofsky )(?<!lansky )\bperformance status\b|(?<![A-Za-z])PS\s?评分"
            rf"|Eastern Cooperative Oncology Group)(?:[\s-]*PS)?(?:[\s-]*performance status)?{_LINK}(?:\(?ECOG\)?"
            rf"|\(?PS\)?)?{_LINK}(?P<value>[0-4])(?:\s?[-~]\s?(?P<high>[0-4]))?(?![\d./])"
        ),
        _ecog,
        has_own_no=True,
    ),
    Pattern(
        "hbsag",
        "hbsag",
        words(rf"(?:HBsAg|(?:乙肝|乙型肝炎)表面抗原)[\s:(]*(?:(?P<yes>{_POSITIVE})|{_NEGATIVE})"),
        lambda match: "positive" if match["yes"] else "negative",
        has_own_no=True,
    ),
    Pattern(
        "asa",
        "asa",
        words(rf"\bASA\b{_LINK}(?P<value>[1-5]|IV|V|III|II|I)(?![\w/]|\s?(?:[-~至或]|to|or)\s?(?:[1-5]|[IV]))"),
        lambda match: _ROMAN.get(match["value"].upper()) or int(match["value"]),
        has_own_no=True,
    ),
    Pattern(
        "child-pugh",
        "child_pugh",
        words(rf"Child[\s-]*Pugh{_LINK}(?P<value>[ABC])(?![a-z]|\s?(?:[-~/至或]|to|or)\s?[ABC])"),
        lambda match: match["value"].upper(),
        has_own_no=True,
    ),
    _amount(
        "bilirubin",
        "bilirubin_umol_l",
        r"total bilirubin|\bTBIL\b|总胆红素|(?<!direct )\bbilirubin\b",
        r"[uµμ]mol\s?/\s?L",
    ),
    _amount("albumin", "albumin_g_l", r"(?<!pre)\balbumin\b|(?<!前)(?<!球)白蛋白|\bALB\b", r"g\s?/\s?d?L", _albumin),
    _amount(
        "creatinine-clearance",
        "creatinine_clearance_ml_min",
        r"creatinine clearance|\bCrCl\b|肌酐清除率",
        r"ml\s?/\s?min",
    ),
    _amount("lvef", "lvef_percent", r"\bLVEF\b|left ventricular ejection fraction|左室射血分数", r"%"),
    Pattern(
        "neuropathy",
        "neuropathy_grade",
        words(
            r"grade (?P<value>[0-4]) (?:peripheral |sensory )*neuropathy",
            r"neuropathy,? grade (?P<after>[0-4])",
            r"周围神经病变?(?P<chinese>[0-4])级",
        ),
        lambda match: int(next(filter(None, match.groups()))),
    ),
)
_CONDITIONS = {
    "ild": r"interstitial lung disease|interstitial pneumon\w+|\bILD\b|间质性肺[病炎]",
    "heart_failure": r"heart failure|cardiac failure|心力衰竭|心衰|心功能不全",
    "hearing_loss": r"hearing loss|听力(?:下降|减退|丧失)|耳聋",
    "transplant": (
        r"(?:kidney|renal|liver|heart|organ|bone marrow|stem cell) transplant\w*|(?:肾|肝|心脏|骨髓"
        r"|器官)移植(?:术)?后"
    ),
    "hbv": (
        r"(?:chronic )?hepatitis B\b(?! (?:vaccin|surface antibod|core antibod))|\bHBsAg\s?(?:\(\+\)|positive|阳性)"
        r"|\bHBV (?:carrier|infection)|乙肝(?!疫苗|表面抗体|两对半)|乙型(?:病毒性)?肝炎"
    ),
    "uncontrolled_hypertension": r"uncontrolled hypertension|高血压控制不佳|未控制的?高血压",
    "outlet_obstruction": r"(?:gastric outlet|pyloric) obstruction|幽门梗阻|胃流出道梗阻",
}
_SYMPTOMS = {
    "bleeding": (
        r"(?:gastrointestinal|tumou?r|gastric) (?:bleeding|ha?emorrhage)|ha?ematemesis|mela?ena|消化道出血|呕血|黑便"
        r"|肿瘤出血"
    ),
    "obstruction": r"(?:gastric outlet|pyloric) obstruction|幽门梗阻|胃流出道梗阻",
    "perforation": r"(?:gastric|tumou?r) perforation|胃穿孔",
}
PATTERNS += tuple(
    Pattern(f"condition-{code}", "conditions", words(pattern), code, lasting=True)
    for code, pattern in _CONDITIONS.items()
) + tuple(Pattern(f"symptom-{code}", "symptoms", words(pattern), code) for code, pattern in _SYMPTOMS.items())


def read(sentence: Sentence) -> Iterator[Mention]:
    return read_all(PATTERNS, sentence)
