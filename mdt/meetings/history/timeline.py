"""Everything that meetings did with a case, and what came of it, in one timeline."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.course_page import says
from cases.models import Case, Proposal
from cases.patient_history import corrections_of
from mdt.meetings.decision_page import changes_between
from mdt.meetings.documents.desk_parts import spoken_words
from mdt.meetings.documents.wording import headline, type_words
from mdt.meetings.history.entries import Entry, added
from mdt.meetings.models import AgendaItem, Decision, Opinion, Release, Spoken, StepMark, Told
from mdt.people.joining import listed
from mdt.people.templatetags.looks import day

ICONS = {
    "meeting": "people",
    "left": "arrow-right-circle",
    "proposal": "diagram-3",
    "opinion": "chat-left-text",
    "decision": "check2-square",
    "amendment": "pencil-square",
    "signature": "lock-fill",
    "release": "send",
    "told": "person-check",
    "step": "list-check",
    "report": "clipboard2-pulse",
    "restaging": "arrow-repeat",
    "referral": "inbox",
    "correction": "pencil-square",
}


def timeline_of(case: Case) -> list[dict]:
    """Entries with their icons, the newest first."""
    entries = [
        *_referral(case),
        *_corrections(case),
        *_meetings(case),
        *_opinions(case),
        *_spoken(case),
        *_decisions(case),
        *_releases(case),
        *_steps(case),
        *_proposals(case),
        *added(case),
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return [{"entry": entry, "icon": ICONS.get(entry.kind, "dot")} for entry in entries]


def _referral(case: Case) -> Iterator[Entry]:
    yield Entry(case.created_at, "referral", _("Referred"), case.question, _referred_by(case))
    for restaging in case.restagings.select_related("opened_by"):
        title = _("Restaging %(number)s, from %(day)s") % {
            "number": restaging.number,
            "day": day(restaging.started_on),
        }
        yield Entry(restaging.opened_at, "restaging", title, restaging.reason, str(restaging.opened_by))


def _referred_by(case: Case) -> str:
    """The doctor who asks and, where that is somebody else, who typed it in."""
    typed_by = str(case.referred_by)
    if case.referrer in ("", typed_by):
        return typed_by
    return _("referring doctor %(doctor)s, entered by %(person)s") % {"doctor": case.referrer, "person": typed_by}


def _corrections(case: Case) -> Iterator[Entry]:
    """Of the patient's details, also those that were made on the page of another case."""
    for each in corrections_of(case.patient):
        row = each.correction
        title = _("Patient's details corrected")
        text = _("%(changes)s. Reason: %(reason)s") % {"changes": each.text, "reason": each.reason}
        yield Entry(row.corrected_at, "correction", title, text, str(row.corrected_by))


def _meetings(case: Case) -> Iterator[Entry]:
    rows = case.agenda_items.select_related("meeting__team", "moved_to__meeting__team", "added_by")
    for item in rows:
        meeting = item.meeting
        words = {"meeting": meeting.reference, "day": day(meeting.local_start)}
        yield Entry(
            item.added_at,
            "meeting",
            _("On the agenda of %(meeting)s, %(day)s") % words,
            item.late_reason,
            str(item.added_by),
            meeting.get_absolute_url(),
            item.pk,
        )
        if item.state == AgendaItem.State.REMOVED:
            moved = item.moved_to
            text = _("%(reason)s; goes to %(meeting)s") % {
                "reason": item.removed_reason,
                "meeting": moved.meeting.reference if moved else "",
            }
            yield Entry(
                meeting.finish.finished_at if hasattr(meeting, "finish") and item.left_because else meeting.starts_at,
                "left",
                _("Not discussed in %(meeting)s") % words,
                text if moved and item.left_because else item.removed_reason,
            )


def _opinions(case: Case) -> Iterator[Entry]:
    """What members committed, once the table has seen it."""
    rows = Opinion.objects.filter(item__case=case).select_related("person", "item__meeting__team", "item__reveal")
    for row in rows:
        if row.item.is_sealed:
            continue
        said = type_words(row.category, case.pathway) if row.category else _("cannot say")
        title = _("Opinion in %(meeting)s") % {"meeting": row.item.meeting.reference}
        yield Entry(row.committed_at, "opinion", title, _("; ").join(filter(None, [said, row.text])), str(row.person))


