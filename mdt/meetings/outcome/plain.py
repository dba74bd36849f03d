"""Plain words for the page that a patient reads: a first wording to begin with, and words that need an explanation."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from mdt.meetings.documents.wording import described, listed, option_words, sentence
from mdt.meetings.models import Decision
from mdt.people.disciplines import Discipline
from mdt.people.templatetags.looks import day, discipline_label

# "PET-CT", "5-FU", "S-1": capitals and digits that no patient reads as a word.
ABBREVIATION = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?:[A-Z0-9]{2,}|[A-Z0-9]+-[A-Z0-9]+)(?:-[A-Z0-9]+)*(?![\w-])")


OTHERS = (Discipline.COORDINATION, Discipline.NURSING)  # in the room, and no doctors


@dataclass(frozen=True)
class PlainWord:
    """A word of the field: its name, every way in which it is written, and what it means."""

    name: str
    forms: tuple[str, ...]
    says: str

    def stands_in(self, text: str) -> bool:
        return any(_pattern(form).search(text) for form in self.forms)


@cache
def _pattern(form: str) -> re.Pattern:
    """Abbreviations as they stand, English words in any case and as whole words, Chinese ones anywhere."""
    if not form.isascii():
        return re.compile(re.escape(form))
    flags = 0 if form.isupper() else re.IGNORECASE
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9])", flags)


@cache
def words_of(language: str) -> tuple[PlainWord, ...]:
    rows = tomllib.loads((Path(__file__).parent / "plain_words.toml").read_text(encoding="utf-8"))["word"]
    short = language.partition("-")[0]
    return tuple(PlainWord(row[short][0], tuple(row[short]), row["says"][short]) for row in rows)


def explained(text: str, language: str) -> list[PlainWord]:
    """The words of the field that stand in a text, each with its explanation."""
    return [word for word in words_of(language) if word.stands_in(text)]


def unexplained(text: str, language: str) -> list[str]:
    """Abbreviations that nobody explains: neither the list nor brackets."""
    left = text
    for word in words_of(language):
        for form in word.forms:
            left = _pattern(form).sub(lambda known: " " * len(known[0]), left)
    return list(dict.fromkeys(match[0] for match in ABBREVIATION.finditer(left) if not _is_beside_words(left, match)))


def _is_beside_words(text: str, match: re.Match) -> bool:
    """Explained in brackets right after it, or itself in brackets after the words it is short for."""
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:1]
    return after in ("(", "（") or (before in ("(", "（") and after in (")", "）"))


def first_wording(decision: Decision) -> dict[str, str]:
    """Where the doctor begins: what was decided, what happens next, who to ask, in the active language."""
    return {"decided": _decided(decision), "next": _next(decision), "ask": _ask(decision)}


def _decided(decision: Decision) -> str:
    lines = [_who_looked(decision)]
    if decision.verdict == Decision.Verdict.DEFERRED:
        return "\n".join([*lines, _("They could not decide yet, because something is still missing.")])
    lines += [AIMS[decision.intent]()] if decision.intent in AIMS else []
    options = [sentence(option_words(option)) for option in decision.options.all()]
    if len(options) > 1:  # in the meeting's order: what is left out here, the patient never reads
        lines.append(_("They advise, the first choice first:"))
        lines += [f"{rank}. {words}" for rank, words in enumerate(options, 1)]
    else:
        lines += [_("They advise: %(option)s") % {"option": words} for words in options]
    return "\n".join(lines)


def _who_looked(decision: Decision) -> str:
    disciplines = dict.fromkeys(
        discipline_label(entry["discipline"])
        for entry in decision.present
        if entry.get("discipline") and entry["discipline"] not in OTHERS
    )
    words = {"day": day(decision.meeting.local_start), "disciplines": listed(disciplines)}
    if not disciplines:
        return _("On %(day)s, doctors looked at your results together.") % words
    if len(disciplines) == 1:
        return _("On %(day)s, doctors of one discipline (%(disciplines)s) looked at your results.") % words
    return _("On %(day)s, doctors of several disciplines (%(disciplines)s) looked at your results together.") % words


AIMS = {
    Decision.Intent.CURATIVE: lambda: _("The aim of the treatment is to cure the illness."),
    Decision.Intent.CONVERSION: lambda: _(
        "The aim is first to make the tumour smaller. Then the doctors look again whether an operation is possible."
    ),
    Decision.Intent.PALLIATIVE: lambda: _("The aim is to slow the illness down and to ease complaints."),
    Decision.Intent.SUPPORTIVE: lambda: _("The aim is to ease complaints and to help you to live as well as possible."),
    Decision.Intent.DIAGNOSTIC: lambda: _("Before a treatment is chosen, more examinations are needed."),
}


def _next(decision: Decision) -> str:
    steps = [
        _("%(what)s, by %(day)s") % {"what": step.what, "day": day(step.due_on)} for step in decision.next_steps.all()
    ]
    return "\n".join(map(sentence, steps)) or _("Your doctor talks with you about what comes next.")


def _ask(decision: Decision) -> str:
    who = decision.responsible
    if who is None:
        return ""
    return described([who.display_name, discipline_label(who.discipline), decision.case.team.hospital])
