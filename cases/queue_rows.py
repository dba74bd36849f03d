"""How a case of the queue is put into words and pictures: everything a row of the table shows, from typed columns."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases.models import Case, Urgency
from cases.queue import AFTER_MEETING, Queue
from cases.reasoning import item_label, item_owners
from mdt.people.disciplines import Discipline

CATEGORIES = ("I", "II", "III")
NAMES_SHOWN = 3
WAITED_FOR = ("missing", "stale")  # states of a required item that somebody is asked for


@dataclass(frozen=True)
class Row:
    """One case of the queue with its words."""

    case: Case
    is_mine: bool
    state: tuple[str, str]
    detail: str
    missing: str
    ticks: SafeString
    categories: tuple[dict, ...]
    type_note: str
    step: dict


def rows_of(cases: list[Case], tokens: dict[int, list[str]]) -> list[Row]:
    """Rows for cases whose patient is loaded; `tokens` team → disciplines and roles of the reader."""
    return [_row(case, tokens.get(case.team_id, [])) for case in cases]


def _row(case: Case, mine: list[str]) -> Row:
    waiting = [item for item in case.readiness if item["state"] in WAITED_FOR]
    is_mine = case.state in (Case.State.REFERRED, Case.State.LISTED) and _own(case, waiting, mine) is not None
    is_mine |= case.state == Case.State.REFERRED and case.is_ready and "coordinator" in mine
    is_mine |= case.state == Case.State.DECIDED and "chair" in mine
    return Row(
        case=case,
        is_mine=is_mine,
        state=badge_of(case),
        detail=_detail(case),
        missing=_after(case)
        if case.state in (*AFTER_MEETING, Case.State.CLOSED)
        else _missing(
            tuple((item["owner"], item["fact"]) for item in waiting),
            tuple(mine),
            case.pathway,
            get_language(),
        ),
        ticks=ticks_picture(tuple(item["state"] for item in case.readiness), get_language()),
        categories=categories_of(case.types_possible, case.types_provisional),
        type_note=_type_note(case),
        step=_step(case, waiting, mine),
    )


def badge_of(case: Case) -> tuple[str, str]:
    """Kind of badge and its words: the most pressing thing about the case."""
    if case.state == Case.State.CLOSED:
        return "decided", _("Closed")
    if case.state == Case.State.SIGNED:
        return "signed", _("Signed")
    if case.state == Case.State.DECIDED:
        return "decided", _("Decided, not signed")
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


def _own(case: Case, waiting: list[dict], mine: list[str]) -> str | None:
    """The reader's discipline, if it can supply something that is missing."""
    owners = (owner for item in waiting for owner in item_owners(case.pathway, item["fact"]))
    return next((owner for owner in owners if owner in mine), None)


def _step(case: Case, waiting: list[dict], mine: list[str]) -> dict:
    """The next thing this reader would do with the case: address and words of the row's button."""
    address = case.get_absolute_url()
    if case.state in (Case.State.REFERRED, Case.State.LISTED):
        own = _own(case, waiting, mine)
        if own is not None:
            return {"url": reverse("finding-record", args=[case.reference, own]), "label": _("Add findings")}
    if case.state == Case.State.DECIDED and "chair" in mine:
        return {"url": reverse("case-decisions", args=[case.reference]), "label": _("Sign")}
    if case.state == Case.State.REFERRED and case.is_ready and "coordinator" in mine:
        return {"url": reverse("meetings"), "label": _("Put on an agenda")}
    return {"url": address, "label": _("Open")}


def _detail(case: Case) -> str:
    day = _("Day %(count)d") % {"count": case.age_days}
    if case.urgency != Urgency.ROUTINE:
        return _("%(first)s · %(second)s") % {"first": day, "second": case.get_urgency_display()}
    return day


def _after(case: Case) -> str:
    """What was known when the case was decided: nobody is asked for more."""
    known = sum(item["state"] in ("known", "disputed") for item in case.readiness)
    return _("%(known)d of %(count)d required facts known") % {"known": known, "count": len(case.readiness)}


