"""Which facts of the form are of which day: a text of several examinations makes a finding for each of their days.

A fact that was taken over is of the day of the part of the text in which its words stand. A list with entries of
several days is recorded whole, with the newest of them. Everything else is of the day in the date box: what was typed,
and what stands in a part that says no day. What the patient says is of the day of the conversation. A correction is one
finding of one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.report_lost import lost_words
from cases.forms.report_words import found_day, stands
from mdt.people.joining import listed, sentences
from mdt.people.templatetags.looks import day
from mdt.reading import CONVERSATION, STATED, Mention, Part
from mdt.reading.mention import PARTS

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm

SAID_BY_PATIENT = "patient"
"""The group of facts that are heard in a conversation, and found by no examination."""
KINDS = {
    CONVERSATION: gettext_lazy("conversation"),
    "eus": gettext_lazy("endoscopic ultrasound"),
    "endoscopy": gettext_lazy("endoscopy"),
    "laparoscopy": gettext_lazy("laparoscopy"),
    "pet": "PET",
    "ct": "CT",
    "mri": "MRI",
    "ultrasound": gettext_lazy("ultrasound"),
    "xray": gettext_lazy("X-ray or bone scan"),
    "pathology": gettext_lazy("pathology"),
    "laboratory": gettext_lazy("laboratory"),
    "operation": gettext_lazy("operation"),
}


@dataclass
class OfOneDay:
    """What makes one finding. `on` None: the day in the date box."""

    on: date | None
    facts: dict[str, Any] = field(default_factory=dict)
    quoted: list[Mention] = field(default_factory=list)
    impression: str = ""

    def add(self, name: str, value: Any, quoted: list[Mention]) -> None:
        joins = name in PARTS and isinstance(value, list) and isinstance(self.facts.get(name), list)
        self.facts[name] = [*self.facts[name], *value] if joins else value
        self.quoted += quoted


def has_several(form: FindingsForm) -> bool:
    """Whether the facts found in the text are of more days than the one that the form asks for."""
    days = {mention.of.on for _key, mention in form.mentions if mention.certainty == STATED}
    examined = found_day(form)
    return len(days) > 1 or (days not in (set(), {None}) and (examined is None or examined.on not in days))


def in_words(part: Part) -> str:
    """The day and the kind of an examination: "Tue 3 Nov 2026 · endoscopy"; without a day, how the text names it."""
    if part.title and not part.may_be_two:
        has_figures = any(character.isdigit() for character in part.title)
        said = _("date not understood: %(heading)s") if has_figures else _("no date in the text: %(heading)s")
        return said % {"heading": part.title}
    said = _("may be two days") if part.may_be_two else _("no date in the text")
    return " · ".join(filter(None, [day(part.on) if part.on else said, str(KINDS.get(part.kind, ""))]))


def by_day(form: FindingsForm, stated: dict[str, Any]) -> list[OfOneDay]:
    """The facts by their day, the box first; nothing that was stated is left out."""
    said_on = None if form.corrects else form.day_of_conversation()
    taken = _taken(form) if form.chosen("taken") else {}
    splits = bool(taken) and form.corrects is None and has_several(form)
    days: dict[date | None, OfOneDay] = {}
    for name, value in stated.items():
        if form.pathway.facts[name].group == SAID_BY_PATIENT and said_on:
            shares = [(said_on, value, _behind(form, taken.get(name, []), value))]
        elif splits:
            shares = _shares(form, value, taken.get(name, []))
        else:
            shares = [(None, value, _behind(form, taken.get(name, []), value))]
        for on, share, quoted in shares:
            days.setdefault(on, OfOneDay(on)).add(name, share, quoted)
    return sorted(days.values(), key=lambda each: each.on or date.min)


def _taken(form: FindingsForm) -> dict[str, list[Mention]]:
    """What was taken over, by fact."""
    keys, found = set(form.chosen("taken")), {}
    for key, mention in form.mentions:
        if key in keys and mention.certainty == STATED:
            found.setdefault(mention.fact, []).append(mention)
    return found


def _behind(form: FindingsForm, taken: list[Mention], value: Any) -> list[Mention]:
    return [mention for mention in taken if stands(form.pathway.facts, mention, value)]


def _shares(form: FindingsForm, value: Any, taken: list[Mention]) -> Iterator[tuple[date | None, Any, list[Mention]]]:
    """One fact with its day, or each of its days, and the words behind it.

    A list is never cut: each finding's list counts as the whole list, so its parts would replace one another. A value
    that was changed after it was taken over keeps the day, as long as there is one only, and loses the words.
    """
    behind, days = _behind(form, taken, value), {mention.of.on for mention in taken}
    if taken and taken[0].fact in PARTS and isinstance(value, list) and value:
        yield _day_of_list(form, value, taken, behind), value, behind
        return
    if not behind:
        yield (next(iter(days)) if len(days) == 1 else None), value, []
    for on in dict.fromkeys(mention.of.on for mention in behind):
        yield on, value, [mention for mention in behind if mention.of.on == on]


def _day_of_list(form: FindingsForm, value: list, taken: list[Mention], behind: list[Mention]) -> date | None:
    """The newest day of its entries: only on that day were all of them known. None: the day in the date box, which is
    that of entries typed by hand, and has to be asked for where it is empty."""
    loose, changed = _without_words(form, value, taken)
    days = {mention.of.on for mention in (*behind, *(changed if loose else ()))}
    if None not in days and loose <= len(changed):
        return max(days)
    known, box = days - {None}, day_stated(form)
    return max(known) if known and box and max(known) > box else None


def _without_words(form: FindingsForm, value: list, taken: list[Mention]) -> tuple[int, list[Mention]]:
    """How many entries of a list are none that was taken over, and what was taken that is no entry: changed since, or
    removed. More of the former are typed by hand."""
    loose, changed = list(value), []
    for mention in sorted(taken, key=lambda each: -len(each.value) if isinstance(each.value, dict) else 0):
        entry = next((each for each in loose if stands(form.pathway.facts, mention, [each])), None)
        if entry is not None:
            loose.remove(entry)
        elif not stands(form.pathway.facts, mention, value):  # an entry may be said of two days
            changed.append(mention)
    return len(loose), changed


def with_the_box(days: list[OfOneDay], box: date | None, impression: str) -> list[OfOneDay]:
    """The findings to record: the box has its day, and the impression goes with it."""
    found: dict[date | None, OfOneDay] = {}
    if impression or not days:
        found[box] = OfOneDay(box, impression=impression)
    for each in days:
        on = each.on or box
        of_day = found.setdefault(on, OfOneDay(on))
        for name, value in each.facts.items():
            of_day.add(name, value, [mention for mention in each.quoted if mention.fact == name])
    return sorted(found.values(), key=lambda each: each.on)


def problems(form: FindingsForm, stated: dict[str, Any]) -> Iterator[tuple[str | None, str]]:
    """What has to be asked before anything is recorded: field, None for the whole form, and message."""
    yield from lost_words(form, stated)
    days = by_day(form, stated)
    box = next((each for each in days if each.on is None), None)
    on = form.cleaned_data.get("examined_on")
    if on is None and "examined_on" not in form.errors and (box or not days or form.cleaned_data.get("impression")):
        yield "examined_on", _asked(form, days, box)
    if box and on and not form.corrects and any(_is_said(form, name) for name in box.facts):
        part = next((each for each in _examinations(form) if each.on == on), None)
        if part is not None:
            words = _("%(examination)s is in the text as an examination. On which day did the patient say this?")
            yield "said_on", words % {"examination": in_words(part)}
    staged = form.found_at() if "restaging" in form.cleaned_data else None
    of_days = [on for each in days for on in (each.on, *_days_behind(each))] if staged and not form.corrects else []
    early = [on for on in of_days if on and on < staged.started_on]
    if early:
        words = _(
            "Facts of %(day)s are from before this restaging began. Put them aside, and record them by themselves."
        )
        yield "restaging", words % {"day": day(early[0])}


def _asked(form: FindingsForm, days: list[OfOneDay], box: OfOneDay | None) -> str:
    if len(days) < 2 and (box or not days):
        return str(form.fields["examined_on"].error_messages["required"])
    names = [str(form.facts[name].label) for name in (box.facts if box else ())]
    if form.cleaned_data.get("impression"):
        names.append(str(form.fields["impression"].label))
    return _("The text gives no date for: %(facts)s. Give the date.") % {"facts": _("; ").join(names)}


def _is_said(form: FindingsForm, name: str) -> bool:
    return form.pathway.facts[name].group == SAID_BY_PATIENT


def asks_conversation(form: FindingsForm) -> bool:
    """Whether the day of the conversation has a box of its own: where the patient is heard beside other facts."""
    if form.corrects:
        return False
    own = {section.id for section in form.pathway.groups_for(form.discipline)}
    is_typed = any(_is_said(form, name) and not form.typed(name).is_empty for name in form.facts)
    is_asked = (SAID_BY_PATIENT in own and len(own) > 1) or is_typed
    return is_asked or bool(form["said_on"].value()) or (form.is_bound and "said_on" in form.errors)


def _examinations(form: FindingsForm) -> Iterator[Part]:
    """Every examination of the text with a day, whether a fact was found in it or not."""
    yield from (part for part in form.text_parts if part.on and part.kind != CONVERSATION)
    examined = found_day(form)
    if examined and examined.on:
        yield Part(on=examined.on)


def described(form: FindingsForm) -> list[dict[str, Any]]:
    """For the page: the findings that what stands in the form would make; empty where it is one."""
    days = by_day(form, form.provisional_facts())
    if len(days) < 2 and not any(each.on for each in days):
        return []
    kinds = {mention.of.on: mention.of for _key, mention in form.mentions if mention.of.on}
    return [
        {
            "when": in_words(kinds.get(each.on, Part(on=each.on))) if each.on else "",
            "facts": _("; ").join(_with_days(form, each, name) for name in each.facts),
        }
        for each in days
    ]


def _with_days(form: FindingsForm, finding: OfOneDay, name: str) -> str:
    """The fact as the page names it; a list of several days with all of them, for it is recorded whole."""
    label = str(form.facts[name].label)
    days = sorted(_days_behind(finding, name))
    if name not in PARTS or not any(on != finding.on for on in days) or (finding.on is None and len(days) < 2):
        return label
    said = {"fact": label, "days": listed([day(on) for on in days])}
    return _("%(fact)s, the whole list (with entries of %(days)s)") % said


def _days_behind(finding: OfOneDay, name: str = "") -> set[date]:
    """The days of the words behind a finding's facts, or behind one of them."""
    return {each.of.on for each in finding.quoted if each.of.on and name in ("", each.fact)}


