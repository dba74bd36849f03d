"""The parts of one decision that both the letter and the minutes print."""

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.alternatives import either
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings.documents.desk_parts import (
    checklist_line,
    condition_lines,
    opinions_line,
    rejected_line,
    voices,
)
from mdt.meetings.documents.wording import (
    attendee,
    capital,
    described,
    listed,
    option_words,
    person,
    sentence,
    type_words,
)
from mdt.meetings.models import Decision, Dissent, NextStep, Opinion, Spoken
from mdt.meetings.remarks import remarks_of
from mdt.meetings.shown import shown_by
from mdt.people.joining import sentences
from mdt.people.templatetags.looks import day, discipline_label

MOST_LEFT_OPEN = 6
# Ratings that make an option an alternative, in the order of the list; the pathway itself had put off the others.
ALTERNATIVES = ("recommended", "consider", "undetermined")
NONE_OF_THESE = "none_of_these"


def with_parts(decisions):
    """Decisions with all that is printed of them: a fixed number of queries."""
    return decisions.select_related(
        "case__patient",
        "case__team",
        "meeting__team",
        "meeting__chair",
        "agenda_item",
        "proposal",
        "responsible",
        "recorded_by",
        "sign_off__signed_by",
        "supersedes__sign_off",
        "superseded_by__sign_off",
    ).prefetch_related(
        "options",
        "rejected_options",
        "condition_rows",
        Prefetch("agenda_item__opinions", Opinion.objects.select_related("person")),
        Prefetch("agenda_item__spoken", Spoken.objects.select_related("person", "noted_by", "taken_back_by__noted_by")),
        Prefetch("dissents", Dissent.objects.select_related("person", "withdrawal")),
        Prefetch("next_steps", NextStep.objects.select_related("owner")),
    )


def case_as_presented(decision: Decision) -> dict[str, str]:
    """Question and referrer as they stood when the decision was recorded, even if the referral was changed since."""
    case = decision.case
    stood = {"question": case.question, "referrer": case.referrer}
    later = Event.objects.filter(
        case_reference=case.reference, kind=Kind.REFERRAL_CHANGED, at__gt=decision.recorded_at
    ).order_by("-number")
    for event in later:
        stood.update({name: value for name, value in event.data["before"].items() if name in stood})
    return stood


def patient_words(patient) -> str:
    """Name as typed, sex, date of birth."""
    return described([patient.name, patient.get_sex_display(), _("born %(day)s") % {"day": day(patient.born_on)}])


def options(decision: Decision) -> list[dict[str, str]]:
    """Chosen options in order: the wording shown, then in brackets the detail and how the pathway had rated it."""
    rows = []
    for option in decision.options.all():
        words = option_words(option)
        rated = ""
        if option.proposed_status:
            rated = _("pathway: %(status)s") % {"status": status_words(option.proposed_status)}
        detail = listed([option.detail if option.detail != words else "", rated], _("; "))
        rows.append({"text": words, "detail": _("(%(detail)s)") % {"detail": detail} if detail else ""})
    return rows


def status_words(status: str) -> str:
    return {
        "recommended": _("recommended"),
        "consider": _("to be considered"),
        "not_recommended": _("not recommended"),
        "contraindicated": _("contraindicated"),
        "undetermined": _("undetermined"),
    }.get(status, status)


def left_open(decision: Decision) -> str:
    """Options that the pathway had not ruled out and of which the meeting said nothing, with their rating.

    For the minutes only: whoever reads a letter would take them for options that the meeting turned down.
    """
    if decision.proposal is None or decision.verdict == Decision.Verdict.DEFERRED:
        return ""
    chosen = {option.option for option in decision.options.all()}
    rejected = {option.option for option in decision.rejected_options.all()}
    language = get_language()
    left = [
        (offered.label.get(language) or offered.label.get("en", ""), offered.status)
        for offered in shown_by(decision.proposal).options.values()
        if offered.id not in {*chosen, *rejected, NONE_OF_THESE} and offered.status in ALTERNATIVES
    ]
    left.sort(key=lambda entry: ALTERNATIVES.index(entry[1]))
    words = [
        _("%(option)s (pathway: %(status)s)") % {"option": label, "status": status_words(status)}
        for label, status in left[:MOST_LEFT_OPEN]
    ]
    if len(left) > MOST_LEFT_OPEN:
        words.append(_("%(count)d more") % {"count": len(left) - MOST_LEFT_OPEN})
    return sentence(listed(words, _("; ")))


def step_row(step: NextStep) -> list[str]:
    """What, who, by when."""
    return [step.what, person(step.owner), day(step.due_on)]


