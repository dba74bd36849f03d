"""How a case of the queue is put into words: everything a row of the table shows, from typed columns."""

from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cases.alternatives import either
from cases.fragments import address, badge_markup, chips_markup, thumb_markup, ticks_markup, weekday
from cases.models import Case, Urgency
from cases.queue import Page, categories_by_pathway
from cases.reasoning import (
    categories_of,
    category_label,
    category_text,
    counted_lesion,
    fact_label,
    has_fact,
    item_label,
    item_owners,
    owners_of,
    pathway_label,
)
from cases.templatetags.cases_display import sex_and_age, type_mark, type_name
from mdt.people.disciplines import Discipline
from mdt.people.joining import listed

NAMES_SHOWN = 3
WAITED_FOR = ("missing", "stale")  # states of a required item that somebody is asked for


@dataclass(frozen=True)
class Row:
    """One case of the queue as its row shows it."""

    is_mine: bool
    url: str
    name: str
    ident: str
    came_back_for: str
    question: str
    thumb: SafeString
    badge: SafeString
    detail: str
    ticks: SafeString
    missing: str
    chips: SafeString
    type_note: str
    day: str
    day_note: str
    step_url: str
    step_label: str


def rows_of(cases: list[Case], tokens: dict[int, list[str]]) -> list[Row]:
    """Rows for cases whose patient is loaded; `tokens` team → disciplines and roles of the reader."""
    language = get_language()
    return [_row(case, tuple(tokens.get(case.team_id, ())), language) for case in cases]


def _row(case: Case, mine: tuple[str, ...], language: str) -> Row:
    waiting = tuple((item["owner"], item["fact"]) for item in case.readiness if item["state"] in WAITED_FOR)
    is_before, patient = case.state in (Case.State.REFERRED, Case.State.LISTED), case.patient
    own = _own(waiting, mine, case.pathway) if is_before else None
    to_confirm = _to_confirm(case, mine) if is_before else ()
    to_list = case.state == Case.State.REFERRED and case.is_ready and "coordinator" in mine
    to_sign = case.state == Case.State.DECIDED and "chair" in mine
    step_url, step_label = _step(case, own, to_confirm=bool(to_confirm), to_list=to_list, to_sign=to_sign)
    return Row(
        is_mine=bool(own or to_confirm or to_list or to_sign),
        url=address("case", case.reference),
        name=patient.name,
        ident=f"{sex_and_age(patient)} · {case.reference}",
        came_back_for=case.came_back_for,
        question=case.question,
        thumb=_thumb(case, language),
        badge=badge_markup(*badge_of(case)),
        detail=_detail(case),
        ticks=ticks_markup(tuple(item["state"] for item in case.readiness), language),
        missing=_asked(waiting, to_confirm, mine, case.pathway, language) if is_before else _after(case),
        chips=_chips(case, language),
        type_note=_type_note(case),
        day=weekday(case.meets_at or case.target_on, language),
        day_note=_("meeting") if case.meets_at else _("target, no meeting yet"),
        step_url=step_url,
        step_label=step_label,
    )


def _chips(case: Case, language: str) -> SafeString:
    """The categories that are possible; nothing while a meeting gathers opinions first."""
    if case.is_sealed:
        return SafeString("")
    return chips_markup(
        categories_of(case.pathway), case.types_possible, case.types_provisional, case.type_confirmed, language
    )


def _thumb(case: Case, language: str) -> SafeString:
    """The small liver; nothing in a pathway that is not about livers."""
    if not has_fact(case.pathway, "liver_lesions"):
        return SafeString("")
    return thumb_markup(case.liver, counted_lesion(case.pathway, language), language)


def badge_of(case: Case) -> tuple[str, str]:
    """Kind of badge and its words: the most pressing thing about the case."""
    if case.state == Case.State.CLOSED:
        return "decided", _("Closed")
    if case.state == Case.State.SIGNED:
        return "signed", _("Signed")
    if case.state == Case.State.DECIDED:
        return "decided", _("Decided, not signed")
    if case.came_back_for and case.state in (Case.State.REFERRED, Case.State.LISTED):
        return "waiting", _("Condition due")
    if case.is_overdue:
        days = (timezone.localdate() - case.target_on).days
        return "overdue", ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    if case.is_disputed:
        return "disputed", _("Readings differ")
    if any(item["state"] == "stale" for item in case.readiness):
        return "stale", _("A fact is too old")
    if not case.is_ready:
        return "waiting", _("Not ready")
    return "ready", _("Ready")


@lru_cache(maxsize=4096)
def _own(waiting: tuple[tuple[str, str], ...], mine: tuple[str, ...], pathway: str) -> str | None:
    """The reader's discipline, if it can supply something that is missing."""
    owners = (owner for _owner, fact in waiting for owner in item_owners(pathway, fact))
    return next((owner for owner in owners if owner in mine), None)


def _to_confirm(case: Case, mine: tuple[str, ...]) -> tuple[str, ...]:
    """What the provisional type assumes and one click of the reader's discipline confirms; see Waiting.What."""
    facts = () if case.is_sealed else case.to_confirm
    return tuple(fact for fact in facts if set(owners_of(case.pathway, fact)) & set(mine))


def _step(case: Case, own: str | None, *, to_confirm: bool, to_list: bool, to_sign: bool) -> tuple[str, str]:
    """The next thing this reader would do with the case: address and words of the row's button."""
    if own is not None:
        return address("finding-record", case.reference, own), _("Add findings")
    if to_sign:
        return address("case-decisions", case.reference), _("Sign")
    if to_confirm:
        return f"{address('case', case.reference)}#proposal", _("Confirm")
    if to_list:
        return f"{address('meetings')}?case={case.reference}", _("Put on an agenda")
    return address("case", case.reference), _("Open")


