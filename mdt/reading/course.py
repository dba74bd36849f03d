"""The course of the disease: response, when the metastases came, and what became of the primary."""

import re
from collections.abc import Iterator

from mdt.reading.context import OTHER_CANCER
from mdt.reading.mention import Mention
from mdt.reading.patterns import Pattern, read_all, words
from mdt.reading.plain import Sentence

_RESPONSES = {
    "CR": (r"(?<!pathological )(?<!pathologic )\bcomplete (?:clinical )?response\b", "完全缓解"),
    "PR": (r"\bpartial response\b", "部分缓解"),
    "SD": (r"\bstable disease\b", "(?:疾病|病情)稳定"),
    "PD": (r"\bprogressive disease\b", "疾病进展"),
}
_JUDGED = words(r"RECIST", r"response", r"best", r"evaluat", r"assess", r"疗效", r"评效", r"评[价估]", r"缓解")
_GASTRECTOMY = r"(?:gastrectomy|胃(?:大部|次全|全|远端|近端)*切除(?:术)?|胃癌根治(?:术)?)"
PATTERNS = (
    *(Pattern(f"response-{code}", "best_response", words(*spelt), code) for code, spelt in _RESPONSES.items()),
    *(
        Pattern(
            f"response-{code}-short",
            "best_response",
            re.compile(rf"(?<![A-Za-z]){code}(?![A-Za-z-])"),
            code,
            where=_JUDGED,
        )
        for code in _RESPONSES
    ),
    Pattern(
        "synchronous",
        "timing",
        words(
            r"\bsynchronous (?:\w+ ){0,3}?(?:liver|hepatic)? ?metasta\w+(?: \w+){0,3}", r"同时性肝转移|肝转移\(同时性"
        ),
        "synchronous",
        where=words("liver", "hepatic", "肝"),
    ),
    Pattern(
        "metachronous",
        "timing",
        words(
            r"\bmetachronous (?:\w+ ){0,3}?(?:liver|hepatic)? ?metasta\w+(?: \w+){0,3}", r"异时性肝转移|肝转移\(异时性"
        ),
        "metachronous",
        where=words("liver", "hepatic", "肝"),
    ),
    Pattern(
        "primary-removed",
        "primary_status",
        words(
            rf"\bunderwent\b[^.;]{{0,60}}?{_GASTRECTOMY}",
            rf"\b(?:after|following|status post|s/p)\b[^.;,]{{0,30}}?{_GASTRECTOMY}",
            rf"{_GASTRECTOMY}(?: [\w-]+| with [\w -]+|, without [\w -]+,)? (?:was|were) performed",
            rf"(?:was|were) performed,? (?:including|consisting of) [^.;]{{0,40}}?{_GASTRECTOMY}",
            rf"(?:行|接受|施行)[^,。;拟]{{0,12}}?{_GASTRECTOMY}",
            r"胃癌(?:根治)?术后",
        ),
        "resected",
        unless=OTHER_CANCER,
        lasting=True,
    ),
    Pattern(
        "primary-in-place",
        "primary_status",
        words(r"原发(?:灶|病灶|肿瘤)(?:尚)?未(?:予|行|作)?(?:手术)?切除"),
        "in_situ",
        unless=OTHER_CANCER,
        has_own_no=True,
    ),
    Pattern(
        "local-recurrence",
        "primary_status",
        words(r"\b(?:local|anastomotic) recurrence\b", r"吻合口复发", r"(?<!无)局部复发"),
        "local_recurrence",
        unless=OTHER_CANCER,
    ),
)


def read(sentence: Sentence) -> Iterator[Mention]:
    return read_all(PATTERNS, sentence)