def _sealed_meetings(case: Case) -> set[int]:
    """Meetings at which the case is sealed: a note from before it was taken off and listed again is so too."""
    items = AgendaItem.objects.filter(case=case).select_related("meeting", "reveal")
    return {item.meeting_id for item in items if item.is_sealed}


def _spoken(case: Case) -> Iterator[Entry]:
    """What was noted as said in the room, once the table has seen everything."""
    rows = Spoken.objects.filter(item__case=case, takes_back__isnull=True).select_related(
        "person", "noted_by", "taken_back_by__noted_by", "item__meeting"
    )
    sealed = _sealed_meetings(case) if rows else set()
    for row in rows:
        if row.item.meeting_id in sealed:
            continue
        title = _("Said in %(meeting)s") % {"meeting": row.item.meeting.reference}
        yield Entry(row.noted_at, "opinion", title, spoken_words(row), str(row.noted_by))


def _decisions(case: Case) -> Iterator[Entry]:
    """Every version with what it changed in the one before, and its signature."""
    earlier: dict[int, Decision] = {}
    for decision in Decision.objects.filter(case=case).complete().order_by("agenda_item", "version"):
        meeting = decision.meeting
        url = reverse("decision", args=[meeting.reference, case.reference, decision.version])
        words = {"version": decision.version, "meeting": meeting.reference}
        before = earlier.get(decision.agenda_item_id)
        text = [headline(decision)]
        if decision.category:
            text.insert(0, type_words(decision.category, case.pathway))
        if decision.amendment_reason:
            changed = listed(change["label"] for change in changes_between(before, decision))
            text.append(_("%(reason)s (changed: %(lines)s)") % {"reason": decision.amendment_reason, "lines": changed})
        title = (
            _("Amended in %(meeting)s, version %(version)d")
            if decision.amendment_reason
            else _("Decided in %(meeting)s, version %(version)d")
        )
        yield Entry(
            decision.recorded_at,
            "amendment" if decision.amendment_reason else "decision",
            title % words,
            _("; ").join(text),
            str(decision.recorded_by),
            url,
            decision.agenda_item_id,
        )
        for dissent in decision.dissents.all():
            yield Entry(
                decision.recorded_at,
                "opinion",
                _("Dissent in %(meeting)s") % words,
                dissent.reason,
                str(dissent.person),
            )
        if decision.is_signed:
            yield Entry(
                decision.sign_off.signed_at,
                "signature",
                _("Signed: %(meeting)s, version %(version)d") % words,
                who=str(decision.sign_off.signed_by),
                url=url,
            )
        earlier[decision.agenda_item_id] = decision


def _releases(case: Case) -> Iterator[Entry]:
    for row in Release.objects.filter(decision__case=case).select_related("decision__meeting__team", "released_by"):
        words = {"meeting": row.decision.meeting.reference, "version": row.decision.version}
        title = _("Outcome released: %(meeting)s, version %(version)d") % words
        yield Entry(row.released_at, "release", title, who=str(row.released_by))
    for told in Told.objects.filter(decision__case=case).select_related("told_by"):
        words = {"whom": told.get_whom_display(), "day": day(told.told_on)}
        yield Entry(told.recorded_at, "told", _("Told: %(whom)s, on %(day)s") % words, told.note, str(told.told_by))


def _steps(case: Case) -> Iterator[Entry]:
    for mark in StepMark.objects.filter(step__decision__case=case).select_related("step", "marked_by"):
        title = _("Next step done") if mark.is_done else _("Next step open again")
        text = _("; ").join(filter(None, [mark.step.what, mark.reason]))
        yield Entry(mark.marked_at, "step", title, text, str(mark.marked_by))


def _proposals(case: Case) -> Iterator[Entry]:
    """The proposals at which the answer of the leading scheme changed."""
    columns = ("number", "made_at", "types_possible", "types_provisional", "case_id")
    before = None
    for proposal in Proposal.objects.filter(case=case).only(*columns).order_by("number"):
        answer = says(case.pathway, proposal.types_possible.split(), proposal.types_provisional.split())
        if answer != before:
            url = reverse("proposal", args=[case.reference, proposal.number])
            title = _("Proposal %(number)s") % {"number": proposal.number}
            yield Entry(proposal.made_at, "proposal", title, answer, url=url)
        before = answer
