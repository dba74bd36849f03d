"""What the desk adds to a decision, as papers print it: opinions, checklist, conditions, rejected options, wishes."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from mdt.meetings.documents.wording import described, listed, sentence, type_words
from mdt.meetings.models import Decision, DecisionCondition, Opinion, Spoken
from mdt.meetings.opinions import Stand, agreement_on
from mdt.people.templatetags.looks import day, discipline_label


def stands_of(decision: Decision) -> list[Stand]:
    """What each discipline thought, as committed until the decision was recorded."""
    opinions = [one for one in decision.agenda_item.opinions.all() if one.committed_at <= decision.recorded_at]
    return agreement_on(decision.agenda_item, opinions).stands


def opinion_words(opinion: Opinion, pathway: str) -> str:
    """`type II; "one vein is touched" (Dr Fang Rui)`, marked where it came after the opening."""
    said = type_words(opinion.category, pathway) if opinion.category else _("cannot say")
    how = ""
    if opinion.is_after_reveal:
        how = _("after the proposal was shown")
    elif opinion.had_seen_proposal:
        how = _("had seen the proposal")
    words = listed([said, opinion.text], _("; "))
    return _("%(opinion)s (%(who)s)") % {
        "opinion": words,
        "who": described([opinion.person.display_name, opinion.get_confidence_display(), how]),
    }


def opinions_line(decision: Decision) -> str:
    """Disciplines with their opinions, in a row; "" where nobody committed one."""
    pathway = decision.case.pathway
    return listed(
        (
            _("%(discipline)s: %(opinions)s")
            % {
                "discipline": discipline_label(stand.discipline),
                "opinions": listed(opinion_words(one, pathway) for one in (*stand.before, *stand.after)),
            }
            for stand in stands_of(decision)
        ),
        _("; "),
    )


def notes_among(rows: Iterable[Spoken]) -> list[Spoken]:
    """The notes of what was said, without the rows that took one back."""
    return [row for row in rows if row.takes_back_id is None]


def spoken_words(note: Spoken, version: int = 0) -> str:
    """`Dr Fang Rui, surgery: “…” (noted by Chen Jie, 09:14)`. `version`: of the decision that it stands beside, 0
    beside none.

    One line, whatever was typed: a line of its own would read as somebody else's words. Who took it back, when and why
    stand with it.
    """
    name = note.person.display_name if note.person else ""
    marks = [
        _("noted by %(person)s, %(time)s") % {"person": note.noted_by.display_name, "time": day(note.noted_at, "time")},
        "" if note.was_present else _("not marked as present"),
        _("before the opening") if note.is_before_reveal else "",
        _("added after the signature") if version and note.after_version >= version else "",
        _taken_back(note.taken_back_by) if note.is_taken_back else "",
    ]
    if note.said_at:
        marks.insert(0, _("said %(at)s") % {"at": day(note.said_at, "time")})
    return _("%(who)s: “%(words)s” (%(marks)s)") % {
        "who": described([name, discipline_label(note.discipline)]),
        "words": _quoted(note.text),
        "marks": listed(marks, _("; ")),
    }


def _taken_back(row: Spoken) -> str:
    words = {"person": row.noted_by.display_name, "at": day(row.noted_at, "time")}
    why = f"“{_quoted(row.text)}”" if row.text else ""
    return listed([_("taken back by %(person)s, %(at)s") % words, why], _(": "))


def _quoted(text: str) -> str:
    """Words between quotation marks, in one line: the marks inside them are single ones, as in print."""
    lines = (line.strip() for line in text.splitlines())
    return " / ".join(line for line in lines if line).translate({0x201C: "‘", 0x201D: "’"})


def spoken_lines(decision: Decision) -> list[str]:
    """What was said in the room, as it was noted, in the order of noting."""
    notes = notes_among(decision.agenda_item.spoken.all())
    return [spoken_words(note, decision.version) for note in notes]


def checklist_line(decision: Decision) -> str:
    """Every item with its answer; what nobody answered says so. "" where the list was not used."""
    if not decision.checklist:
        return ""
    answers = dict(Decision.Answer.choices)
    return listed(
        _("%(item)s: %(answer)s")
        % {"item": label, "answer": answers.get(decision.checklist.get(code, ""), _("not answered"))}
        for code, label in Decision.Check.choices
    )


def condition_lines(decision: Decision) -> Iterator[str]:
    """The conditions that run: what, until when, and what then."""
    yield from running_lines(decision)
    if decision.conditions:
        yield sentence(decision.conditions)


def running_lines(decision: Decision) -> list[str]:
    """The conditions that bring the case back, without those that stand only in words."""
    return [_condition(row) for row in decision.condition_rows.all()]


def source_words(statements: Iterable[dict[str, str]]) -> str:
    """Where words of a decision were taken from: discipline, person and day of each statement."""
    return listed(
        (described([discipline_label(each["discipline"]), each["by"], day(each["on"])]) for each in statements), _("; ")
    )


def _condition(row: DecisionCondition) -> str:
    branches = listed(
        (_("if %(if)s, %(then)s") % {"if": branch["if"], "then": branch["then"]} for branch in row.branches), _("; ")
    )
    words = {"what": row.what, "day": day(row.review_on), "branches": branches}
    if branches:
        return sentence(_("%(what)s, to be looked at by %(day)s: %(branches)s") % words)
    return sentence(_("%(what)s, to be looked at by %(day)s") % words)


def rejected_line(decision: Decision) -> str:
    """Options that the meeting considered and did not choose, each with its reason."""
    return listed(
        (
            _("%(option)s (%(reason)s)")
            % {
                "option": row.wording,
                "reason": listed([row.get_reason_display(), row.reason_text], _(": ")),
            }
            for row in decision.rejected_options.all()
        ),
        _("; "),
    )


def voices(decision: Decision) -> Iterator[tuple[str, str]]:
    """The patient's wish, comorbidity and fitness, as the meeting had them."""
    for label, text, statements in (
        (_("The patient's wish:"), decision.preference, decision.preference_source),
        (_("Comorbidity and fitness:"), decision.comorbidity, decision.comorbidity_source),
    ):
        if text:
            source = source_words(statements)
            yield label, sentence(text) + (_(" (%(source)s)") % {"source": source} if source else "")
