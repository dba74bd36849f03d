"""When a discipline was last reminded of what a case needs, who was told, and when the next reminder goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.mail.kinds import Kind
from mdt.mail.models import Muted
from mdt.meetings.chasing.deadline import Deadline, deadline_of, place_of
from mdt.meetings.chasing.needs import needed
from mdt.meetings.models import Reminder
from mdt.people.joining import listed, sentences
from mdt.people.models import User
from mdt.people.permissions import Permission, can
from mdt.people.templatetags.looks import day

AGAIN_AFTER = timedelta(hours=1)
"""No discipline is reminded of the same case by hand twice within this time."""


@dataclass(frozen=True)
class Reminding:
    """What is known of reminding one discipline of one case.

    `told_at`: when the last reminder went, None before the first; `people`: whom it went to; `muted`: those of them who
    switched such messages off, so that it lies in their mailbox without a mark; `is_on_its_way`: one waits for the next
    daily message; `next_at`: the next morning to remind on, None after the last; `again_at`: before it nobody may
    remind again, None where somebody may; `may_ask`: whether the reader may remind now.
    """

    case: Case
    discipline: str
    told_at: datetime | None
    people: str
    muted: str
    is_on_its_way: bool
    next_at: datetime | None
    again_at: datetime | None
    may_ask: bool

    @property
    def said(self) -> str:
        """All of it in sentences, in the reader's language and by the clock that is active."""
        parts = [_("Not reminded yet.")]
        if self.told_at is not None:
            words = {"time": day(self.told_at, "weekday_time"), "people": self.people}
            parts = [_("Last reminded: %(time)s, %(people)s.") % words]
        if self.muted:
            parts.append(_("Switched reminders off: %(people)s; better to ring.") % {"people": self.muted})
        if self.is_on_its_way:
            parts.append(_("A reminder is on its way."))
        if self.next_at is not None:
            parts.append(_("Next automatic reminder: %(time)s.") % {"time": day(self.next_at, "weekday_time")})
        else:
            parts.append(_("No further automatic reminder."))
        return sentences(parts)


def remindings_of(user: User, case: Case) -> list[Reminding]:
    """One for each discipline that the case waits for; nothing where nobody is reminded."""
    asked = needed(case)
    if case.is_restricted or not asked:
        return []
    deadline = deadline_of(case, place_of(case))
    told = _by_case([case])
    return [_reminding(user, deadline, discipline, told) for discipline in asked]


def remindings_for(user: User, discipline: str, deadlines: Sequence[Deadline]) -> dict[int, Reminding]:
    """Case id → how its discipline is reminded, for the cases that ask it first. One query."""
    told = _by_case([deadline.case for deadline in deadlines])
    return {
        deadline.case.pk: _reminding(user, deadline, discipline, told)
        for deadline in deadlines
        if discipline in needed(deadline.case)
    }


def again_at(rows: Iterable[Reminder], now: datetime) -> datetime | None:
    """From when one may remind by hand again, by the reminders of a case and discipline; None where one may now."""
    asked = (row.message.posted_at if row.message else row.made_at for row in rows if row.message or row.is_by_hand)
    last = max(asked, default=None)
    return last + AGAIN_AFTER if last is not None and now < last + AGAIN_AFTER else None


def _by_case(cases: list[Case]) -> dict[tuple[int, str], list[Reminder]]:
    """Case and discipline → its reminders that were told, or are to be."""
    muted = Muted.objects.filter(person=OuterRef("person"), kind=Kind.REMINDER)
    rows = Reminder.objects.filter(case__in=cases, dropped_at=None).annotate(is_muted=Exists(muted))
    found: dict[tuple[int, str], list[Reminder]] = {}
    for row in rows.select_related("person", "message").order_by("pk"):
        found.setdefault((row.case_id, row.discipline), []).append(row)
    return found


def _reminding(user: User, deadline: Deadline, discipline: str, told: dict) -> Reminding:
    case, now = deadline.case, timezone.now()
    rows = told.get((case.pk, discipline), [])
    last = max((row for row in rows if row.message), key=lambda row: row.message.posted_at, default=None)
    whom = [row for row in rows if last and row.message and row.occasion == last.occasion]
    return Reminding(
        case=case,
        discipline=discipline,
        told_at=last.message.posted_at if last else None,
        people=listed(str(row.person) for row in whom),
        muted=listed(str(row.person) for row in whom if row.is_muted),
        is_on_its_way=any(row.message is None for row in rows),
        next_at=deadline.next_step_at(now),
        again_at=again_at(rows, now),
        may_ask=not case.is_restricted and can(user, Permission.FACTS_REMIND, case.team_id),
    )
