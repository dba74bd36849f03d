"""The examinations by the names that reports give them, and which of them are told of together."""

import re

CONVERSATION = "conversation"
IMAGING = {"ct", "mri", "pet", "ultrasound", "xray"}
_KINDS = {
    CONVERSATION: r"\bconversation\b"
    r"|\b(?:talk(?:ed)?|spoken?) (?:to|with)\b|\bpatient (?:said|says|told)\b"
    r"|\bi saw (?:him|her|the patient|mr|mrs|ms)\b"
    r"|\b(?:patient|famil(?:y|ies))(?:'s|s'|’s)?,? (?:also )?"
    r"(?:wish\w*|prefer\w*|wants?|declines?|refuses?|would like)\b|谈话|(?:医患|病情)沟通"
    r"|(?:患者|病人|家属|本人)(?:本人)?(?:及家属)?(?:的)?(?:意愿|希望|要求|拒绝|不愿|不同意|同意)",
    "eus": r"\bEUS\b|\bendoscopic ultraso\w+|超声(?:内镜|胃镜)|内镜超声",
    "endoscopy": r"\b(?:o?esophago)?gastro(?:duodeno)?scop\w+|\bendoscop\w+|\b[EO]GD\b|胃镜|内镜",
    "laparoscopy": r"\blaparoscop\w+|腹腔镜",
    "pet": r"\bPET(?:\s?[-/]?\s?(?:CT|MRI?)\b)?",
    "ct": r"\b(?:ce-?)?ct\b|\bcomputed tomograph\w+",
    "mri": r"\bmri\b|(?-i:\bMR\b(?!\.))|\bmagnetic resonance|磁共振|核磁",
    "ultrasound": r"\bultraso\w+|\bsonograph\w+|超声|彩超|B超",
    "xray": r"\bx-?rays?\b|\bradiographs?\b|\bbone scan|造影|钡餐|胸片|骨扫描|骨显像",
    "pathology": r"\b(?:histo)?patholog(?!ical(?:ly)?\b(?! (?:diagnos|report|exam|finding|result|stag)))\w*"
    r"|\bhistolog\w*|\bbiops\w+(?: (?:hist|path)olog\w+)?|\bcytolog\w*|\bimmunohisto\w*"
    r"|病理(?!性)|活检(?:病理|组织)*|免疫组化|基因检测",
    "laboratory": r"\blaborator(?:y|ies)\b|\blabs?\b|\bbloods\b|\bblood (?:tests?|results?)|\btumou?r markers?\b"
    r"|化验|血常规|生化|肿瘤标志物|抽血",
    "operation": r"\boperation\b|\bsurgery\b|\b(?:gastr|hepat)ectomy|手术|切除术",
}
WISHED = re.compile(r"wish|prefer|wants?|declin|refus|would like|意愿|希望|要求|拒绝|不愿|同意", re.IGNORECASE)
"""Of the names of a conversation: those that begin a wish, whose day may be that of what is wished for."""
_SAMPLE = re.compile("biops|cytolog|活检|细胞学", re.IGNORECASE)
_SAMPLES_ARE_TAKEN = ("eus", "endoscopy", "laparoscopy", "operation")
"""What a biopsy shows is of the day on which it was taken: "Gastroscopy, 3 Nov 2026 … Biopsy: adenocarcinoma"."""
NAME = re.compile("|".join(rf"(?P<{kind}>{words})" for kind, words in _KINDS.items()), re.IGNORECASE | re.ASCII)
_TOLD_WITH = {"pet": IMAGING, CONVERSATION: {"operation"}}
"""By kind: what is a part of it, or what is talked about."""
_REGION = (
    r"(?:(?:whole|upper|lower) )?(?:chest|thora(?:x|cic)|abdom(?:en|inal)|pelvi[sc]|neck|head|brain|skull|liver|stomach"
    r"|body|spine|TAP|CAP)(?: scan)?|[全上中下]?(?:胸|腹|盆|颈|头|颅|肝|胃)(?:部|腔|脏|脑)?"
)
REGIONS = re.compile(
    rf"\s?(?:\bof )?(?:\bthe )?(?:{_REGION})(?:(?:\s?(?:[,/&+、-]|\band\b|及|和)\s?)*(?:\bthe )?(?:{_REGION}))*",
    re.IGNORECASE | re.ASCII,
)
"""What was looked at, between the name and the day: "CT chest, abdomen and pelvis of 12 November 2026"."""


def is_told_with(name: re.Match, kind: str) -> bool:
    """Whether a name that a report of the kind uses names no examination beside it: the CT of a PET-CT."""
    named = name.lastgroup
    is_of_it = _SAMPLE.search(name[0]) and kind in _SAMPLES_ARE_TAKEN
    return named == kind or bool(is_of_it) or named in _TOLD_WITH.get(kind, ())
