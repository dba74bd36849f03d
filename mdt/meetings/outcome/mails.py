"""What people are written after a meeting. Subjects and texts name the case by its reference only."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mdt.addresses import public
from mdt.mail import language
from mdt.mail.actions import Attachment, post
from mdt.mail.kinds import Kind
from mdt.mail.models import Message
from mdt.meetings.models import Decision, Meeting, NextStep, SignatureRequest
from mdt.meetings.outcome import report_link
from mdt.meetings.outcome.restricted import key_of_minutes
from mdt.people.models import Role, Team, User
from mdt.people.templatetags.looks import day


def coordinators_and_chairs(team: Team) -> QuerySet[User]:
    """Who keeps a team's meetings going."""
    roles = (Role.COORDINATOR, Role.CHAIR)
    return User.objects.filter(memberships__team=team, memberships__role__in=roles, is_active=True).distinct()


def of_decision(decision: Decision) -> dict[str, Any]:
    """What every message about a decision says of it."""
    return {"case_reference": decision.case.reference, "team": decision.case.team}


def address_of(decision: Decision) -> str:
    return public(
        reverse("decision", args=[decision.meeting.reference, decision.case.reference, decision.version]),
    )


def ask_for_signature(request: SignatureRequest, *, round: int) -> Message:
    """To the chair who was named: at the end of the meeting (round 0), and on working days after it."""
    decision = request.decision
    with override(language.of(request.person)):
        words = {
            "case": decision.case.reference,
            "meeting": decision.meeting.reference,
            "link": public(reverse("room", args=[decision.meeting.reference, decision.case.reference]) + "?step=sign"),
            "person": request.asked_by.display_name,
        }
        return post(
            key=f"sign:{request.pk}:{round}",
            kind=Kind.NOTICE,
            to=request.person,
            subject=_("Please sign the decision on %(case)s") % words,
            body=_(
                "The meeting %(meeting)s ended before the decision on %(case)s was signed. %(person)s asks you to sign "
                "it; until then nobody is told of the outcome.\n\n%(link)s"
            )
            % words,
            by=request.asked_by,
            **of_decision(decision),
        )


def warn_of_release(decision: Decision) -> None:
    """To coordinators and chairs: today is the last day on which this outcome, or its amendment, is on time."""
    for person in coordinators_and_chairs(decision.case.team):
        with override(language.of(person)):
            words = {"case": decision.case.reference, "link": address_of(decision)}
            post(
                key=f"watch:{decision.pk}:{person.pk}",
                kind=Kind.NOTICE,
                to=person,
                subject=_("The outcome of %(case)s is not released yet") % words,
                body=_("It is due by the end of today. Until it is released, nobody is told of it.\n\n%(link)s")
                % words,
                **of_decision(decision),
            )


def minutes(
    meeting: Meeting, *, to: User, enclosed: Attachment, withheld: frozenset[int], awaited: Sequence[str]
) -> Message:
    """To somebody who was present: once for a meeting with the same cases.

    `withheld`: ids of the cases that the minutes leave out because their data may only be stored; `awaited`: the
    references of those that stand on the agenda, with which minutes follow.
    """
    with override(language.of(to)):
        words = {
            "meeting": meeting.reference,
            "day": day(meeting.local_start),
            "link": public(meeting.get_absolute_url()),
            "cases": _(", ").join(awaited),
        }
        body = (
            _(
                "The meeting of %(day)s is finished. Withheld is what may only be stored: %(cases)s. All other "
                "decisions are signed; minutes with every case follow when that ends.\n\n%(link)s"
            )
            if awaited
            else _("The meeting of %(day)s is finished and all its decisions are signed.\n\n%(link)s")
        )
        return post(
            key=key_of_minutes(meeting.pk, to.pk, withheld),
            kind=Kind.MINUTES,
            to=to,
            subject=_("Minutes of the meeting %(meeting)s") % words,
            body=body % words,
            attachments=[enclosed],
            team=meeting.team,
        )


def remind_of_step(step: NextStep) -> Message:
    """To the owner, on the day on which the step is due."""
    with override(language.of(step.owner)):
        words = {"case": step.decision.case.reference, "day": day(step.due_on), "link": public(reverse("next-steps"))}
        return post(
            key=f"step:{step.pk}:due",
            kind=Kind.TASK,
            to=step.owner,
            subject=_("A next step for %(case)s is due on %(day)s") % words,
            body=_("Is it done? Then say so here, or tell the coordinator what holds it up.\n\n%(link)s") % words,
            **of_decision(step.decision),
        )


def complain_of_step(step: NextStep) -> None:
    """To the owner and the coordinators, some working days after the due day."""
    people = {person.pk: person for person in coordinators_and_chairs(step.decision.case.team)}
    people.setdefault(step.owner_id, step.owner)
    for person in people.values():
        with override(language.of(person)):
            words = {
                "case": step.decision.case.reference,
                "day": day(step.due_on),
                "owner": step.owner.display_name,
                "link": public(reverse("meeting-steps", args=[step.decision.meeting.reference])),
            }
            post(
                key=f"step:{step.pk}:overdue:{person.pk}",
                kind=Kind.TASK,
                to=person,
                subject=_("A next step for %(case)s is overdue since %(day)s") % words,
                body=_("It belongs to %(owner)s and is not marked as done.\n\n%(link)s") % words,
                **of_decision(step.decision),
            )


def letter(
    decision: Decision,
    *,
    key: str,
    to: User | None = None,
    address: str = "",
    name: str = "",
    steps: list[NextStep],
    is_responsible: bool,
    replaces: Decision | None,
    enclosed: Attachment | None,
) -> Message:
    """To one recipient of a released outcome, with the letter where the address may have it."""
    wanted = language.of(to) if to else settings.LANGUAGE_CODE
    with override(wanted):
        lines = _letter_lines(decision, steps, is_responsible=is_responsible, replaces=replaces, is_inside=bool(to))
        words = {"case": decision.case.reference, "version": decision.version}
        subject = (
            _("Replaced outcome of the tumour board for %(case)s: version %(version)d")
            if replaces
            else _("Outcome of the tumour board for %(case)s")
        )
        return post(
            key=key,
            kind=Kind.LETTER,
            to=to,
            address=address,
            name=name,
            subject=subject % words,
            body="\n\n".join(lines),
            attachments=[enclosed] if enclosed else [],
            by=decision.release.released_by,
            **of_decision(decision),
        )


def _letter_lines(
    decision: Decision, steps: list[NextStep], *, is_responsible: bool, replaces: Decision | None, is_inside: bool
) -> Iterator[str]:
    meeting = decision.meeting
    yield _("%(team)s, discussed case %(case)s on %(day)s. Its outcome is signed and released.") % {
        "team": decision.case.team,
        "case": decision.case.reference,
        "day": day(meeting.local_start),
    }
    if replaces:
        yield _(
            "This is version %(version)d. It replaces version %(older)d: please do not use the earlier letter any more."
        ) % {"version": decision.version, "older": replaces.version}
    if is_responsible:
        yield _("You are named as responsible for carrying the decision out.")
    if steps:
        first = day(steps[0].due_on)
        yield ngettext(
            "You have %(count)d next step, due on %(day)s: %(link)s",
            "You have %(count)d next steps, the first due on %(day)s: %(link)s",
            len(steps),
        ) % {"count": len(steps), "day": first, "link": public(reverse("next-steps"))}
    if is_inside:
        yield _("The decision with everything it rests on: %(link)s") % {"link": address_of(decision)}
    yield _("Should something else be done than was decided, say so here, without signing in: %(link)s") % {
        "link": report_link.address_of(decision)
    }