def steps(decision: Decision) -> list[list[str]]:
    return [step_row(step) for step in decision.next_steps.all()]


def proposal_line(decision: Decision) -> str:
    """How the decision stands to what the rules proposed, and why it departs."""
    if decision.proposal is None:
        return _("There was no proposal.")
    shown, pathway = shown_by(decision.proposal), decision.case.pathway
    possible = (type_words(category, pathway) for category in shown.possible)
    proposed = (
        type_words(shown.proposed, pathway) if shown.proposed else _("open: %(types)s") % {"types": either(possible)}
    )
    line = sentence(
        _("%(verdict)s; proposal %(number)d was %(proposed)s")
        % {
            "verdict": capital(decision.get_verdict_display()),
            "number": decision.proposal.number,
            "proposed": proposed,
        }
    )
    if decision.reason:
        why = sentence(
            _("Reason: %(reason)s. %(words)s")
            % {"reason": decision.get_reason_display(), "words": decision.reason_text}
        )
        line = sentences([line, why])
    return line


def dissent_lines(decision: Decision) -> list[str]:
    """Each dissent by name."""
    lines = []
    for dissent in decision.dissents.all():
        who = person(dissent.person)
        if dissent.category:
            lines.append(
                sentence(
                    _("%(person)s: %(type)s. %(reason)s")
                    % {
                        "person": who,
                        "type": type_words(dissent.category, decision.case.pathway),
                        "reason": dissent.reason,
                    }
                )
            )
        else:
            lines.append(sentence(_("%(person)s: %(reason)s") % {"person": who, "reason": dissent.reason}))
        if dissent.is_addendum:
            lines[-1] += _(" (Said after the signature.)")
        if dissent.is_withdrawn:
            lines[-1] += _(" (Taken back.)")
    return lines


def present_line(decision: Decision) -> str:
    if not decision.present:
        return _("Nobody was marked as present.")
    return sentence(listed((attendee(entry) for entry in decision.present), _("; ")))


def quorum_line(decision: Decision) -> str:
    if decision.is_quorate:
        return _("Met.")
    missing = listed(discipline_label(code) for code in decision.quorum_missing)
    line = (
        sentence(_("Not met, not marked as present: %(disciplines)s") % {"disciplines": missing})
        if missing
        else _("Not met.")
    )
    if minimum := minimum_words(decision):
        line = sentences([line, sentence(capital(minimum))])
    reason = _("Reason to go on: %(reason)s") % {"reason": decision.quorum_reason_words}
    return sentences([line, sentence(reason)]) if decision.quorum_reason else line


def minimum_words(decision: Decision) -> str:
    """`below the pathway's quorum, meets …`, as the rule was worded when it was decided; "" where there is nothing."""
    minimum = decision.quorum_basis.get("minimum")
    if not minimum or minimum["missing"]:
        return ""
    text = minimum["text"].get(get_language()) or minimum["text"]["en"]
    return _("below the pathway’s quorum, meets %(minimum)s") % {"minimum": text}


def labelled(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": text}


def agreement(decision: Decision) -> list[dict[str, str]]:
    """Proposal, dissent, presence and quorum, each under its name."""
    dissents = dissent_lines(decision)
    remarks = remarks_of(decision)
    opinions = opinions_line(decision)
    return [
        labelled(_("Proposal of the rules:"), proposal_line(decision)),
        *([labelled(_("Opinions by discipline:"), sentence(opinions))] if opinions else []),
        labelled(_("Dissent:"), "\n".join(dissents) if dissents else _("None was recorded.")),
        labelled(_("Present for this case:"), present_line(decision)),
        labelled(_("Quorum:"), quorum_line(decision)),
        *([labelled(_("Remarks:"), sentences(remarks))] if remarks else []),
    ]


def wishes(decision: Decision, *, with_discussion: bool = True) -> list[dict[str, str]]:
    """Conditions, rejected options, checklist, what patient and fitness ask for, and the discussion, if any."""
    lines = []
    conditions = list(condition_lines(decision))
    if conditions:
        lines.append(labelled(_("Conditions:"), "\n".join(conditions)))
    if rejected := rejected_line(decision):
        lines.append(labelled(_("Considered and rejected:"), sentence(rejected)))
    lines += [labelled(label, text) for label, text in voices(decision)]
    if decision.rationale and with_discussion:
        lines.append(labelled(_("Discussion:"), sentence(decision.rationale)))
    if checked := checklist_line(decision):
        lines.append(labelled(_("Checklist:"), sentence(checked)))
    return lines
