"""Parts of the rules' pages that templates share."""

import re
from collections.abc import Iterable
from typing import Final

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from classification.condition_words import Condition
from mdt.people.templatetags.looks import STATES, day
from mdt.rulebook.library import FLAG, GATE
from mdt.rulebook.models import Judgement

register = template.Library()

_STATUSES: Final = {
    "draft": ("unverified", _("Draft: no clinician has verified it")),
    "reviewed": ("unverified", _("Reviewed, not yet approved")),
    "approved": ("ready", _("Approved edition")),
    "retired": ("stale", _("Retired edition")),
}
_SHORT: Final = {
    "draft": pgettext_lazy("an edition of rules", "draft"),
    "reviewed": _("reviewed"),
    "approved": _("approved"),
    "retired": _("retired"),
}
_VERDICTS: Final = {
    Judgement.Verdict.AS_IN_PAPER: "ready",
    Judgement.Verdict.DIFFERS: "disputed",
    Judgement.Verdict.NOT_FOUND: "unverified",
}
# Where the articles and registered trials stand that a source is named after.
_PLACES: Final = {
    "PMC": "https://pmc.ncbi.nlm.nih.gov/articles/PMC{}/",
    "PubMed ": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "NCT": "https://clinicaltrials.gov/study/NCT{}",
}
_NAMED: Final = re.compile(r"(PMC|PubMed |NCT)(\d{6,})")


def _badge(kind: str, text: object) -> dict[str, object]:
    return {"kind": kind, "icon": STATES[kind][0], "text": text, "pill": True}


@register.inclusion_tag("_state.html")
def status_badge(status: str, *, short: bool = False) -> dict[str, object]:
    """How far an edition is checked, as icon, word and colour."""
    kind, text = _STATUSES.get(status, ("unverified", status))
    return _badge(kind, _SHORT.get(status, status) if short else text)


@register.inclusion_tag("_state.html")
def verdict_badge(judgement: Judgement) -> dict[str, object]:
    """What was found when a rule was compared with the paper."""
    return _badge(_VERDICTS[judgement.verdict], judgement.get_verdict_display())


@register.filter
def judged_words(judgement: Judgement) -> str:
    """Who compared it, when, and what they read."""
    words = {"person": judgement.judged_by, "day": day(judgement.judged_at), "place": judgement.place}
    if judgement.verdict == Judgement.Verdict.AS_IN_PAPER:
        return gettext("verified by %(person)s on %(day)s: %(place)s") % words
    if judgement.verdict == Judgement.Verdict.DIFFERS:
        return gettext("differs, says %(person)s on %(day)s: %(place)s") % words
    return gettext("not found by %(person)s on %(day)s: %(place)s") % words


@register.filter
def with_links(text: str) -> SafeString:
    """The words of a source; the number of an article or of a registered trial in them leads to it."""
    shown, at = [], 0
    for found in _NAMED.finditer(str(text)):
        address = _PLACES[found[1]].format(found[2])
        shown.append(conditional_escape(str(text)[at : found.start()]))
        shown.append(format_html('<a href="{}" rel="noopener noreferrer">{}</a>', address, found[0]))
        at = found.end()
    return format_html_join("", "{}", ((part,) for part in (*shown, conditional_escape(str(text)[at:]))))


@register.filter
def name_in_file(rule: str) -> str:
    """The name of a rule as its row in the file has it, without the word for its kind that comparisons put before."""
    return rule.removeprefix(FLAG).removeprefix(GATE)


@register.filter
def conjunction(conditions: Iterable[Condition]) -> str:
    """Conditions that all have to hold, in one phrase: "Peritoneum: P0; Ascites: no"."""
    return gettext("; ").join(
        gettext("%(fact)s: %(value)s") % {"fact": each.label, "value": each.words} for each in conditions
    )
