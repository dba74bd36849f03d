"""What a button of the findings form, or of a note of the room, leaves in the draft: nothing is recorded by it."""

from django.http import QueryDict

from cases.forms.findings import FindingsForm
from cases.forms.page import entries_of
from cases.forms.report_file import with_text
from cases.forms.report_words import controls, filled, found_day
from cases.models import FindingDraft
from mdt.reading import STATED


def entries_after(form: FindingsForm, posted: QueryDict, draft: FindingDraft | None) -> dict[str, list[str]]:
    """The entries once the button is pressed. `draft`: what the person left in this form before."""
    return _below(form, draft) if "from_note" in posted else _with_choice(form, posted)


def _below(form: FindingsForm, draft: FindingDraft | None) -> dict[str, list[str]]:
    """The draft with words noted elsewhere below what stands in its report; the same lines once.

    Whole lines count: a note of one word is no part of a longer sentence that happens to hold it.
    """
    stood, text = dict(draft.entries) if draft else {}, form.report_as_typed()
    lines = "".join(stood.get("report_text", [])).splitlines()
    return stood if f"\n{text}\n" in "\n".join(["", *lines, ""]) else with_text(stood, text)


def _with_choice(form: FindingsForm, posted: QueryDict) -> dict[str, list[str]]:
    """The entries with one mention, or the day, taken over or put aside, as its button says."""
    entries = entries_of(posted)
    examined = found_day(form) if "take_day" in posted else None
    if examined and examined.on:
        entries["examined_on"] = [examined.on.isoformat()]
    for key, mention in form.mentions:
        if key == posted.get("take") and mention.certainty == STATED:
            entries = filled(entries, controls(form.facts[mention.fact], mention))
            entries["taken"] = [*entries.get("taken", []), key]
        elif key == posted.get("refuse"):
            entries["refused"] = [*entries.get("refused", []), key]
    return entries
