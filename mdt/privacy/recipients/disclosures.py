"""To whom data about a patient went, out of the log and the letters: who has to be told when it was wrong (GDPR 19)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from cases.models import Case
from mdt.events.chain import subject_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail import kinds as mail
from mdt.mail.models import Delivery, Message
from mdt.meetings.models import Decision, Recipient, Release, Told
from mdt.meetings.outcome.restricted import withheld_in
from mdt.privacy.models import Way
from mdt.privacy.said import LONGEST, by_the_system, copy_for, in_words, taken_by

_LEAVING = (Delivery.State.SENT, Delivery.State.QUEUED, Delivery.State.HELD)
"""Has left, or may still leave: what is held back does when it is let go."""


_TAKEN = {
    Kind.PACK_OPENED: Way.PACK,
    Kind.AUDIT_EXPORTED: Way.TABLE,
    Kind.EVENTS_EXPORTED: Way.TABLE,
    Kind.REPLAY_EXPORTED: Way.TABLE,
    Kind.RESEARCH_EXPORTED: Way.RESEARCH,
}
_OF_DECISIONS = (Kind.AUDIT_EXPORTED, Kind.RESEARCH_EXPORTED)
_LIST_OF_CASES = "cases"
"""The one table of the audit that names cases, those on an agenda without a decision, too."""


@dataclass(frozen=True)
class Disclosure:
    """Somebody who was given data of one case. `is_third`: not a colleague who read it in this system."""

    case_reference: str
    recipient: str
    way: Way
    at: datetime
    is_third: bool

    @property
    def who(self) -> str:
        return in_words(self.recipient)


def addressee_of(message: Message) -> str:
    """Somebody outside to whom a message went."""
    return (f"{message.name} <{message.address}>" if message.name else message.address)[:LONGEST]


def disclosures_of(case: Case) -> list[Disclosure]:
    """Everybody, newest first. The log and the letters know what left through this system, and nothing else."""
    letters, papers = [*_letters(case), *_minutes(case)], [*_papers(case), *_opened_minutes(case)]
    return _newest_first([*letters, *_printed(case), *_told(case), *_copies(case), *papers, *_taken(case)])


def third_parties_of(case: Case) -> list[Disclosure]:
    """Those of them who are no colleagues reading in this system. Minutes and opened papers, which only colleagues
    have, are not even looked for."""
    found = [*_letters(case), *_printed(case), *_told(case), *_copies(case), *_taken(case)]
    return _newest_first(each for each in found if each.is_third)


def _newest_first(found: Iterable[Disclosure]) -> list[Disclosure]:
    return sorted(dict.fromkeys(found), key=lambda each: each.at, reverse=True)


def _letters(case: Case) -> Iterator[Disclosure]:
    """Messages with a file to people here, and every message that went, or is to go, to an address outside."""
    posted = Message.objects.filter(case_reference=case.reference).select_related("to", "delivery")
    for message in posted.filter(Q(enclosures__isnull=False) | Q(to=None)).distinct().order_by("pk"):
        if message.to_id is not None:
            yield Disclosure(case.reference, message.to.display_name, Way.LETTER, message.posted_at, is_third=False)
            continue
        delivery = getattr(message, "delivery", None)
        if delivery is not None and delivery.state in _LEAVING:
            way = Way.LETTER if delivery.state == Delivery.State.SENT else Way.LEAVING
            at = delivery.sent_at or message.posted_at
            yield Disclosure(case.reference, addressee_of(message), way, at, is_third=True)


def _minutes(case: Case) -> Iterator[Disclosure]:
    """Minutes in a mailbox of every meeting with the case on its agenda, but those that left it out."""
    for meeting in case.agenda_items.order_by("meeting").values_list("meeting", flat=True).distinct():
        posted = Message.objects.filter(kind=mail.Kind.MINUTES, key__startswith=f"minutes:{meeting}:", to__isnull=False)
        for message in posted.select_related("to").order_by("pk"):
            if case.pk not in withheld_in(message.key):
                who = message.to.display_name[:LONGEST]
                yield Disclosure(case.reference, who, Way.LETTER, message.posted_at, is_third=False)


def _printed(case: Case) -> Iterator[Disclosure]:
    """Whoever outside was to have a released outcome, where no e-mail reached them nor is to: the letter is printed.

    A referrer without an e-mail address is no recipient of a release, and was still to have it. One with an address is
    waited for until the worker has written the letters.
    """
    written = Event.objects.filter(kind=Kind.OUTCOME_SENT, case_reference=case.reference)
    sent = set(written.values_list("subject", flat=True))
    releases = Release.objects.filter(decision__case=case).select_related("decision").order_by("pk")
    for release in releases.prefetch_related("recipients__message__delivery"):
        rows = list(release.recipients.all())
        missed = [row.name or row.address for row in rows if row.person_id is None and not _is_mailed(row)]
        if not case.referrer_email or subject_of(release.decision) in sent:
            missed += [] if any(row.role == Recipient.Role.REFERRER for row in rows) else [case.referrer]
        for who in missed:
            yield Disclosure(case.reference, who[:LONGEST], Way.PRINTED, release.released_at, is_third=True)


def _is_mailed(row: Recipient) -> bool:
    delivery = getattr(row.message, "delivery", None)
    return delivery is not None and delivery.state in _LEAVING


def _told(case: Case) -> Iterator[Disclosure]:
    for told in Told.objects.filter(decision__case=case, whom=Told.Whom.REFERRER):
        yield Disclosure(case.reference, case.referrer, Way.TOLD, told.recorded_at, is_third=True)


def _copies(case: Case) -> Iterator[Disclosure]:
    """The patient's own copy is no disclosure to a third party; that of somebody who speaks for them may be.

    The log says who asked, not their name: that of the colleague who handed it out leads to them.
    """
    for line in Event.objects.filter(kind=Kind.COPY_HANDED_OUT, case_reference=case.reference).select_related("by"):
        asked_by = line.data.get("asked_by", "")
        yield Disclosure(
            case.reference, copy_for(asked_by, _by(line)), Way.COPY, line.at, is_third=asked_by != "patient"
        )


def _papers(case: Case) -> Iterator[Disclosure]:
    opened = Event.objects.filter(kind=Kind.DOCUMENT_OPENED, case_reference=case.reference).select_related("by")
    for line in opened:
        yield Disclosure(case.reference, _by(line), Way.PAPER, line.at, is_third=False)


def _opened_minutes(case: Case) -> Iterator[Disclosure]:
    """The line of minutes belongs to no case; it names those that they show."""
    opened = Event.objects.filter(kind=Kind.DOCUMENT_OPENED, team=case.team_id, case_reference="")
    for line in opened.filter(at__gte=case.created_at).select_related("by").order_by("number"):
        if case.reference in line.data.get("cases", ()):
            yield Disclosure(case.reference, _by(line), Way.PAPER, line.at, is_third=False)


def _taken(case: Case) -> Iterator[Disclosure]:
    """Files that people of the team took away since the case was here; those of decisions, since it has one, and the
    list of cases of the audit, since it was first on an agenda."""
    decided_at = Decision.objects.filter(case=case).order_by("pk").values_list("recorded_at", flat=True).first()
    listed_at = case.agenda_items.order_by("pk").values_list("added_at", flat=True).first()
    lines = Event.objects.filter(kind__in=list(_TAKEN), team=case.team_id, at__gte=case.created_at)
    for line in lines.select_related("by").order_by("number"):
        if line.kind == Kind.PACK_OPENED and case.reference not in line.data.get("cases", ()):
            continue
        is_of_decisions = line.kind in _OF_DECISIONS or line.data.get("part") == "decisions"
        is_list = line.kind == Kind.AUDIT_EXPORTED and line.data.get("table") == _LIST_OF_CASES
        since = listed_at if is_list else decided_at
        if is_of_decisions and (since is None or line.at < since):
            continue
        yield Disclosure(case.reference, taken_by(_by(line)), _TAKEN[Kind(line.kind)], line.at, is_third=True)


def _by(line: Event) -> str:
    return line.by.display_name[:LONGEST] if line.by else by_the_system()
