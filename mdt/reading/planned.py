"""Examinations and procedures that are only planned, wished for, put off or never done."""

import re

_WORDS = (
    r"\bbook(?:ed|ing)\b|\bpending\b|\bdue\b(?! to)|\bwill\b|\b(?:is|are|was) to\b|\bto (?:have|undergo)\b|\bawait"
    r"|\bappoint|\barrang|\bpostpon|\bcancel|\bplan(?:s|ned|ning)?\b|\bschedul|\bask(?:s|ed|ing)? for\b|\brequest"
    r"|\bwish|\bwants?\b|\bwould like\b|\bhop(?:es?|ing)\b|\bagree[sd]?\b|\bconsent"
    r"|定于|[拟待]|安排|择期|推迟|延期|改期|取消|暂缓|预约|计划|要求|希望|同意|愿意"
)
PLANNED = re.compile(_WORDS, re.IGNORECASE | re.ASCII)
_BEHIND = re.compile(
    rf"^[^,:;()。]{{0,40}}?(?:{_WORDS})|^[^:;。]{{0,24}}?[,(]\s?(?:(?:was|is|has been|now) |已|因[^,;。]{{0,12}})?"
    r"(?:cancel|postpon|pending|await|due\b(?! to)|planned|booked|取消|推迟|延期|改期|待)",
    re.IGNORECASE | re.ASCII,
)
"""Behind a name or its day, before anything that was found: "PET of 20 Nov 2026 is pending", "… (cancelled)"."""
_IS_DONE = re.compile(
    r"\b(?:performed|done|shows?|showed|reveal\w*|found|confirm\w*)\b|示|[^所意]见|提示|发现", re.IGNORECASE | re.ASCII
)


def is_put_off(behind: str) -> bool:
    """Whether the words behind an examination say that it is still to come, or will not be."""
    found = _BEHIND.search(behind)
    return bool(found) and not _IS_DONE.search(found[0])


def is_performed(match: re.Match) -> bool | None:
    """True for a procedure; None in a sentence of a wish or a plan, which says that nothing was done."""
    before, behind = match.string[: match.start()], match.string[match.end() :]
    return None if PLANNED.search(before) or is_put_off(behind) else True
