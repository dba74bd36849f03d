"""The page that a patient reads, as plain data: what was decided, what happens next, who to ask, words explained."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import date_parts
from mdt.meetings.models import Decision, PatientPage
from mdt.meetings.outcome.plain import explained
from mdt.people.templatetags.looks import day


def patient_page_data(page: PatientPage, decision: Decision) -> dict[str, Any]:
    """Everything that the page prints; `page` may not be stored yet, as a preview."""
    with override(page.language):
        return printable_data(_data(page, decision))


def _data(page: PatientPage, decision: Decision) -> dict[str, Any]:
    case, title = decision.case, _("What the doctors decided together")
    released = page.released_at or decision.sign_off.signed_at
    signed = {"person": page.released_by.display_name, "day": day(released)}
    return {
        "lang": page.language.partition("-")[0],
        "title": f"{title} · {case.reference}",
        "author": case.team.hospital,
        "date": date_parts(released),
        "draft": "" if page.pk else _("PREVIEW"),
        "notices": [],
        "head": {
            "title": title,
            "subtitle": _("For %(patient)s") % {"patient": case.patient.name},
            "sender": [case.team.hospital, case.team.name],
        },
        "parts": [
            {"label": _("What was decided"), "lines": page.decided.splitlines()},
            {"label": _("What happens next"), "lines": page.next.splitlines()},
            {"label": _("Who to ask"), "lines": page.ask.splitlines()},
        ],
        "words": {
            "label": _("Words explained"),
            "rows": [
                {"label": word.name, "text": word.says}
                for word in explained("\n".join([page.decided, page.next, page.ask]), page.language)
            ],
        },
        "end": [
            _("You may ask about anything that is not clear, and you may decide otherwise: it is your treatment."),
            _("This page does not take the place of a talk with your doctor."),
            *([_("Read and released by %(person)s, %(day)s") % signed] if page.pk else []),
        ],
        "running": {
            "head": title,
            "side": case.reference,
            "foot": f"{case.reference} · {decision.version}.{page.number}",
            "pages": _("page {page} of {pages}"),
        },
    }
