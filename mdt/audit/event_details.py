"""What a line of the event log holds beside its sentence, in words for people.

What has no words here is not shown under a programmer's name: the page keeps the raw line in a fold of its own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.reasoning import fact_label
from classification import load_rulebook
from mdt.audit.sentences import field_name, word
from mdt.events.models import Event
from mdt.meetings.documents.wording import capital
from mdt.people.joining import listed
from mdt.people.templatetags.looks import day

LABELS: dict[str, Promise] = {
    "after": _("after"),
    "answer": _("answer"),
    "before": _("before"),
    "begins_at": _("begins at"),
    "cases": _("cases"),
    "changed": _("changed"),
    "checked": _("lines checked"),
    "count": _("how many"),
    "cut_off_at": _("cut-off"),
    "deputy": _("stand-in"),
    "discipline": _("discipline"),
    "document": _("document"),
    "edition": _("edition"),
    "fact": _("fact"),
    "facts": _("facts"),
    "fields": _("details"),
    "first_on": _("first day"),
    "had_seen_proposal": _("had seen the proposal"),
    "happened_on": _("day"),
    "hours": _("hours"),
    "is_again": _("was decided before"),
    "is_after_reveal": _("after the table was opened"),
    "is_agreed": _("both clinicians agree"),
    "is_by_link": _("by the link in the letter"),
    "is_correction": _("corrects an earlier one"),
    "is_deputy": _("as a deputy"),
    "is_early": _("before its day"),
    "is_ready": _("all required facts were known"),
    "language": _("language"),
    "last_on": _("last day"),
    "late_reason": _("reason to list it late or not ready"),
    "look_on": _("to be looked at on"),
    "meeting": _("meeting"),
    "message": _("about"),
    "method": _("invitation"),
    "moved": _("moved"),
    "next_on": _("put off to"),
    "not_reached": _("not discussed"),
    "on_table": _("on the table"),
    "order": _("order"),
    "page": _("page"),
    "people": _("people"),
    "percent": _("per cent from the best plan at most"),
    "person": _("person"),
    "possible": _("possible types"),
    "provisional": _("provisional types"),
    "reason": _("reason"),
    "released": _("released"),
    "roles": _("roles"),
    "rows": _("records checked"),
    "rule": _("day of the week"),
    "scheme": _("classification"),
    "series": _("series"),
    "started_on": _("started on"),
    "starts_at": _("begins"),
    "starts_on": _("from"),
    "state": _("state"),
    "status": _("what became of it"),
    "target_on": _("to be discussed by"),
    "text": _("words"),
    "to": _("to"),
    "told_on": _("told on"),
    "unsigned": _("not signed"),
    "urgency": _("urgency"),
    "username": _("sign-in name"),
    "version": _("version"),
    "waiting": _("waits for"),
    "what": _("what"),
    "whom": _("who was told"),
}


def details_of(event: Event, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each thing that the line holds and that has words, with its value; what is empty is left out."""
    found = []
    for name, value in event.data.items():
        if name in LABELS and value not in (None, "", [], {}):
            found.append((capital(str(LABELS[name])), _said(name, value, names)))
    return found


def row_in_words(subject: str) -> str:
    """ "agenda item no. 110": which record a line is about, by the name of its kind; "" for a kind without a name."""
    label, _colon, key = subject.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return ""
    if not isinstance(model._meta.verbose_name, Promise):  # made by Django of the name of the class
        return ""
    return gettext("%(record)s no. %(number)s") % {"record": model._meta.verbose_name, "number": key}


def _said(name: str, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return pgettext("of a detail", "yes") if value else pgettext("of a detail", "no")
    if name in _SPECIAL:
        return _SPECIAL[name](value)
    if isinstance(value, Mapping):
        pairs = ({"fact": field_name(each), "value": _said(each, one, names)} for each, one in value.items())
        return gettext("; ").join(gettext("%(fact)s: %(value)s") % pair for pair in pairs)
    if isinstance(value, str) and name.endswith("_at") and (at := _moment(value)):
        return day(at, "time")
    return word(name, value, names)


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _fact(name: str) -> str:
    for pathway, found in load_rulebook().pathways.items():
        if name in found.pathway.facts:
            return fact_label(pathway, name, get_language() or "en")
    return name


def _facts(value: Any) -> str:
    return listed(map(_fact, value)) if isinstance(value, list) else str(value)


_SPECIAL: dict[str, Callable[[Any], str]] = {
    "fact": lambda value: _fact(str(value)),
    "facts": _facts,
    "provisional": lambda value: word("possible", value, {}),
    "starts_on": day,
    "waiting": lambda value: word("discipline", value, {}),
}
