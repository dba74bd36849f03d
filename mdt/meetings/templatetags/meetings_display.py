"""How decisions and agendas are worded in templates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Case
from cases.reasoning import category_label
from cases.templatetags.cases_display import type_mark, type_name
from mdt.meetings.against_pathway import Stand as StandToPathway
from mdt.meetings.against_pathway import stand_of as stand_to_pathway
from mdt.meetings.calendar import coming
from mdt.meetings.calendar.expected import Expected
from mdt.meetings.calendar.list_page import meter_of
from mdt.meetings.chasing import reminded
from mdt.meetings.chasing.reminded import Reminding
from mdt.meetings.conditions import conditions_of
from mdt.meetings.documents.decision_parts import minimum_words
from mdt.meetings.documents.desk_parts import checklist_line as checklist_words
from mdt.meetings.documents.desk_parts import notes_among, source_words, stands_of
from mdt.meetings.documents.wording import attendee, capital, listed, sentence, type_words
from mdt.meetings.models import AgendaItem, Decision, Meeting, Opinion, Spoken
from mdt.meetings.opinions import Stand
from mdt.meetings.remarks import remarks_of
from mdt.meetings.shown import NO_CATEGORY, Offered
from mdt.people.models import User
from mdt.people.permissions import Permission, can

register = template.Library()


@register.filter
def category_name(category: str, pathway: str = "") -> str:
    """`II` as the reader writes it; words where the meeting found that no category applies."""
    return _("no type applies") if category == NO_CATEGORY else type_name(category, pathway)


@register.filter
def attendees(present: Iterable[Mapping[str, Any]]) -> str:
    """Who was present, each with discipline and how, as the papers print it."""
    return listed((attendee(entry) for entry in present), _("; "))


@register.filter
def quorum_minimum(decision: Decision) -> str:
    """What a decision below the quorum still met, as a sentence, as the rule was worded then; "" for nothing."""
    return sentence(capital(minimum_words(decision)))


@register.filter
def remarks(decision: Decision) -> list[str]:
    """What was unusual about the recording and the signature, as sentences."""
    return remarks_of(decision)


@register.filter
def may_stand_in(people: Sequence[User], one: Expected) -> dict[str, list[User]]:
    """Who of the team may come instead: those of the same discipline, and the others."""
    return coming.may_stand_in(people, one)


@register.filter
def outcome(decision: Decision) -> str:
    """A decision in a few words: `Type II confirmed`, `Type III, other than proposed`, `deferred`."""
    pathway = decision.case.pathway
    # In full: "I confirmed" reads as if a person said it.
    mark = category_label(pathway, decision.category, get_language()) or category_name(decision.category, pathway)
    return {
        Decision.Verdict.CONFIRMED: _("%(type)s confirmed"),
        Decision.Verdict.CHANGED: _("%(type)s, other than proposed"),
        Decision.Verdict.SETTLED: _("%(type)s, settled by the meeting"),
        Decision.Verdict.DEFERRED: _("deferred"),
    }[decision.verdict] % {"type": mark}


@register.simple_tag
def stand_of(decision: Decision) -> StandToPathway:
    """What the pathway had proposed, what the meeting decided, and by which rules."""
    return stand_to_pathway(decision)


@register.filter
def type_list(categories: str) -> str:
    """The queue's column of categories, separated by spaces, as a phrase: `II, III`."""
    return _(", ").join(type_mark(category) for category in categories.split())


@register.filter
def offered_label(option: Offered) -> str:
    """The wording of an option in the reader's language."""
    return option.label.get(get_language()) or option.label["en"]


@register.filter
def offered_status(option: Offered) -> dict[str, object]:
    """What the badge of an option needs."""
    return {"status": option.status, "depends_on": option.depends_on}


@register.filter
def first_of(entries: Sequence[object], most: int) -> Sequence[object]:
    """The first entries of a list."""
    return entries[:most]


@register.filter
def closed_first(gates: Sequence[dict]) -> list[dict]:
    """Gates that are closed before those that still wait for a fact: where only some are shown, these are."""
    return sorted(gates, key=lambda gate: gate.get("state") == "waiting")


