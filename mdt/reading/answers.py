"""The answer that follows the words, as in a form or a table: "Ascites: no", "腹水：无", "Bone metastasis (-)"."""

import re

ANSWER = (
    r"(?:no|none|nil|negative|absent|neg\.?|(?:none |not )(?:seen|observed|detected|identified|found|present|visible"
    r"|evident|demonstrated)|no (?:evidence|signs?)|n|0|-+|\(-\)|均?(?:无|否|未见|阴性|没有|未发现|未及|未查见)"
    r"(?:明显|明确|异常|发现)?)"
)
"""A denial that is the whole of the answer."""
_FULL = re.compile(
    rf"^[^,;。:\t()=]{{0,20}}?(?:\s*[:\t=]\s*|\s*\(\s*|\s+-\s+|\s+)(?:{ANSWER})(?:\s*/\s*(?:{ANSWER}))*\s*(?:$|[),;.。\]\t])"
    rf"|^\s*(?:{ANSWER})\s*(?:$|[),;.。\]\t])",
    re.IGNORECASE | re.ASCII,
)
_OF_A_LIST = re.compile(
    rf"^(?:\s?[\w、/-]+){{0,3}}\s?(?:[,和及]|\b(?:and|or)\b)[^;。:\t]{{0,60}}?(?:\s*[:\t=]\s*|\s*\(\s*)(?:{ANSWER})\s*"
    r"(?:$|[),;.。\]\t])",
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
    r"|拟|有\s?/\s?无|是\s?/\s?否|\+/-|±|_{2,}|\.{3})",
    re.IGNORECASE | re.ASCII,
)
_BOX = re.compile(r"[☐□☒☑]|\[ ?\]|\[x\]", re.IGNORECASE)
_FLUID = re.compile(r"ascit|腹水", re.IGNORECASE)
_NEGATIVE = re.compile(r"^[^,;。:\t()=]{0,20}?(?:\s*[:\t=(]\s*|\s+)?(?:neg(?:ative|\b)|阴性)", re.IGNORECASE)
_EXAMINATION = re.compile(r"scop|tom(?:y|ies)\b|biops|cytolog|腹腔镜|探查|活检|细胞学|冲洗", re.IGNORECASE | re.ASCII)


def answered_no(after: str) -> re.Match | None:
    """The denial that answers the words, given what follows them in the sentence."""
    return _FULL.search(after)


def is_unsure(words: str, after: str, sentence: str, *, is_answered: bool) -> bool:
    """Whether the answer says something that is neither yes nor no, or not for these words alone: nothing is offered.

    "Adrenal metastasis: no longer seen", "Ascites: unknown", boxes to tick. What an examination did not find
    ("Laparoscopy: no nodules") is no denial of the examination. "Ascites: negative" may speak of its cells.
    """
    if _BOX.search(sentence) or _OPEN.search(after) or (not is_answered and _OF_A_LIST.search(after)):
        return True
    if _FLUID.search(words) and _NEGATIVE.search(after):
        return True
    return not is_answered and bool(_BEGINS_WITH_NO.search(after)) and not _EXAMINATION.search(words)
