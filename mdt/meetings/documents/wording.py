"""Words that letter and minutes share: people, categories, verdicts. All in the active language."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases.reasoning import category_label
from cases.templatetags.cases_display import type_mark
from mdt.meetings.models import AttendanceMark, Decision
from mdt.meetings.shown import NO_CATEGORY
from mdt.people import joining
from mdt.people.models import User
from mdt.people.templatetags.looks import discipline_label


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def clock(value: datetime) -> str:
    """Time of day, in the hospital's time."""
    return date_format(timezone.localtime(value), "H:i")


def listed(words: Iterable[str], separator: str | None = None) -> str:
    said = [word for word in words if word]
    return joining.listed(said) if separator is None else separator.join(said)


def described(words: Iterable[str]) -> str:
    """Parts of one description, such as a person's name and sex: Chinese parts them otherwise than a list."""
    return listed(words, pgettext("between the parts of one description", ", "))


def sentence(words: str) -> str:
    """With a full stop at its end, unless it has one, or another mark."""
    words = words.strip()
    if not words or words[-1] in ".!?。！？":
        return words
    return words + ("。" if is_chinese() else ".")


def capital(words: str) -> str:
    """Begun with a capital, unless the first word has one inside: dMMR stays."""
    first = words.partition(" ")[0]
    return words if any(char.isupper() for char in first[1:]) else words[:1].upper() + words[1:]


def person(user: User | None) -> str:
    """Name and discipline as printed beside a task or a dissent."""
    if user is None:
        return ""
    if not user.discipline:
        return user.display_name
    return _("%(name)s (%(discipline)s)") % {"name": user.display_name, "discipline": discipline_label(user.discipline)}


def deputy_words(mark: AttendanceMark) -> str:
    """`deputy of Dr Fang`, or nothing."""
    return _("deputy of %(member)s") % {"member": mark.stands_in_for.display_name} if mark.stands_in_for else ""


def attendee(entry: dict[str, Any]) -> str:
    """One line of `Decision.present`: name, with discipline, chair, video and what part they were there in brackets."""
    deputy, came_at, left_at = (entry.get(name) for name in ("stands_in_for", "came_at", "left_at"))
    roles = [
        _("chair") if entry.get("is_chair") else "",
        discipline_label(entry.get("discipline")),
        _("deputy of %(member)s") % {"member": deputy} if deputy else "",
        _("by video") if entry.get("is_remote") else "",
        _("came %(time)s") % {"time": clock(datetime.fromisoformat(came_at))} if came_at else "",
        _("left %(time)s") % {"time": clock(datetime.fromisoformat(left_at))} if left_at else "",
    ]
    what = described(roles)
    return _("%(name)s (%(discipline)s)") % {"name": entry["name"], "discipline": what} if what else entry["name"]


def type_words(category: str, pathway: str) -> str:
    """`type II`, `stage A`: as the pathway's leading scheme names it, inside a sentence."""
    if category == NO_CATEGORY:
        return _("no type: the pathway does not apply")
    if label := category_label(pathway, category, get_language()):
        is_plain_word = label[1:2].islower()  # "Stage A", and neither "A 期" nor "HER2 positive"
        return label[:1].lower() + label[1:] if is_plain_word else label
    return _("type %(type)s") % {"type": type_mark(category)}


def system_of(decision: Decision) -> dict[str, Any]:
    """The pathway's own classification in the proposal that the meeting saw; empty if there was none."""
    return decision.proposal.main_system if decision.proposal else {}


def type_with_meaning(decision: Decision) -> str:
    """`type II, potentially resectable`, as the edition that was shown words it."""
    for category in system_of(decision).get("categories", ()):
        if category["id"] == decision.category and category.get("text"):
            return described([type_words(decision.category, decision.case.pathway), category["text"]])
    return type_words(decision.category, decision.case.pathway)


def edition(decision: Decision) -> str:
    """Scheme and edition, with a warning while no clinician has verified its thresholds."""
    proposal = decision.proposal
    if proposal is None:
        return _("no proposal was made")
    name = system_of(decision).get("label") or f"{proposal.system} {proposal.edition}"
    if proposal.edition_status == "approved":
        return _("edition %(edition)s") % {"edition": name}
    return _("edition %(edition)s, thresholds unverified") % {"edition": name}


def option_words(option) -> str:
    """A chosen option in the document's language; one in the meeting's own words says only those."""
    label = option.label.get(get_language()) or option.label.get("en") or ""
    return label or option.detail or option.option


def headline(decision: Decision) -> str:
    """The answer in one sentence: the options in their order, or that nothing was decided."""
    options = list(decision.options.all())
    if decision.verdict == Decision.Verdict.DEFERRED:
        return sentence(capital(_("deferred: %(reason)s") % {"reason": decision.get_reason_display()}))
    if not options:
        return sentence(capital(type_with_meaning(decision)))
    return sentence(listed((option_words(option) for option in options), _("; ")))


def type_line(decision: Decision) -> str:
    """Type with its meaning and edition, then the intent."""
    parts = []
    if decision.verdict != Decision.Verdict.DEFERRED:
        parts.append(
            sentence(
                _("Type confirmed: %(type)s (%(edition)s)")
                % {"type": type_with_meaning(decision), "edition": edition(decision)}
            )
        )
    if decision.intent:
        parts.append(sentence(_("Intent: %(intent)s") % {"intent": decision.get_intent_display()}))
    return ("" if is_chinese() else " ").join(parts)


def short_digest(digest: str) -> str:
    """The first half as people compare it: groups of four."""
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))


def date_parts(value: datetime) -> dict[str, int]:
    """For the PDF's own date: the row's time, never the clock."""
    value = timezone.localtime(value)
    return {name: getattr(value, name) for name in ("year", "month", "day", "hour", "minute", "second")}