@register.filter
def time_span(meeting: Meeting) -> str:
    """`14:00–15:00` by the team's clock; what ends after midnight says so."""
    begin, end = meeting.local_start, meeting.ends_at.astimezone(meeting.team.zone)
    words = {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"}
    if end.date() == begin.date():
        return _("%(begin)s–%(end)s") % words
    return _("%(begin)s–%(end)s on the next day") % words


@register.filter
def meter(meeting: Meeting) -> dict[str, float]:
    """Widths for the picture of planned against available minutes; the meeting is one that was counted."""
    return meter_of(meeting.minutes, meeting.minutes_available)


@register.simple_tag(takes_context=True)
def remindings_of(context: template.Context, case: Case) -> list[Reminding]:
    """How each discipline that a case waits for is reminded."""
    return reminded.remindings_of(context["request"].user, case)


@register.simple_tag
def cut_off_of(case: Case) -> datetime | None:
    """Until when findings count for the meeting that an open case is listed for."""
    if not case.meets_at:
        return None
    listed_items = AgendaItem.objects.filter(case=case, state=AgendaItem.State.LISTED)
    return listed_items.order_by("-meeting__starts_at").values_list("meeting__cut_off_at", flat=True).first()


@register.simple_tag
def meeting_of(case: Case) -> Meeting | None:
    """The meeting whose agenda an open case is on; asked only of one that is listed."""
    if case.state != Case.State.LISTED:
        return None
    items = AgendaItem.objects.filter(case=case, state=AgendaItem.State.LISTED).select_related("meeting")
    item = items.order_by("-meeting__starts_at").first()
    return item and item.meeting


@register.filter
def opinion_mark(category: str) -> str:
    """`II` for a category that somebody gave; words for who cannot say, and where no type applies."""
    if not category:
        return _("cannot say")
    return _("no type applies") if category == NO_CATEGORY else type_mark(category)


@register.filter
def opinion_words(category: str, pathway: str) -> str:
    """`type II` for what one person said, where no heading says that it is a type."""
    if not category or category == NO_CATEGORY:
        return opinion_mark(category)
    return type_words(category, pathway)


@register.filter
def opinion_marks(categories: Iterable[str]) -> str:
    """The categories of one discipline: `II`, or `II / III` where its members differ."""
    return " / ".join(opinion_mark(category) for category in categories)


@register.filter
def differs_from(stand: Stand, most: str) -> bool:
    """Whether a discipline gave another category than most did. Who cannot say does not differ."""
    return any(category and category != most for category in stand.categories)


@register.simple_tag
def opinions_of(decision: Decision) -> list[Opinion]:
    """Opinions by name that were committed until the decision was recorded."""
    if not decision.agenda_item.opinions.all():
        return []
    return [opinion for stand in stands_of(decision) for opinion in (*stand.before, *stand.after)]


@register.simple_tag
def spoken_of(decision: Decision) -> list[Spoken]:
    """What was noted as said in the room, also what was noted after the signature."""
    return notes_among(decision.agenda_item.spoken.all())


@register.filter
def sources(statements: Iterable[Mapping[str, str]]) -> str:
    """Where words of a decision were taken from: discipline, person and day of each statement."""
    return source_words(statements)


@register.filter
def checklist_line(decision: Decision) -> str:
    """`Stage: yes; Guideline: yes; Trial: not answered`: every item, also those that nobody answered."""
    return checklist_words(decision)


@register.inclusion_tag("meetings/_conditions_on_top.html", takes_context=True)
def conditions_on_top(context: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """The conditions of earlier decisions that run, the due ones first; nothing where none does."""
    may = can(context["request"].user, Permission.DECISION_RECORD, case.team_id)
    return conditions_running(case, may and case.is_open)


@register.inclusion_tag("meetings/_conditions_on_top.html")
def conditions_running(case: Case, may_answer: bool) -> dict[str, Any]:
    """The same for a reader of whom is known whether they may put conditions off or end them."""
    return {
        "standings": [each for each in conditions_of(case) if each.is_running],
        "may_answer": may_answer,
        "case": case,
    }


@register.filter
def without(codes: Iterable[str], others: Collection[str]) -> list[str]:
    """The codes that are not among the others, in their order."""
    return [code for code in codes if code not in others]
