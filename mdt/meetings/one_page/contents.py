"""What the page prints: whom it is about, what is asked, the two columns, and what was decided. Plain data, in words.

All that the template cannot place is counted there; what is cut here says by how much.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.case_page import reasoned_context
from cases.models import Case
from cases.queue_rows import badge_of
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import date_parts, described, headline, person, short_digest, type_line
from mdt.meetings.models import Decision
from mdt.meetings.one_page.parts import item, section
from mdt.meetings.one_page.reasoning import reasoned
from mdt.meetings.one_page.seen import seen
from mdt.meetings.one_page.shortened import shortened, width_of
from mdt.people.joining import sentences
from mdt.people.models import User
from mdt.people.templatetags.looks import day

TEMPLATE = Path(__file__).parent / "templates" / "case.typ"
LONG_NAME = 50
"""Names of people are never cut: one that is wider, in Latin letters, is set smaller."""


def contents_of(case: Case) -> dict[str, Any]:
    """All that is said of the case, in the active language; the same for whoever prints it."""
    proposal = case.latest_proposal
    context = reasoned_context(case, proposal)
    return {
        "patient": {
            "name": case.patient.name,
            "is_long": width_of(case.patient.name) > LONG_NAME,
            "words": _patient(case),
        },
        "state": {"label": _("State"), "text": described(_state(case))},
        "strip": [
            [_("Asked by"), case.referrer],
            [_("Referred on"), day(case.referred_on)],
            [_("To be discussed by"), day(case.target_on)],
            [_("Next meeting"), day(case.meets_at, "time") if case.meets_at else _("none")],
        ],
        "question": {
            "label": _("Question"),
            "text": shortened(case.question, 500),
            "source": case.get_reason_display(),
        },
        "notices": list(_notices(case)),
        "left": reasoned(case, context),
        "right": [*_decided(case), *seen(case, context)],
    }


def sheet_data(case: Case, contents: dict[str, Any], *, by: User, language: str, digest: str) -> dict[str, Any]:
    """The contents in their frame: who printed them and when. `digest` is that of the contents."""
    now, proposal = timezone.now(), case.latest_proposal
    title = _("Case on one page")
    rules = _("no proposal yet")
    if proposal is not None:
        rules = _("proposal %(number)d, rule set %(digest)s") % {
            "number": proposal.number,
            "digest": proposal.digest[:8],
        }
    printed = _("printed by %(person)s, %(when)s") % {"person": shortened(str(by), 60), "when": day(now, "time")}
    return printable_data(
        {
            **contents,
            "lang": language.partition("-")[0],
            "title": f"{title} · {case.reference}",
            "author": case.team.hospital,
            "date": date_parts(now),
            "draft": "",
            "running": {"head": "", "side": "", "foot": "", "pages": ""},
            "head": {"title": title, "reference": case.reference, "sender": f"{case.team.hospital} · {case.team.name}"},
            "foot": {
                "warning": _("Decision support, not validated. A proposal for discussion; the meeting decides."),
                "line": " · ".join(
                    [case.reference, printed, rules, _("content %(digest)s") % {"digest": short_digest(digest)}]
                ),
            },
        }
    )


def _patient(case: Case) -> str:
    patient = case.patient
    return _("%(sex)s, %(age)s years · born %(born)s · hospital no. %(number)s") % {
        "sex": patient.get_sex_display(),
        "age": patient.age,
        "born": day(patient.born_on),
        "number": patient.hospital_number,
    }


def _state(case: Case) -> list[str]:
    """State, what presses most where that says more, and urgency."""
    state, pressing = case.get_state_display(), badge_of(case)[1]
    is_more = case.state in (Case.State.REFERRED, Case.State.LISTED)
    urgency = case.get_urgency_display() if case.urgency != "routine" else ""
    return [str(words) for words in (state, pressing if is_more else "", urgency) if words]


def _notices(case: Case) -> Iterator[dict[str, Any]]:
    if case.is_restricted:
        restricted = "{} {}".format(
            _("Processing restricted"),
            _(
                "By an order of the privacy office the data of this patient may only be stored. You read them by an "
                "exception, and nothing can be recorded."
            ),
        )
        yield {"text": restricted, "is_alarm": True}
    if case.state == Case.State.CLOSED:
        yield {"text": shortened(sentences([_("This case is closed."), case.closed_reason]), 240), "is_alarm": True}
    if case.citation:
        words = _("Base facts: published report, %(citation)s. The name and numbers are fictional.")
        yield {"text": words % {"citation": shortened(case.citation, 120)}, "is_alarm": False}


def _decided(case: Case) -> list[dict[str, Any]]:
    """The newest decision as it stands, or nothing."""
    decision = Decision.objects.filter(case=case).current().complete().order_by("-meeting__starts_at", "-pk").first()
    if decision is None:
        return []
    meeting = decision.meeting
    signed = _("not signed")
    if decision.is_signed:
        seal = decision.sign_off
        signed = _("signed by %(who)s, %(when)s") % {"who": person(seal.signed_by), "when": day(seal.signed_at, "time")}
    held = _("Meeting %(meeting)s, %(day)s") % {"meeting": meeting.reference, "day": day(meeting.starts_at)}
    further = [
        item(text=shortened(text, 230), head=head)
        for head, text in (
            (_("Reason"), decision.reason_text),
            (_("Discussion"), decision.rationale),
            (_("Conditions"), decision.conditions),
        )
        if text
    ]
    return [
        section(
            _("Last decision"),
            further,
            rank=0,
            least=1,
            frame=True,
            tag=signed if not decision.is_signed else "",
            lead=[shortened(headline(decision), 230)],
            quiet=[line for line in (shortened(type_line(decision), 260), held, signed) if line],
            more=(_("and %(count)d more part: see the case"), _("and %(count)d more parts: see the case")),
        )
    ]