@lru_cache(maxsize=4096)
def _missing(waiting: tuple[tuple[str, str], ...], mine: tuple[str, ...], pathway: str, language: str) -> str:
    """What is missing and who owns it: the reader's own items by name, the others counted with their owners.

    Cached: few patterns recur in many rows.
    """
    if not waiting:
        return _("All required facts are known")
    own = [item for item in waiting if set(item_owners(pathway, item[1])) & set(mine)]
    named = own or [item for item in waiting if item[0] == waiting[0][0]]
    names = [item_label(pathway, fact, language) for _owner, fact in named]
    what = _(", ").join(names[:NAMES_SHOWN])
    if len(names) > NAMES_SHOWN:
        rest = len(names) - NAMES_SHOWN
        what += ngettext(" and %(count)d more", " and %(count)d more", rest) % {"count": rest}
    who = _("you") if own else Discipline(named[0][0]).label
    parts = [_("%(what)s – %(who)s") % {"what": what, "who": who}]
    others = [item for item in waiting if item not in named]
    if others:
        owners = _(", ").join(dict.fromkeys(str(Discipline(owner).label) for owner, _fact in others))
        parts.append(
            ngettext("%(count)d more – %(who)s", "%(count)d more – %(who)s", len(others))
            % {"count": len(others), "who": owners}
        )
    return _("; ").join(parts)


@lru_cache(maxsize=4096)
def ticks_picture(states: tuple[str, ...], language: str) -> SafeString:
    """One small bar a required fact: known, missing, stale, disputed. Cached: rows share few patterns."""
    looks = {"known": "k", "missing": "m", "stale": "s", "disputed": "x"}
    known = sum(state in ("known", "disputed") for state in states)
    label = ngettext("%(known)d of %(count)d fact known", "%(known)d of %(count)d facts known", len(states)) % {
        "known": known,
        "count": len(states),
    }
    bars = "".join(
        f'<rect class="{looks[state]}" x="{index * 8 + 0.5 * (looks[state] == "m")}" y="{0.5 * (looks[state] == "m")}" '
        f'width="{5 if looks[state] == "m" else 6}" height="{9 if looks[state] == "m" else 10}" rx="1.2"/>'
        for index, state in enumerate(states)
    )
    return mark_safe(
        f'<svg class="ticks" viewBox="0 0 {max(8 * len(states) - 2, 1)} 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label)}">{bars}</svg>'
    )


@lru_cache(maxsize=256)
def categories_of(possible: str, provisional: str) -> tuple[dict, ...]:
    """The chips I, II, III from the two typed columns."""
    could, rests = possible.split(), provisional.split()
    return tuple(
        {
            "id": category,
            "state": "ruled_out" if category not in could else "only" if len(could) == 1 else "possible",
            "provisional": rests == [category],
        }
        for category in CATEGORIES
    )


def _type_note(case: Case) -> str:
    if case.type_confirmed:
        return _("%(type)s confirmed") % {"type": case.type_confirmed}
    if not case.types_possible:
        return _("no type applies")
    if " " not in case.types_possible:
        return _("only %(type)s is possible") % {"type": case.types_possible}
    if case.types_provisional and " " not in case.types_provisional:
        return _("%(type)s provisional") % {"type": case.types_provisional}
    return _("%(types)s open") % {"types": _(" or ").join((case.types_provisional or case.types_possible).split())}


def segments(queue: Queue) -> list[dict]:
    """The row of segments above the table, with their counts."""
    labels = {
        "open": _("All open"),
        "mine": _("Waiting for me"),
        "preparing": _("Not ready"),
        "ready": _("Ready"),
        "listed": _("Listed"),
        "after": _("After the meeting"),
        "closed": _("Closed"),
    }
    return [
        {"show": show, "label": label, "count": queue.count(show), "is_current": queue.filters.show == show}
        for show, label in labels.items()
    ]