def recorded(form: FindingsForm, days: list[OfOneDay]) -> str:
    """What is said after recording: what one finding states and its day, or the days of several."""
    if len(days) < 2:
        labels = [str(form.facts[name].label) for each in days for name in each.facts]
        return sentences([_("The findings are recorded."), *(_of_day(each.on, labels) for each in days)])
    said = _("; ").join(day(each.on) for each in days)
    return _("Recorded as %(count)s findings, each with its own date: %(days)s.") % {"count": len(days), "days": said}


NAMED = 4
"""So many facts are named after recording; who recorded more is told how many more."""


def _of_day(on: date | None, labels: list[str]) -> str:
    """Under which day it was recorded, and what."""
    if not labels:
        return _("Dated %(day)s.") % {"day": day(on)}
    said = {"day": day(on), "facts": listed(labels[:NAMED]), "more": len(labels) - NAMED}
    if len(labels) > NAMED:
        return _("Dated %(day)s: %(facts)s and %(more)s more.") % said
    return _("Dated %(day)s: %(facts)s.") % said


def day_stated(form: FindingsForm) -> date | None:
    """The day that stands in the date box now; None where there is none, or no day."""
    try:
        return form.fields["examined_on"].clean(form["examined_on"].value())
    except ValidationError:
        return None
