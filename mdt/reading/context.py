"""How the words around a match change it: denied, in doubt, of earlier times, planned, or of somebody else."""

import re

from mdt.reading.answers import answered_no, is_unsure, takes_back
from mdt.reading.mention import EARLIER, STATED, UNCERTAIN
from mdt.reading.plain import Sentence

DENIED = "denied"
OTHER = "other"
"""Not about this patient's disease now: a relative, a plan, a guideline, the patients of a study."""

_CHINESE = r"[\u4e00-\u9fff]"
_NOT_BEFORE = re.compile(
    r"\b(?:no(?!\.\s?\d|\s(?:more|fewer|less)\sthan)|not(?!\s(?:more|fewer|less)\sthan)|without|denies|denied"
    r"|denying|negative for|absence of|free of|free from|rules? out"
    r"|ruled out|nor|neither|never|non)\b|未见|未及|未发现|未找到|未查见|未探及|未提示|没有|不伴|否认|除外|排除"
    r"|不考虑|不支持|(?<!有)无(?!法|数)",
    re.IGNORECASE | re.ASCII,
)
_NOT_AFTER = re.compile(
    r"^[^,;。]{0,40}?(?:\b(?:absent|none|ruled out|is excluded|was excluded|unlikely|less likely"
    r"|not (?:seen|observed"
    r"|detected|identified|found|"
    r"present|demonstrated|visible|evident))\b|未见|阴性|可能性(?:小|低|不大))",
    re.IGNORECASE | re.ASCII,
)
_NOT_EXCLUDED = re.compile(
    r"cannot (?:be )?(?:excluded?|rule out)|不除外|不能除外|不排除|不能排除", re.IGNORECASE | re.ASCII
)
_NOT_OF_THE_THING = re.compile(
    r"\b(?:changes?|changed|new|newly|further|additional|other|more|progress\w*|increas\w*|decreas\w*|growth|growing"
    r"|drain\w*|large\w*|massive|tense|biops\w*|resections?|ablations?|previous|apart|besides?|despite|outside|than|all|only)\b"
    r"|新发|新增|新见|其他|其它|其余|变化|改变|增[多加]|增大(?!的?淋巴结)|减少|缩小|进展|大量|中等?量|强化|坏死|出血|活性|穿刺|活检|侵犯",
    re.IGNORECASE | re.ASCII,
)
"""What a "no" is said of where it denies nothing: "no change in", "no further", "未见增多"."""
_CHANGES = re.compile(
    r"^\s?(?:(?:was|were) )?(?:drained|increas\w+|chang\w+)|^(?:增[多加大]|加重|变化|引流)", re.IGNORECASE | re.ASCII
)
_GONE = re.compile(
    r"^[^,;。]{0,30}?(?:\b(?:disappeared|vanished|resolved|no longer)\b|消失|不再|已不)", re.IGNORECASE | re.ASCII
)
_DOUBT = re.compile(
    r"\b(?:possib\w+|probab\w+|suspected|suspicious|suspicion|suspect|presumed|may|might|could|likely|equivocal|"
    r"questionable|indeterminate|cannot (?:be )?(?:excluded?|rule out|ruled out)|not excluded|query)\b|\?"
    r"|可能(?!性[小低]|性不大)|考虑|可疑|疑似?|待排|待除外|不除外|不能除外|不排除|不能排除|倾向",
    re.IGNORECASE | re.ASCII,
)
_DOUBTED_LIST = re.compile(
    r"(?:\b(?:possible|probable|suspected|presumed|suspicious (?:for|of)|suspicion of|suspect\w*)|可疑|疑似)"
    r"(?:(?!\b(?:is|are|was|were|with|and|shows?|but)\b|[见示有呈伴\d])[^;。:()]){1,60},\s*$",
    re.IGNORECASE | re.ASCII,
)
"""A list under one doubt: "possible peritoneal, adrenal and bone metastasis"."""
_PLAN = re.compile(
    r"\b(?:if|recommend\w*|planned|plan(?:s)? to|scheduled|in order to|to exclude|to rule out|should|advised?"
    r"|pending|awaited|(?:is|are) (?:needed|required)|"
    r"awaiting|not (?:yet )?(?:available|done|performed|tested|assessed|known)|criteria|guidelines?|patients with)\b"
    r"|建议|拟|待查|待回|待(?=检)|未做|未行|未检|计划|推荐|以明确|以排除|如果|若",
    re.IGNORECASE | re.ASCII,
)
_RELATIVE = re.compile(
    r"\b(?:father|mother|brother|sister|son|daughter|uncle|aunt|grandfather|grandmother|cousin|family history)\b"
    r"|父亲|母亲|其(?:父|母|兄|弟|姐|妹|子|女)|父母|兄弟|哥哥|弟弟|姐姐|妹妹|儿子|女儿|叔叔|姑姑|舅舅",
    re.IGNORECASE | re.ASCII,
)
_STUDY = re.compile(
    r"\bpatients (?:were|was|who|received|had|underwent)\b|\b(?:cohort|incidence|proportion of|survival rate)\b"
    r"|\d+\s*例"
    r"|多见|常见|发生率|纳入|入组|预期寿命|生存率",
    re.IGNORECASE | re.ASCII,
)
OTHER_CANCER = re.compile(
    r"\b(?:colon|colorectal|rectal|breast|lung|prostate|renal|thyroid|bladder|pancreatic|oesophageal|esophageal)"
    r"\s+(?:cancer|carcinoma|adenocarcinoma)|hepatocellular carcinoma(?! (?:char|diff|comp))|结肠癌"
    r"|直肠癌|乳腺癌|肺癌|前列腺癌"
    r"|肾癌|甲状腺癌|膀胱癌|胰腺癌|肝细胞癌|胆囊癌",
    re.IGNORECASE | re.ASCII,
)
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|prior|formerly|earlier|before (?:treatment|chemotherapy|therapy)|at baseline"
    r"|compared (?:with|to)|"
    r"had been|initially|(?<!as )before(?=\s*$)|in (?:19|20)\d\d|history of|last (?:scan|ct|mri|year))\b"
    r"|前片|原先|先前|以前|既往|曾|原为|治疗前|化疗前|上次|病史",
    re.IGNORECASE | re.ASCII,
)
_REFERENCE = re.compile(
    r"(?:\b(?:reference|normal|range|cut-?off|upper limit|ref\.?)\b|参考|正常)[^,;)。]{0,18}$", re.IGNORECASE | re.ASCII
)


