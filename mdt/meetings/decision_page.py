"""What the pages of a decision show: its content, its seal, and what changed from version to version."""

from itertools import pairwise

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.meetings.actions.signed_shapes import digest_of
from mdt.meetings.documents import desk_parts
from mdt.meetings.documents.details_then import corrected_notice
from mdt.meetings.models import AgendaItem, Decision
from mdt.meetings.outcome.release_page import outcome_context
from mdt.meetings.templatetags.meetings_display import category_name
from mdt.people.models import User
from mdt.people.permissions import Permission, can
from mdt.people.templatetags.looks import day, discipline_labels


def letters_of(decision: Decision) -> list[dict]:
    """Links to the outcome letter and the chart record of a signed version in every language."""
    place = [decision.meeting.reference, decision.case.reference, decision.version]
    return [
        {
            "language": language,
            "name": name,
            "url": reverse("decision-letter", args=[*place, language]),
            "record_url": reverse("decision-record-paper", args=[*place, language]),
        }
        for language, name in settings.LANGUAGES
    ]


def lines_of(decision: Decision) -> list[tuple[str, str]]:
    """The content as labelled lines of text, in the order of the page: what two versions are compared by."""
    reason, pathway = "", decision.case.pathway
    if decision.reason:
        words = {"reason": decision.get_reason_display(), "words": decision.reason_text}
        reason = _("%(reason)s: %(words)s") % words
    return [
        (_("Type"), category_name(decision.category, pathway) if decision.category else _("deferred")),
        (_("Against the proposal"), decision.get_verdict_display()),
        (_("Reason"), reason),
        (_("Options"), "\n".join(_option_line(row) for row in decision.options.all())),
        (_("Considered and rejected"), desk_parts.rejected_line(decision)),
        (_("Intent"), decision.get_intent_display()),
        (_("Patient’s wish"), decision.preference),
        (_("Comorbidity"), decision.comorbidity),
        (_("Comes back"), "\n".join(desk_parts.running_lines(decision))),
        (_("Checklist"), desk_parts.checklist_line(decision)),
        (_("Conditions"), decision.conditions),
        (_("Summary"), decision.rationale),
        (_("Responsible"), str(decision.responsible or "")),
        (_("Dissent"), "\n".join(_dissent_line(row, pathway) for row in decision.dissents.all())),
        (_("Next steps"), "\n".join(_step_line(row) for row in decision.next_steps.all())),
        (_("Present"), _(", ").join(entry["name"] for entry in decision.present)),
        (_("Quorum"), _quorum_line(decision)),
    ]


def _option_line(row) -> str:
    words = row.wording
    if row.detail and row.detail != words:
        words = _("%(option)s: %(detail)s") % {"option": words, "detail": row.detail}
    return f"{row.rank}. {words}"


def _dissent_line(row, pathway: str) -> str:
    words = {"person": row.person, "reason": row.reason}
    if not row.category:
        return _("%(person)s: %(reason)s") % words
    return _("%(person)s (%(type)s): %(reason)s") % {**words, "type": category_name(row.category, pathway)}


def _step_line(row) -> str:
    return f"{row.what} · {row.owner} · {day(row.due_on)}"


def _quorum_line(decision: Decision) -> str:
    if decision.is_quorate:
        return _("quorate")
    missing = discipline_labels(decision.quorum_missing)
    return _("not quorate, not marked as present: %(missing)s. %(reason)s") % {
        "missing": missing,
        "reason": decision.quorum_reason_words,
    }


def changes_between(earlier: Decision, later: Decision) -> list[dict]:
    """Only the lines that differ, with both wordings."""
    pairs = zip(lines_of(earlier), lines_of(later), strict=True)
    return [
        {"label": label, "before": before, "after": after}
        for (label, before), (_label, after) in pairs
        if before != after
    ]


def history_of(item: AgendaItem) -> list[dict]:
    """All versions on an agenda item, newest first, each with what it changed in the one before."""
    versions = list(item.decisions.complete().order_by("version"))
    changes = [[], *(changes_between(earlier, later) for earlier, later in pairwise(versions))]
    return [{"decision": decision, "changes": changed} for decision, changed in zip(versions, changes, strict=True)][
        ::-1
    ]


def decision_context(decision: Decision, user: User) -> dict:
    """One version with its history."""
    history = history_of(decision.agenda_item)
    newest = history[0]["decision"]
    return {
        "decision": decision,
        "meeting": decision.meeting,
        "history": history,
        "newest": newest,
        "is_newest": newest.pk == decision.pk,
        "is_intact": decision.is_signed and digest_of(decision) == decision.sign_off.digest,
        "letters": letters_of(decision) if decision.is_signed else [],
        "corrected_notice": corrected_notice(decision),
        **outcome_context(decision, newest, user),
        "can_amend": newest.was_signed
        and decision.case.is_open
        and can(user, Permission.DECISION_RECORD, decision.case.team_id),
    }


def decisions_of(case: Case, user: User) -> dict:
    """Every time the case was on an agenda, newest first, with the standing decision."""
    items = case.agenda_items.select_related("meeting__team", "added_by").order_by("-meeting__starts_at", "-id")
    standing = {
        decision.agenda_item_id: decision for decision in Decision.objects.filter(case=case).current().complete()
    }
    return {
        "entries": [
            {
                "item": item,
                "decision": standing.get(item.pk),
                "letters": letters_of(standing[item.pk]) if item.pk in standing and standing[item.pk].is_signed else [],
            }
            for item in items
        ]
    }
