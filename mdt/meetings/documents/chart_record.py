"""The record of a consultation for the patient's chart (会诊记录单): one version of one decision as plain data.

Its fields are those that a hospital's consultation record usually has; their arrangement is this house's own.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.meetings.documents import basis, decision_parts
from mdt.meetings.documents.decision_parts import labelled
from mdt.meetings.documents.desk_parts import notes_among, opinion_words, spoken_lines, stands_of
from mdt.meetings.documents.outcome_letter import frame
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import clock, described, headline, listed, sentence, type_line
from mdt.meetings.models import Decision, Told
from mdt.people.models import User
from mdt.people.templatetags.looks import day, discipline_label


def record_data(decision: Decision, language: str) -> dict[str, Any]:
    """Everything that the record prints. `decision` comes from `decision_parts.with_parts`."""
    with override(language):
        return printable_data({**frame(decision, language, _("Tumour board consultation record")), **_body(decision)})


def _body(decision: Decision) -> dict[str, Any]:
    case, presented = decision.case, decision_parts.case_as_presented(decision)
    return {
        "identity": _identity(decision, presented),
        "people": {
            "label": _("Who took part"),
            "head": [_("Name"), _("Title"), _("Discipline"), _("How"), _("Signature")],
            "rows": _people(decision),
            "none": _("Nobody was marked as present."),
        },
        "history": {"label": _("Summary of the history"), "text": case.summary, "rows": _findings(decision)},
        "purpose": {"label": _("Purpose of the consultation"), "text": presented["question"]},
        "discussion": {"label": _("Opinions in the discussion"), "lines": list(_discussion(decision))},
        "conclusion": {
            "label": _("Conclusion of the consultation"),
            "headline": headline(decision),
            "lines": [line for line in [_reason(decision), type_line(decision)] if line],
            "options": decision_parts.options(decision),
            "details": decision_parts.wishes(decision, with_discussion=False),
        },
        "steps": {
            "label": _("Further arrangements"),
            "head": [_("Next step"), _("Owner"), _("By")],
            "rows": decision_parts.steps(decision),
            "none": _("No next step was agreed."),
        },
        "told": _told(decision),
        "signatures": _signatures(decision),
        "end": [
            _("The arrangement of this form is the system's own; its fields are those of a consultation record."),
            _("A proposal by rules supports, and does not replace, the decision of the meeting."),
        ],
    }


def _identity(decision: Decision, presented: dict[str, str]) -> list[list[str]]:
    case, meeting, patient = decision.case, decision.meeting, decision.case.patient
    held = _("%(day)s, %(time)s") % {"day": day(meeting.local_start), "time": clock(meeting.starts_at)}
    place = listed([meeting.place, _("and by video") if meeting.video_url else ""], " ") or _("not stated")
    return [
        [_("Patient"), patient.name, _("Sex, birth"), described([patient.get_sex_display(), day(patient.born_on)])],
        [_("Hospital number"), patient.hospital_number, _("Case number"), case.reference],
        [_("Time of the consultation"), held, _("Place"), place],
        [
            _("Chair"),
            meeting.chair.display_name if meeting.chair else _("not stated"),
            _("Asked for by"),
            described([presented["referrer"], day(case.referred_on)]),
        ],
    ]


def _people(decision: Decision) -> list[list[str]]:
    """Who was present for this case, with title and discipline, and a place for the signature by hand."""
    people = User.objects.in_bulk([entry["person"] for entry in decision.present])
    rows = []
    for entry in decision.present:
        person = people.get(entry["person"])
        title = person.title if person else ""
        name = entry["name"].removeprefix(title).strip() if title else entry["name"]
        ways = [_("chair") if entry.get("is_chair") else "", _("by video") if entry.get("is_remote") else ""]
        rows.append([name, title, discipline_label(entry.get("discipline")), listed(ways) or _("in the room"), " "])
    return rows


def _findings(decision: Decision) -> list[dict[str, Any]]:
    return basis.rows(decision.proposal) if decision.proposal else []


def _discussion(decision: Decision) -> Iterator[dict[str, str]]:
    """What each discipline said; whoever was present and committed nothing is named as such, never guessed at."""
    pathway, spoken = decision.case.pathway, set()
    for stand in stands_of(decision):
        spoken.add(stand.discipline)
        words = listed((opinion_words(one, pathway) for one in (*stand.before, *stand.after)), _("; "))
        yield labelled(_("%(discipline)s:") % {"discipline": discipline_label(stand.discipline)}, sentence(words))
    spoken.update(note.discipline for note in notes_among(decision.agenda_item.spoken.all()) if not note.is_taken_back)
    for line in spoken_lines(decision):
        yield labelled(_("Said in the room:"), line)
    dissents = decision_parts.dissent_lines(decision)
    if dissents:
        yield labelled(_("Dissent:"), "\n".join(dissents))
    if decision.rationale:
        yield labelled(_("Discussion:"), sentence(decision.rationale))
    present = dict.fromkeys(entry["discipline"] for entry in decision.present if entry.get("discipline"))
    silent = [code for code in present if code not in spoken]
    if silent:
        names = listed(discipline_label(code) for code in silent)
        yield labelled(_("Present, no opinion recorded apart:"), sentence(names))


def _reason(decision: Decision) -> str:
    return sentence(decision.reason_text) if decision.verdict == Decision.Verdict.DEFERRED else ""


def _told(decision: Decision) -> dict[str, str]:
    told = decision.told.filter(whom=Told.Whom.PATIENT).select_related("told_by").order_by("id").first()
    words = _("not noted")
    if told is not None:
        words = _("%(day)s, by %(person)s") % {"day": day(told.told_on), "person": told.told_by.display_name}
    return labelled(_("Patient informed:"), words)


def _signatures(decision: Decision) -> list[dict[str, str]]:
    """Who signed in the system, with a line for the hand."""
    signed = decision.sign_off if decision.is_signed else None
    return [
        {
            "role": _("Chair"),
            "name": signed.signed_by.display_name if signed else _("not signed"),
            "when": day(signed.signed_at, "time") if signed else "",
        },
        {
            "role": _("Recorded by"),
            "name": decision.recorded_by.display_name,
            "when": day(decision.recorded_at, "time"),
        },
    ]
