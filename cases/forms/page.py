"""What the page around the findings form needs: title, messages with their places, words for its script."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cases.forms.awaited import awaited_in
from cases.forms.findings import OF_THE_PAGE, FindingsForm
from cases.forms.liver_picker import drawn, lesions_of
from cases.forms.report_days import day_stated, described
from cases.forms.report_file import said_of
from cases.forms.standing import LOOKS, words
from classification.facts import SEGMENTS
from mdt.people.disciplines import Discipline
from mdt.people.models import User
from mdt.reading.files import KINDS, LARGEST_BYTES, TOO_LARGE
from mdt.reading.lengths import MM_PER_UNIT


def page_context(form: FindingsForm, person: User) -> dict[str, Any]:
    name = Discipline(form.discipline).label
    title = _("Correct findings: %(discipline)s") if form.corrects else _title_of(form.discipline)
    return {
        "form": form,
        "case": form.case,
        "discipline": form.discipline,
        "corrects": form.corrects,
        "title": title % {"discipline": name},
        "is_other_discipline": person.discipline != form.discipline,
        "problems": problems_of(form),
        "words": script_words(),
        "day_stated": day_stated(form),
        "open_items": form.open_items(),
        **awaited_in(form),
        "following": following(form),
    }


def _title_of(discipline: str) -> str:
    """Coordination examines nobody: it enters what others found."""
    if discipline == Discipline.COORDINATION:
        return _("What is known: %(discipline)s")
    return _("Findings: %(discipline)s")


def draft_context(form: FindingsForm) -> dict[str, Any]:
    """What changes on the page while somebody types."""
    lesions = lesions_of(form)
    return {
        "case": form.case,
        "open_items": form.open_items(),
        **awaited_in(form),
        "following": following(form),
        "days": described(form),
        "day_stated": day_stated(form),
        "has_lesions": lesions is not None,
        "derived": form.surroundings.derived(form.provisional_facts()) if lesions else "",
        "drawn": drawn(form, lesions) if lesions else None,
    }


def following(form: FindingsForm) -> str:
    """What follows by itself, for the script: fact → value and reason, shown in its field as long as that is empty."""
    return json.dumps(form.surroundings.following(form.provisional_facts()), ensure_ascii=False)


def problems_of(form: FindingsForm) -> list[dict[str, str]]:
    """The messages beside fields once more, each with the place to jump to."""
    return [
        {"id": place_of(form, name), "label": form.fields[name].label, "message": " ".join(errors)}
        for name, errors in form.errors.items()
        if name in form.fields
    ]


def place_of(form: FindingsForm, name: str) -> str:
    """Id of the first control of a field."""
    field = form.facts.get(name)
    if field is None:
        return f"id_{name}"
    if field.kind in ("choice", "set"):
        return f"{name}-1"
    return f"{name}-{field.fact.values[0]}" if field.kind == "sites" else name


def entries_of(posted: QueryDict) -> dict[str, list[str]]:
    """What was typed, as the draft keeps it; empty controls left out, and NUL, which PostgreSQL cannot store."""
    return {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in values]
        for name, values in posted.lists()
        if name not in OF_THE_PAGE | {"based_on"} and any(values)
    }


def with_lesion_in(form: FindingsForm, entries: dict[str, list[str]], segment: str) -> dict[str, list[str]]:
    """The entries and one lesion more, of which only the segment is stated: what a button of the picture asks for."""
    field = lesions_of(form)
    if field is None or segment not in SEGMENTS:
        return entries
    taken = [int(found[1]) for name in entries if (found := re.match(rf"{field.fact.name}-(\d+)-", name))]
    return {**entries, f"{field.fact.name}-{max(taken, default=0) + 1}-segments": [segment]}


def script_words() -> str:
    """What static/js/findings.js says in the reader's language, and the looks it may give a badge."""
    said: Mapping[str, Any] = {
        **words(),
        "or": _(" or "),
        "range": _("%(low)s to %(high)s"),
        "least": _("At least %(low)s"),
        "most": _("At most %(high)s"),
        "unclear": _("Not understood"),
        "added": _("Lesion %(n)s added"),
        "removed": _("Lesion %(n)s removed"),
        "taken": _("Taken over"),
        "changed": _("Changed by hand"),
        "says": _("%(fact)s: %(value)s"),
        "refused": _("Put aside"),
        "back": _("Take back"),
        "takenTogether": _("Taken over together: %(number)s"),
        "takeAll": _("Take over all %(number)s that contradict nothing"),
        "takeAllAndDay": _("Take over all %(number)s that contradict nothing, and the date"),
        "lookFirst": _("Look through the list first: %(number)s not seen yet"),
        "semicolon": _("; "),
        "takeOver": _("Take over"),
        "takeThis": _("Take over: %(label)s"),
        "notThis": _("Not this: %(label)s"),
        "notText": _(
            "Nothing was taken: only PDF, Word (DOCX) and text files of up to 100,000 characters can be read here."
        ),
        "notNow": _("Nothing was taken: the file did not get through. Try again, or paste the text."),
        "whyNotRead": {
            401: _("Nothing was taken: you are signed out. Sign in again in another tab, then choose the file again."),
            403: _("Nothing was taken: you may not record here any more. Copy what you typed before you leave."),
            404: _("Nothing was taken: you may not record here any more. Copy what you typed before you leave."),
            413: said_of(TOO_LARGE),
            429: _("Nothing was taken: too many files in a short time. Wait ten minutes, or paste the text."),
        },
        "reading": _("Reading the file…"),
        "tooLarge": said_of(TOO_LARGE),
        "largest": LARGEST_BYTES,
        "fileKinds": KINDS,
        "undone": _("Undone: %(field)s"),
        "nothingToUndo": _("Nothing to undo"),
        "noLast": _("The case has no earlier value for this"),
        "unsaved": _("Draft not saved: no connection"),
        "signedOut": _("Draft not saved: sign in again in another tab, then type on"),
        "looks": LOOKS,
        "lengths": MM_PER_UNIT,
    }
    return json.dumps(said, ensure_ascii=False)
