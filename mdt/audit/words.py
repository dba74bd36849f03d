"""The audit's codes in the reader's language: of filters, of columns, of the names of rows."""

from typing import Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cases.option_page import KINDS
from cases.reasoning import categories_of, category_label, pathway_label
from classification import load_rulebook
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.rows.models import AuditRow
from mdt.meetings.models import Decision
from mdt.meetings.shown import NO_CATEGORY, OTHER_OPTION
from mdt.people.disciplines import Discipline

EMPTY = ("", "-")
DAYS: Final = {
    "ready_after_days": _("Referral to ready"),
    "discussed_after_days": _("Ready to discussed"),
    "released_after_days": _("Discussed to outcome released, working days"),
    "told_after_days": _("Discussed to patient told"),
    "treated_after_days": _("Told to treatment"),
}
CONDITION_WORDS: Final = {
    "decided": _("decided"),
    "deferred": _("deferred"),
    "not_discussed": _("not discussed"),
    "open": _("still open"),
    "closed": _("no longer open"),
    "taken": _("decided or deferred"),
    "followed": _("decided as the pathway proposed"),
    "on_single_proposal": _("decided on a single proposal"),
    "not_followed": _("decided otherwise than proposed"),
    "not_as_decided": _("not carried out as decided"),
    "not_followed_uncoded": _("decided otherwise than proposed, no reason coded"),
    "not_as_decided_uncoded": _("not carried out as decided, no reason coded"),
    "in_survival": _("first decision of the case"),
    "died": _("died"),
    "not_seen_since": _("not seen since the decision"),
    "contradictory": _("dates contradict each other"),
    "deviation_with_reason": _("not carried out as decided, with a coded reason"),
    "unknown": _("not known whether carried out"),
    "single_proposal": _("with a single proposed type"),
    "proposal_confirmed": _("proposed type confirmed"),
    "signed": _("signed"),
    "unsigned": _("not signed"),
    "quorate": _("quorate"),
    "not_quorate": _("not quorate"),
    "prospective": _("before treatment began"),
    "retrospective": _("after treatment had begun"),
    "prospective_unknown": _("not known whether treatment had begun"),
    "again": _("decided before at an earlier meeting"),
    "late": _("listed late or not ready"),
    "no_preference": _("without the patient's wish"),
    "no_comorbidity": _("without comorbidity"),
    "discussed_promptly": _("discussed within 7 days of being ready"),
    "discussed_slowly": _("discussed more than 7 days after being ready"),
    "released_promptly": _("released by the end of the next working day"),
    "released_late": _("released later"),
    "began": _("treatment began"),
    "died_untreated": _("died before treatment began"),
    "first_type_ii": _("first decision, type II"),
    "converted": _("first decision, type II, resected since"),
    "converted_r0": _("first decision, type II, resected since with R0"),
}


def code_in_words(name: str, code: str) -> str:
    """A value of a column of the audit's rows as a reader says it; an unknown code stands as it is."""
    if code in EMPTY:
        return str(_EMPTY[name]()) if name in _EMPTY else gettext("none")
    found = _WORDS[name](code) if name in _WORDS else code
    return str(found or code)


def value_in_words(name: str, value: str) -> str:
    """A filter with what it asks for: "Type: Type II"."""
    return gettext("%(filter)s: %(value)s") % {"filter": title_of(name), "value": code_in_words(name, value)}


def title_of(name: str) -> str:
    """What a filter or a column is called."""
    titles = {
        "pathway": gettext("Pathway"),
        "confirmed": gettext("Confirmed type"),
        "proposed": gettext("Proposed type"),
        "concordance": gettext("Against the pathway"),
        "implementation": gettext("Carried out"),
        "discipline": gettext("Responsible discipline"),
        "option": gettext("First option"),
        "treatment": gettext("Kind of treatment"),
        "reason": gettext("Reason"),
        "edition": gettext("Edition"),
        "ended": gettext("Outcome at the meeting"),
        "only": gettext("Only"),
        "team": gettext("Team"),
        "month": gettext("Month"),
    }
    return titles[name]


def option_label(option: str) -> str:
    """An option as the rules of today word it; its id where no pathway of this installation has it."""
    if option == OTHER_OPTION:
        return gettext("another option")
    language = get_language() or "en"
    for rules in load_rulebook().pathways.values():
        for found in rules.options or ():
            if found.id == option:
                return found.labels(language)
    return option


def _category(code: str) -> str:
    if code == NO_CATEGORY:
        return gettext("the pathway does not apply")
    language = get_language() or "en"
    for pathway in load_rulebook().pathways:
        if code in categories_of(pathway):
            return category_label(pathway, code, language)
    return code


def reason_in_words(reason: str) -> str:
    """ "departure.technical" or "not_done.toxicity", with which of the two it is."""
    kind, _dot, code = reason.partition(".")
    if kind == "departure":
        return gettext("the meeting departed: %(reason)s") % {"reason": code_in_words("departure", code)}
    words = code_in_words("not_done_because", code)
    return gettext("not carried out: %(reason)s") % {"reason": words}


def condition_in_words(name: str) -> str:
    """What a named condition of mdt.audit.conditions keeps."""
    for ending, words in (("_known", gettext("%(step)s: known")), ("_unknown", gettext("%(step)s: not known"))):
        if (step := name.removesuffix(ending)) != name and step in DAYS:
            return words % {"step": DAYS[step]}
    return str(CONDITION_WORDS.get(name, name))


_WORDS = {
    "pathway": lambda code: pathway_label(code, get_language() or "en") if code in load_rulebook().pathways else code,
    "confirmed": _category,
    "proposed": _category,
    "concordance": dict(AuditRow._meta.get_field("concordance").choices).get,
    "implementation": dict(AuditRow._meta.get_field("implementation").choices).get,
    "ended": dict(AuditRow._meta.get_field("ended").choices).get,
    "discipline": dict(Discipline.choices).get,
    "option": option_label,
    "treatment": lambda code: gettext("other treatment") if code == OTHER_OPTION else KINDS.get(code),
    "departure": dict(Decision.Reason.choices).get,
    "not_done_because": dict(ImplementationReport.Reason.choices).get,
    "reason": reason_in_words,
    "only": condition_in_words,
}
_EMPTY = {
    "proposed": lambda: gettext("no single type"),
    "discipline": lambda: gettext("not known: was not in the room"),
    "departure": lambda: gettext("no reason coded"),
    "not_done_because": lambda: gettext("no reason coded"),
    "edition": lambda: gettext("decided without a proposal"),
}
