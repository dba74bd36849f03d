"""Parts of the rules' pages that templates share."""

from typing import Final

from django import template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mdt.people.templatetags.looks import STATES, day
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
