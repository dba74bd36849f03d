"""The answer that follows the words, as in a form or a table: "Ascites: no", "腹水：无", "Bone metastasis (-)"."""

import re

ANSWER = (
    r"(?:no(?!\.?\s?\d)|none|nil|negative|absent|neg\.?|(?:none |not )(?:seen|observed|detected|identified|found"
    r"|present|visible|evident|demonstrated)|no (?:evidence|signs?)|-+|\(-\)"
    r"|均?(?:无|否|未见|阴性|没有|未发现|未及|未查见)(?:明显|明确|异常|发现)?)"
)
"""A denial that is the whole of the answer."""
_IN_A_BOX = rf"(?:{ANSWER}|n|0)"
"""The same behind a colon or in a column of its own: a bare 0 behind words may be a score."""
_PARTED = r"(?:\s*[:\t=|]\s*|\s*\(\s*|\s*(?:-{2,}|\.{2,})\s*|\s+-\s+)"
_OVER = r"(?:\s{2}|\s*(?:$|[),;.。\]\t|]))"
_FULL = re.compile(
    rf"^[^,;。:\t()=|]{{0,20}}?(?:{_PARTED}{_IN_A_BOX}|\s+{ANSWER})(?:\s*/\s*(?:{_IN_A_BOX}))*{_OVER}|^(?:{ANSWER}){_OVER}",
    re.IGNORECASE | re.ASCII,
)
_OF_A_LIST = re.compile(
    r"^\s?(?:[,/和及、]|\b(?:and|or)\b)(?:(?!\b(?:is|was|shows?|but|with)\b|[见示呈有但])[^;。:\t(=|]){1,80}?"
    rf"(?:{_PARTED}(?:{ANSWER})|均?(?:未见|阴性)|(?:\bare |\bwere )?\b(?:not (?:seen|observed|detected|identified|found"
    rf"|present|visible)|absent|excluded|ruled out)){_OVER}",
    re.IGNORECASE | re.ASCII,
)
"""The last of a list is denied, and with it perhaps the first: "ascites, adrenal metastasis: no"."""
_COUNTED = re.compile(r"\d|[两二三四五]|多发|多个|\b(?:two|three|four|five|six|multiple|several)\b", re.IGNORECASE)
_UNDER_NO = re.compile(
    r"(?:\b(?:no|none|negatives?|negative for|absent|not (?:seen|observed|detected|identified|found|present)|excluded"
    r"|denied|no (?:evidence|signs?) of)|未见|阴性|未发现|排除|除外|(?<!有)无)\s*:[^:;。]*$",
    re.IGNORECASE | re.ASCII,
)
_RULED_OUT = re.compile(
    r"^\s*(?:(?:is|are|was|were|has been|have been)\s+)?excluded\b|^\s*(?:已|可|可以)?(?:排除|除外)", re.IGNORECASE
)
_PLAIN_NO = re.compile(
    rf"^\s*[:\t=(|]\s*(?:no|否|无|absent|not (?:present|detected|seen|found)){_OVER}", re.IGNORECASE | re.ASCII
)
_NOT_THIS = re.compile(
    r"(?:\b(?:not|non|never|no)|\b(?:no|without|ruled out|rules? out|excludes?)(?: (?:\w+ )?(?:evidence|signs?) of)?"
    r"|(?:未|不|难以)(?:见|行|做|检测到|检出|发现|提示|支持|考虑|符合)?|排除|除外|非|不是|没有|(?<!有)无)[\s-]*$",
    re.IGNORECASE | re.ASCII,
)
_NOT_SHOWN = re.compile(
    r"^\s*(?:(?:was|is|were|are|has been|could|can)\s+)?(?:not (?:be )?(?:confirmed|detected|found|seen|established"
    r"|proven|reproduced|shown)|unconfirmed|excluded|ruled out)\b"
    r"|^\s*(?:is |are )?(?:unlikely|less likely)\b"
    r"|^\s*(?:未(?:证实|确认|检出|检测到|提示)|不成立|已?排除|可能性(?:小|低|不大)|\(\s*-\s*\))",
    re.IGNORECASE | re.ASCII,
)
_BEGINS_WITH_NO = re.compile(
    r"^\s*(?:[:\t=]\s*|\(\s*)(?:no|not|none|negative|absent|nil|without|never)\b"
    r"|^\s*(?:[:\t=]\s*|\(\s*)(?:均?(?:无|否|未|阴性|没有|不))",
    re.IGNORECASE | re.ASCII,
)
_OPEN = re.compile(
    r"^[^,;。:\t()=]{0,20}?(?:\s*[:\t=]\s*|\s*\(\s*)(?:unknown|unclear|n/?a\b|\?|yes\s?/\s?no|y\s?/\s?n\b|possib\w+"
    r"|probab\w+|suspected|suspicious|questionable|pending|equivocal|to be|planned|不详|未知|未查|待|可疑|可能|考虑|疑"
    r"|拟|有\s?/\s?无|是\s?/\s?否|\+\s?/\s?-|-\s?/\s?\+|±|_{2,}|\.{3})",
    re.IGNORECASE | re.ASCII,
)
_BOX = re.compile(r"[☐□☒☑]|\[ ?\]|\[x\]", re.IGNORECASE)
_FLUID = re.compile(r"ascit|腹水", re.IGNORECASE)
_NEGATIVE = re.compile(r"^[^,;。:\t()=]{0,20}?(?:\s*[:\t=(]\s*|\s+)?(?:neg(?:ative|\b)|阴性)", re.IGNORECASE)
_EXAMINATION = re.compile(r"scop|tom(?:y|ies)\b|biops|cytolog|腹腔镜|探查|活检|细胞学|冲洗", re.IGNORECASE | re.ASCII)


def answered_no(after: str) -> re.Match | None:
    """The denial that answers the words, given what follows them in the sentence."""
    return _FULL.search(after)


def takes_back(before: str, after: str) -> bool:
    """Whether a "no" stands by words that hold their own answer: "MSI-H: no", "not MSI-H", "MSI-H not confirmed"."""
    return bool(_PLAIN_NO.search(after) or _NOT_THIS.search(before) or _NOT_SHOWN.search(after))


def is_unsure(words: str, before: str, after: str) -> bool:
    """Whether the answer says something that is neither yes nor no, or not for these words alone: nothing is offered.

    "Adrenal metastasis: no longer seen", "Ascites: unknown", boxes to tick. What an examination did not find
    ("Laparoscopy: no nodules") is no denial of the examination. "Ascites: negative" may speak of its cells.
    """
    if _BOX.search(before + after) or _OPEN.search(after) or _UNDER_NO.search(before) or _RULED_OUT.search(after):
        return True
    if _FLUID.search(words) and _NEGATIVE.search(after):
        return True
    if answered_no(after):
        return False
    in_list = _OF_A_LIST.search(after) and not _COUNTED.search(words)
    return bool(in_list or (_BEGINS_WITH_NO.search(after) and not _EXAMINATION.search(words)))
