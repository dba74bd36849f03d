"""The audit's codes in the reader's language: of filters, of columns, of the names of rows."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.option_page import KINDS
from cases.reasoning import categories_of, category_label, pathway_label
from classification import load_rulebook
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.rows.models import AuditRow
from mdt.meetings.models import Decision
from mdt.meetings.shown import NO_CATEGORY, OTHER_OPTION
from mdt.people.disciplines import Discipline

EMPTY = ("", "-")


def code_in_words(name: str, code: str) -> str:
    """A value of a column of the audit's rows as a reader says it; an unknown code stands as it is."""
    if code in EMPTY:
        return str(_EMPTY[name]()) if name in _EMPTY else _("none")
    found = _WORDS[name](code) if name in _WORDS else code
    return str(found or code)


def value_in_words(name: str, value: str) -> str:
    """A filter with what it asks for: "Type: Type II"."""
    return _("%(filter)s: %(value)s") % {"filter": title_of(name), "value": code_in_words(name, value)}


def title_of(name: str) -> str:
    """What a filter or a column is called."""
    titles = {
        "pathway": _("Pathway"),
        "confirmed": _("Confirmed type"),
        "proposed": _("Proposed type"),
        "concordance": _("Against the pathway"),
        "implementation": _("Carried out"),
        "discipline": _("Responsible discipline"),
        "option": _("First option"),
        "treatment": _("Kind of treatment"),
        "reason": _("Reason"),
        "edition": _("Edition"),
        "ended": _("Outcome at the meeting"),
        "only": _("Only"),
        "team": _("Team"),
        "month": _("Month"),
    }
    return titles[name]


def option_label(option: str) -> str:
    """An option as the rules of today word it; its id where no pathway of this installation has it."""
    if option == OTHER_OPTION:
        return _("another option")
    language = get_language() or "en"
    for rules in load_rulebook().pathways.values():
        for found in rules.options or ():
            if found.id == option:
                return found.labels(language)
    return option


def _category(code: str) -> str:
    if code == NO_CATEGORY:
        return _("the pathway does not apply")
    language = get_language() or "en"
    for pathway in load_rulebook().pathways:
        if code in categories_of(pathway):
            return category_label(pathway, code, language)
    return code


def reason_in_words(reason: str) -> str:
    """ "departure.technical" or "not_done.toxicity", with which of the two it is."""
    kind, _dot, code = reason.partition(".")
    if kind == "departure":
        words = dict(Decision.Reason.choices).get(code, code)
        return _("the meeting departed: %(reason)s") % {"reason": words}
    words = dict(ImplementationReport.Reason.choices).get(code, code)
    return _("not carried out: %(reason)s") % {"reason": words}


def condition_in_words(name: str) -> str:
    """What a named condition of mdt.audit.conditions keeps."""
    known = {
        "decided": _("decided"),
        "deferred": _("deferred"),
        "not_discussed": _("not discussed"),
        "open": _("still open"),
        "unsigned": _("not signed"),
        "on_single_proposal": _("decided on a single proposal"),
        "followed": _("decided as the pathway proposed"),
        "not_followed": _("decided otherwise than proposed"),
        "not_followed_uncoded": _("decided otherwise than proposed, no reason coded"),
        "not_as_decided": _("not carried out as decided"),
        "not_as_decided_uncoded": _("not carried out as decided, no reason coded"),
        "in_survival": _("first decision of the case"),
        "died": _("died"),
        "not_seen_since": _("not seen since the decision"),
        "contradictory": _("dates contradict each other"),
        "single_proposal": _("with a single proposed type"),
        "proposal_confirmed": _("proposed type confirmed"),
    }
    return known.get(name, name)


_WORDS = {
    "pathway": lambda code: pathway_label(code, get_language() or "en") if code in load_rulebook().pathways else code,
    "confirmed": _category,
    "proposed": _category,
    "concordance": dict(AuditRow._meta.get_field("concordance").choices).get,
    "implementation": dict(AuditRow._meta.get_field("implementation").choices).get,
    "ended": dict(AuditRow._meta.get_field("ended").choices).get,
    "discipline": dict(Discipline.choices).get,
    "option": option_label,
    "treatment": lambda code: _("other treatment") if code == OTHER_OPTION else KINDS.get(code),
    "departure": dict(Decision.Reason.choices).get,
    "not_done_because": dict(ImplementationReport.Reason.choices).get,
    "reason": reason_in_words,
    "only": condition_in_words,
}
_EMPTY = {
    "proposed": lambda: _("no single type"),
    "discipline": lambda: _("not known: was not in the room"),
    "departure": lambda: _("no reason coded"),
    "not_done_because": lambda: _("no reason coded"),
    "edition": lambda: _("decided without a proposal"),
}
