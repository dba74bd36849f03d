"""What the agenda prints: each case in its order with its question, its minutes, what is missing and who is needed.

Nothing of a proposal is printed, so that sealed cases may stand on it; what an open proposal asks for is told by
discipline, as on the page of the meeting.
"""

from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.meetings.calendar.coming import open_proposals
from mdt.meetings.chasing.needs import labels, needed
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import clock, date_parts, listed
from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.quorum import needed_for
from mdt.people.models import User
from mdt.people.templatetags.looks import day, discipline_label

TEMPLATE = Path(__file__).parent / "templates" / "agenda.typ"


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """What is printed, in order: without what was taken off, and without cases whose data may only be stored."""
    items = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).exclude(case__in=Case.objects.restricted())
    return list(items.select_related("case__patient", "case__team", "meeting", "reveal").order_by("position", "id"))


def contents_of(meeting: Meeting, items: list[AgendaItem]) -> dict[str, Any]:
    """All that is said, in the active language; the same for whoever prints it."""
    proposals = open_proposals(items)
    minutes = sum(item.planned_minutes for item in items if item.lane == AgendaItem.Lane.DISCUSS)
    title = _("Agenda of the tumour board")
    return {
        "lang": (get_language() or "en").partition("-")[0],
        "title": f"{title} · {meeting.reference}",
        "author": meeting.team.hospital,
        "draft": "",
        "notices": _notices(meeting),
        "head": {
            "title": title,
            "subtitle": _("Meeting %(meeting)s of %(day)s, %(time)s")
            % {"meeting": meeting.reference, "day": day(meeting.starts_at, "long"), "time": clock(meeting.starts_at)},
            "sender": [meeting.team.hospital, meeting.team.name],
        },
        "identity": [
            [
                _("Place"),
                listed([meeting.place, _("and by video") if meeting.video_url else ""], " ") or _("not stated"),
                _("Chair"),
                meeting.chair.display_name if meeting.chair else _("not stated"),
            ],
            [
                _("Cut-off"),
                day(meeting.cut_off_at, "time"),
                _("Planned"),
                _("%(planned)d of %(available)d minutes")
                % {"planned": minutes, "available": meeting.minutes_available},
            ],
        ],
        "agenda": {
            "head": [_("No."), _("Patient"), _("Question"), _("Min"), _("Still missing"), _("Who is needed")],
            "rows": [_row(number, item, proposals) for number, item in enumerate(items, start=1)],
            "none": _("No case was listed."),
        },
    }


def sheet_data(meeting: Meeting, contents: dict[str, Any], *, by: User, digest: str) -> dict[str, Any]:
    """The contents in their frame: who printed them and when. `digest` is that of the contents."""
    now = timezone.now()
    printed = _("printed by %(person)s, %(when)s") % {"person": by.display_name, "when": day(now, "time")}
    foot = [meeting.reference, printed, _("content %(digest)s") % {"digest": digest[:8]}]
    running = {
        "head": contents["title"],
        "side": day(meeting.starts_at, "long"),
        "foot": " · ".join(foot),
        "pages": _("page {page} of {pages}"),
    }
    return printable_data({**contents, "date": date_parts(now), "running": running})


def _notices(meeting: Meeting) -> list[str]:
    notices = [_("This meeting was cancelled.")] if meeting.state == Meeting.State.CANCELLED else []
    left_out = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).filter(case__in=Case.objects.restricted())
    for reference in left_out.order_by("position", "id").values_list("case__reference", flat=True):
        notices.append(_("%(case)s is left out: its data may only be stored.") % {"case": reference})
    return notices


def _row(number: int, item: AgendaItem, proposals: dict[int, Any]) -> list[str]:
    case, patient = item.case, item.case.patient
    who = _("%(name)s, %(sex)s, %(age)s years") % {
        "name": patient.name,
        "sex": patient.get_sex_display(),
        "age": patient.age,
    }
    is_discussed = item.lane == AgendaItem.Lane.DISCUSS
    asked = needed_for(case, proposals.get(case.pk)) if is_discussed else ()
    return [
        str(number),
        f"{who}\n{case.reference} · {patient.hospital_number}",
        case.question,
        str(item.planned_minutes) if is_discussed else "",
        _missing(case),
        listed(discipline_label(code) for code in asked) if asked else _("standard of care: listed, not discussed"),
    ]


def _missing(case: Case) -> str:
    """Which items, and whom to ask; a disputed case says so."""
    parts = [
        _("%(owner)s: %(facts)s")
        % {"owner": discipline_label(owner), "facts": listed(labels(case, facts, get_language() or "en"))}
        for owner, facts in needed(case).items()
    ]
    if case.is_disputed:
        parts.append(_("statements contradict each other"))
    return "\n".join(parts) or pgettext("of facts that are missing", "nothing")