def _detail(case: Case) -> str:
    day = _("Day %(count)d") % {"count": case.age_days}
    if case.urgency != Urgency.ROUTINE:
        return _("%(first)s · %(second)s") % {"first": day, "second": case.get_urgency_display()}
    return day


def _after(case: Case) -> str:
    """What was known when the case was decided: nobody is asked for more."""
    known = sum(item["state"] in ("known", "disputed") for item in case.readiness)
    return _("%(known)d of %(count)d required facts known") % {"known": known, "count": len(case.readiness)}


def _asked(
    waiting: tuple[tuple[str, str], ...],
    to_confirm: tuple[str, ...],
    mine: tuple[str, ...],
    pathway: str,
    language: str,
) -> str:
    """What is missing, and before it what the reader's discipline may confirm."""
    if not to_confirm:
        return _missing(waiting, mine, pathway, language)
    facts = listed(fact_label(pathway, fact, language) for fact in to_confirm)
    confirms = _("to confirm: %(facts)s – you") % {"facts": facts}
    return _("; ").join([confirms, _missing(waiting, mine, pathway, language)]) if waiting else confirms


@lru_cache(maxsize=4096)
def _missing(waiting: tuple[tuple[str, str], ...], mine: tuple[str, ...], pathway: str, language: str) -> str:
    """What is missing and who is asked for it: the reader's own items by name, the others counted with their owners.

    One discipline is asked for an item, on every page the same; whoever else may enter it reads so behind its name.
    Cached: few patterns recur in many rows.
    """
    if not waiting:
        return _("All required facts are known")
    own = [item for item in waiting if set(item_owners(pathway, item[1])) & set(mine)]
    named = own or [item for item in waiting if item[0] == waiting[0][0]]
    asked: dict[str, list[str]] = {}
    for owner, fact in named:
        who = Discipline(owner).label
        words = _("you") if owner in mine else _("%(discipline)s, or you") % {"discipline": who} if own else str(who)
        asked.setdefault(words, []).append(item_label(pathway, fact, language))
    parts = [_("%(what)s (%(who)s)") % {"what": _shortened(names), "who": who} for who, names in asked.items()]
    others = [item for item in waiting if item not in named]
    if others:
        owners = _(", ").join(dict.fromkeys(str(Discipline(owner).label) for owner, _fact in others))
        parts.append(
            ngettext("%(count)d more (%(who)s)", "%(count)d more (%(who)s)", len(others))
            % {"count": len(others), "who": owners}
        )
    return _("; ").join(parts)


def _shortened(names: list[str]) -> str:
    """The first names, and how many more there are."""
    rest = len(names) - NAMES_SHOWN
    what = listed(names[:NAMES_SHOWN])
    return what + ngettext(" and %(count)d more", " and %(count)d more", rest) % {"count": rest} if rest > 0 else what


def _type_note(case: Case) -> str:
    if case.is_sealed:
        return _("sealed: opinions first")
    if case.type_confirmed:
        named = category_label(case.pathway, case.type_confirmed, get_language())
        return _("%(type)s confirmed") % {"type": named or type_name(case.type_confirmed, case.pathway)}
    if not case.types_possible:
        return _("no type applies")
    if " " not in case.types_possible:
        return _with_meaning(case, case.types_possible, _("only %(type)s is possible"))
    if case.types_provisional and " " not in case.types_provisional:
        return _with_meaning(case, case.types_provisional, _("%(type)s provisional"))
    open_types = (case.types_provisional or case.types_possible).split()
    return _("%(types)s open") % {"types": either(type_mark(category) for category in open_types)}


def _with_meaning(case: Case, category: str, note: str) -> str:
    """A note on one category, and what that category means."""
    said, means = note % {"type": type_mark(category)}, category_text(case.pathway, category, get_language())
    return _("%(first)s · %(second)s") % {"first": said, "second": means} if means else said


def count_of(page: Page) -> str:
    """How many cases a page of the queue shows, as a reader is told who does not see it."""
    number = sum(len(cases) for _name, cases in page.groups)
    if page.following:
        return _("%(count)d cases and more") % {"count": number}
    return ngettext("%(count)d case", "%(count)d cases", number) % {"count": number} if number else _("No case fits")


def categories_by_pathway_label() -> list[tuple[str, tuple[str, ...]]]:
    """What the filter by category offers: pathway in words → its categories."""
    language = get_language()
    return [(pathway_label(pathway, language), names) for pathway, names in categories_by_pathway().items()]


SEGMENT_LABELS = {
    "open": gettext_lazy("All open"),
    "mine": gettext_lazy("Waiting for me"),
    "preparing": gettext_lazy("Not ready"),
    "ready": gettext_lazy("Ready"),
    "listed": gettext_lazy("Listed"),
    "not_ready_listed": gettext_lazy("Listed, not ready"),
    "after": gettext_lazy("After the meeting"),
    "closed": gettext_lazy("Closed"),
}


def segments(shown: str, counts: dict[str, str] | None = None) -> list[dict]:
    """The row of segments above the table; without `counts` while they are still being counted."""
    return [
        {"show": show, "label": label, "count": (counts or {}).get(show), "is_current": show == shown}
        for show, label in SEGMENT_LABELS.items()
    ]
