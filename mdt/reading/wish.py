"""What the patient wants, accepts and declines: in the words of the sentence that says it of the patient.

Yes and no are offered only where the sentence says it of the treatment as a whole, of now, and without a condition:
"does not want surgery if it leaves him with a tube" is what the patient wants, and no "no". What relatives, doctors or
boards want is not read, nor what was declined years ago.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from mdt.reading.mention import STATED, Mention
from mdt.reading.plain import Sentence

WISH = "patient_preference"
_SURGERY, _SYSTEMIC = "accepts_surgery", "accepts_systemic_therapy"
_OTHERS = re.compile(
    r"\b(?:husband|wife|partner|son|daughter|famil(?:y|ies)|brother|sister|mother|father|parents?|relatives?|children"
    r"|surgeons?|doctors?|oncologists?|an(?:a)?esthetist|team|board|insur\w+|who|they)\b"
    r"|(?:患者|病人)?(?:的)?(?:家属|丈夫|妻子|儿子|女儿|子女|父亲|母亲|父母)|医[生师]|外科",
    re.IGNORECASE | re.ASCII,
)
_WITH_FAMILY = re.compile(r"(?:患者|病人)(?:本人)?[及和与](?:其)?家属")
_EARLIER = re.compile(
    r"\bin (?:19|20)\d\d\b|\bprevious|\bearlier\b|\bformerly\b|\b(?:years?|months?) ago\b|\bonce\b"
    r"|\bhad (?:declin|refus)|既往|曾|以前|(?:19|20)\d\d年(?!\d{1,2}月)|年前",
    re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(
    r"\bpatient(?:'s|s'|’s)?,? (?:wish(?:es)?|preferences?)(?:\s?\([^()]*\))?\s?:\s*"
    r"|(?:患者|病人)(?:的)?意愿(?:\([^()]*\))?\s?:\s*",
    re.IGNORECASE | re.ASCII,
)
_SUBJECT = (
    r"(?:\b(?:he|she|the patient|patient|mr\.? [A-Z][\w-]+|mrs\.? [A-Z][\w-]+|ms\.? [A-Z][\w-]+)\b(?!['’])"
    r"|患者|病人|本人|[他她])"
)
_VERB = (
    r"(?:wants?|wish(?:es)?|would (?:like|accept|consider|prefer|rather|decline|not)|accepts?|declines?|refuses?"
    r"|(?:does|would) ?n(?:o|')t (?:want|wish|accept|like)|is (?:not )?(?:keen|willing)|prefers?|hopes? for|agrees? to"
    r"|has (?:declined|refused))\b"
    r"|要求|愿意|拒绝|不愿|不接受|接受|希望|同意|不同意"
)
_SAYS_A_WISH = re.compile(
    rf"{_SUBJECT}(?P<between>[^;。:]{{0,60}}?)(?:{_VERB})"
    r"|[\"“]\s?I (?:do not |don't )?(?:want|wish|would|accept|decline)\b|^\s*(?:accepts|declines|refuses)\b",
    re.IGNORECASE | re.ASCII,
)
_TREATMENT = (
    r"(?:(?P<{0}surgery>surgery|(?:an )?operations?|(?:surgical )?resection|surgical treatment)"
    r"|(?P<{0}systemic>chemotherapy|systemic (?:treatment|therapy)))"
)
_ANY = r"(?:(?:any|an|a|to have|to undergo|having|further|both)\s)*"
_TAIL = r"(?=\s*(?:$|[,.;:)\"”]|\band\b|\bbut\b))"
_NO = (
    r"(?:declines|refuses|rejects|has (?:declined|refused)|(?:does|would) ?(?:not|n't) (?:want|wish|accept|like)"
    r"|is (?:not willing|unwilling))"
)
_YES = r"(?:accepts|wants|wishes|would (?:accept|like)|agrees to|is (?:keen|willing)|is keen on|chooses)"
_SAYS = re.compile(
    rf"(?<!not )(?<!longer )(?<!never )\b(?:(?P<no>{_NO})|(?P<yes>{_YES}))\s{_ANY}{_TREATMENT.format('a_')}"
    rf"(?:(?:\s?,)?\s(?P<joint>and|or)\s{_ANY}{_TREATMENT.format('b_')})?{_TAIL}",
    re.IGNORECASE | re.ASCII,
)
_TREATMENT_ZH = r"(?:(?P<{0}surgery>手术)|(?P<{0}systemic>化疗|(?:全身|系统|药物)治疗))(?:治疗)?"
_SAYS_ZH = re.compile(
    rf"(?:(?P<no>拒绝|不愿意?|不接受|不同意|不要)|(?P<yes>(?<!不)(?:要求|希望|愿意?|同意|接受)))(?:接受|进行|行|做|任何|一切)*"
    rf"{_TREATMENT_ZH.format('a_')}(?:(?P<joint>[及和与、或]){_TREATMENT_ZH.format('b_')})?(?=\s*(?:$|[,.;:]))"
)
_NEAR = 200
"""Characters between two sentences that are offered together."""
_IF = re.compile(
    r"\b(?:if|unless|only|provided|undecided|unsure|not sure|consider\w*|may|might|perhaps|until|before|after|later"
    r"|reconsider|depend\w*)\b|\?|如果|若|除非|只有|暂|再|考虑|犹豫|可能|后(?:再|行)",
    re.IGNORECASE | re.ASCII,
)
"""A condition or a doubt: neither yes nor no."""


def read(sentence: Sentence) -> Iterator[Mention]:
    text = sentence.text
    label, said = _LABEL.search(text), _SAYS_A_WISH.search(text)
    if not (label or said) or _OTHERS.search(_WITH_FAMILY.sub("患者", text)) or _EARLIER.search(text):
        return
    start = label.end() if label else 0
    words = text[start:].strip()
    if not words:
        return
    begins = start + len(text[start:]) - len(text[start:].lstrip())
    yield Mention(begins, begins + len(words), WISH, words, STATED, "wish")
    if _IF.search(text):
        return
    for match in (*_SAYS.finditer(text), *_SAYS_ZH.finditer(text)):
        if match["yes"] and match["joint"] in ("or", "或"):
            continue
        for name, fact in (("surgery", _SURGERY), ("systemic", _SYSTEMIC)):
            if match[f"a_{name}"] or match[f"b_{name}"]:
                yield Mention(*match.span(), fact, bool(match["yes"]), STATED, f"wish-{name}")


def joined(found: Iterable[Mention]) -> list[Mention]:
    """The sentences of one conversation about what the patient wants as one mention: none contradicts the other."""
    kept: list[Mention] = []
    for mention in found:
        last = next((each for each in reversed(kept) if each.fact == WISH), None) if mention.fact == WISH else None
        if last is not None and last.of == mention.of and mention.start - last.end <= _NEAR:
            whole = replace(last, end=mention.end, value=f"{last.value}. {mention.value}")
            kept[kept.index(last)] = whole
        else:
            kept.append(mention)
    return kept