def is_of_another(sentence: Sentence) -> bool:
    """Whether the whole sentence is about a relative, or about the patients of a study."""
    return bool(_RELATIVE.search(sentence.text) or _STUDY.search(sentence.text))


def standing(sentence: Sentence, start: int, end: int, *, denies: bool = True, lasting: bool = False) -> str:
    """stated, uncertain, earlier, denied or other, for the words from `start` to `end`.

    `denies` False: the words hold their own "no" ("HER2 negative"). `lasting`: what was, still is (hepatitis B).
    """
    low, high = sentence.clause(start, end)
    before, after, clause = sentence.text[low:end], sentence.text[end:high], sentence.text[low:high]
    if not lasting and OTHER_CANCER.search(sentence.text):
        return OTHER
    if is_of_another(sentence) or "家族" in clause or _PLAN.search(clause) or _REFERENCE.search(sentence.text[:start]):
        return OTHER
    ahead, rest = sentence.text[:start], sentence.text[end:]
    if is_unsure(sentence.text[start:end], ahead, rest) if denies else takes_back(ahead, rest):
        return OTHER
    if denies and answered_no(rest):
        return DENIED
    if _NOT_EXCLUDED.search(clause):
        return UNCERTAIN
    has_own_no = _NOT_BEFORE.search(sentence.text[low:start])  # "no nodules, no ascites": each "no" speaks for its own
    if denies and (_GONE.search(after) or (not has_own_no and carries_over(sentence, low))):
        return OTHER
    if denies and (cue := _last(_NOT_BEFORE, before)):
        is_of_a_change = _NOT_OF_THE_THING.search(before, cue.end()) or _CHANGES.search(after)
        return OTHER if is_of_a_change else DENIED
    if denies and (cue := _NOT_AFTER.search(after)):
        return OTHER if _NOT_OF_THE_THING.search(after, cue.end()) else DENIED
    lead = re.split(r"[,:()]", sentence.text[:low])[-1] if _goes_on(sentence, low) else ""
    if _DOUBT.search(clause) or _DOUBT.search(lead) or _DOUBTED_LIST.search(sentence.text[:low]):
        return UNCERTAIN
    if not lasting and _EARLIER.search(clause):
        return EARLIER
    return STATED


def _last(cue: re.Pattern, text: str) -> re.Match | None:
    return next(reversed([*cue.finditer(text)]), None)


def with_cue(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The words with the "no" or the doubt that turns them: "no ascites", "adrenal metastasis is suspected"."""
    low, high = sentence.clause(start, end)
    before = [*_NOT_BEFORE.finditer(sentence.text[low:start]), *_DOUBT.finditer(sentence.text[low:start])]
    answer = answered_no(sentence.text[end:])
    if answer:
        return start, end + len(answer[0].rstrip(" ,;.。]\t"))
    after = _NOT_AFTER.search(sentence.text[end:high]) or _DOUBT.search(sentence.text[end:high])
    first = low + max(match.start() for match in before) if before else start
    return first, end + after.end() if after else end


def is_turned(clause: str) -> bool:
    """Whether words under this clause would be denied, in doubt or planned."""
    return any(cue.search(clause) for cue in (_NOT_BEFORE, _DOUBT, _PLAN))


def is_earlier(clause: str) -> bool:
    return bool(_EARLIER.search(clause))


def is_planned_or_earlier(clause: str) -> bool:
    return bool(_PLAN.search(clause) or _EARLIER.search(clause))


def _goes_on(sentence: Sentence, low: int) -> bool:
    """Whether the clause only carries on the one before it: "suspected cancer with liver metastasis"."""
    return bool(re.search(r"\bwith$", sentence.text[:low], re.IGNORECASE | re.ASCII))


def carries_over(sentence: Sentence, low: int) -> bool:
    """ "No ascites, effusion or nodules": a list after "no" goes on over commas; nothing is said of its later items."""
    head = sentence.text[:low].rstrip()
    if not head.endswith(",") and not re.search(r"[,]\s*(?:or|nor|及|和|或)?\s*$", head):
        return False
    last = head.rstrip(", ")
    denial = list(_NOT_BEFORE.finditer(last))
    if not denial:
        return False
    between = last[denial[-1].end() :]
    rest = sentence.text[low:]
    return bool(re.search(r"\b(?:or|nor)\b|或", between + rest)) or (
        not re.search(r"\b(?:is|are|was|were|shows?|showed|and)\b|[见示有呈]", rest)
        and not re.search(r"[;。]", between)
    )
