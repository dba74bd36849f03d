"""Keeping what became of a decision, and bringing the case back where somebody asks for it."""

import hashlib
import hmac
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cases.actions import ActionError, reopen_case
from cases.models import Case
from mdt.addresses import public
from mdt.audit.followup.models import ImplementationReport
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MailKind
from mdt.meetings.models import Decision
from mdt.meetings.outcome.mails import address_of, coordinators_and_chairs, of_decision
from mdt.meetings.outcome.working_days import today_of
from mdt.people.models import User
from mdt.people.templatetags.looks import day

AN_HOUR = timedelta(hours=1)
MOST_BY_LINK = 5  # reports an hour on one decision
MOST_BY_CLIENT = 20  # reports an hour from one address


class Throttled(ActionError):
    """Too many reports by link within an hour."""


class BeganBefore(ActionError):
    """Treatment began before the decision by the date given, and nobody said that it did: perhaps a slip."""


def client_digest(address: str) -> str:
    """What is kept of the address that a report by link came from: enough to count by, nothing to read."""
    return hmac.new(settings.SECRET_KEY.encode(), f"report:{address}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def report_implementation(
    *,
    decision: Decision,
    by: User | None,
    status: str,
    reason: str = "",
    text: str = "",
    treatment_started_on: date | None = None,
    asks_again: bool = False,
    reporter_name: str = "",
    reporter_contact: str = "",
    client: str = "",
    has_begun_before: bool = False,
) -> ImplementationReport:
    """Keep one report on a signed decision; `by` None: by the link in its letter, with name and contact.

    The coordinators and chairs are written to. `asks_again` brings the case back to the queue, with the reason on top.
    The same report sent twice within an hour is kept once. Raises ActionError for what cannot be kept, Throttled for
    too many by link, BeganBefore for a day before the decision unless `has_begun_before` says that it is meant.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=decision.case_id)
    said = {
        "status": status,
        "reason": reason if status in ImplementationReport.WITH_REASON else "",
        "text": text.strip(),
        "treatment_started_on": treatment_started_on,
        "asks_again": asks_again,
        "reported_by": by,
        "reporter_name": reporter_name.strip(),
        "reporter_contact": reporter_contact.strip(),
    }
    _refuse(decision, said)
    if not has_begun_before:
        _refuse_earlier_day(decision, treatment_started_on)
    recent = ImplementationReport.objects.filter(reported_at__gt=timezone.now() - AN_HOUR)
    if (same := recent.filter(decision=decision, **said).first()) is not None:
        return same
    if by is None:
        _throttle(recent, decision, client)
    report = ImplementationReport.objects.create(decision=decision, client=client, **said)
    record(
        Kind.IMPLEMENTATION_REPORTED,
        by=by,
        case=case,
        subject=report,
        meeting=decision.meeting.reference,
        version=decision.version,
        status=report.status,
        reason=report.reason,
        is_by_link=report.is_by_link,
        asks_again=asks_again,
    )
    if asks_again and case.state in (Case.State.SIGNED, Case.State.CLOSED):
        reopen_case(case=case, by=by, reason=why_again(report))
    _tell_the_team(report, case)
    return report


def why_again(report: ImplementationReport) -> str:
    """The reason that stands on top of a case which a report brought back: who, and their words.

    Status and coded reason stand with the report, in each reader's language; here only where there are no words.
    """
    said = report.text or report.get_reason_display() or report.get_status_display()
    return (_("%(who)s: %(words)s") % {"who": report.reporter, "words": said})[:400]


def _refuse(decision: Decision, said: dict) -> None:
    """Raises ActionError for what cannot be kept."""
    if not decision.is_signed:
        raise ActionError(_("Only of a signed decision it can be said what became of it."))
    if said["status"] not in ImplementationReport.Status.values:
        raise ActionError(_("Say what became of the decision."))
    if said["status"] in ImplementationReport.WITH_REASON and said["reason"] not in ImplementationReport.Reason.values:
        raise ActionError(_("Choose the reason."))
    if said["reason"] == ImplementationReport.Reason.OTHER and not said["text"]:
        raise ActionError(_("Give the other reason in words."))
    began = said["treatment_started_on"]
    if began is not None and began > today_of(decision.case.team):
        raise ActionError(_("This date lies in the future."))
    if said["reported_by"] is None and not (said["reporter_name"] and said["reporter_contact"]):
        raise ActionError(_("Give your name and how you can be reached."))
    for name in ("text", "reporter_name", "reporter_contact"):
        limit = ImplementationReport._meta.get_field(name).max_length
        if len(said[name]) > limit:
            raise ActionError(_("This text is too long: at most %(limit)d characters.") % {"limit": limit})


def _refuse_earlier_day(decision: Decision, began: date | None) -> None:
    decided_on = decision.decided_on
    if began is not None and began < decided_on:
        days = (decided_on - began).days
        words = ngettext(
            "That is %(days)d day before the decision of %(day)s. Correct it, or say that treatment had begun before.",
            "That is %(days)d days before the decision of %(day)s. Correct it, or say that treatment had begun before.",
            days,
        )
        raise BeganBefore(words % {"days": days, "day": day(decided_on)})


def _throttle(recent, decision: Decision, client: str) -> None:
    by_link = recent.filter(reported_by__isnull=True)
    of_decision_now = by_link.filter(decision__agenda_item=decision.agenda_item_id).count()
    if of_decision_now >= MOST_BY_LINK or by_link.filter(client=client).count() >= MOST_BY_CLIENT:
        raise Throttled(_("Too many reports came in within an hour. Nothing was kept; try again later."))


def _tell_the_team(report: ImplementationReport, case: Case) -> None:
    """To coordinators and chairs, not to who reported it."""
    decision = report.decision
    for person in coordinators_and_chairs(case.team).exclude(pk=report.reported_by_id or 0):
        with override(language.of(person)):
            words = {
                "case": case.reference,
                "status": report.get_status_display(),
                "link": address_of(decision),
                "queue": public(reverse("case", args=[case.reference])),
            }
            lines = [_("It is reported of the decision on %(case)s: %(status)s.") % words]
            if report.asks_again:
                lines.append(_("The meeting is asked to look at the case again: %(queue)s") % words)
            lines.append(_("The decision and all reports: %(link)s") % words)
            post(
                key=f"report:{report.pk}:{person.pk}",
                kind=MailKind.DEVIATION,
                to=person,
                subject=_("What became of the decision on %(case)s") % words,
                body="\n\n".join(lines),
                by=report.reported_by,
                **of_decision(decision),
            )
