"""What the desk adds to a decision, as papers print it: opinions, checklist, conditions, rejected options, wishes."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from mdt.meetings.documents.wording import described, listed, sentence, type_words
from mdt.meetings.models import Decision, DecisionCondition, Opinion
from mdt.meetings.opinions import Stand, agreement_on
from mdt.people.templatetags.looks import day, discipline_label


def stands_of(decision: Decision) -> list[Stand]:
    """What each discipline thought, as committed until the decision was recorded."""
    opinions = [one for one in decision.agenda_item.opinions.all() if one.committed_at <= decision.recorded_at]
    return agreement_on(decision.agenda_item, opinions).stands


def opinion_words(opinion: Opinion, pathway: str) -> str:
    """`type II; "one vein is touched" (Dr Fang Rui)`, marked where it came after the opening."""
    said = type_words(opinion.category, pathway) if opinion.category else _("cannot say")
    how = _("after the proposal was shown") if opinion.is_after_reveal else ""
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
    yield from (_condition(row) for row in decision.condition_rows.all())
    if decision.conditions:
        yield sentence(decision.conditions)


def _condition(row: DecisionCondition) -> str:
    branches = listed(
        (_("if %(if)s, %(then)s") % {"if": branch["if"], "then": branch["then"]} for branch in row.branches), _("; ")
    )
    words = {"what": row.what, "day": day(row.review_on), "branches": branches}
    if branches:
        return sentence(_("%(what)s, looked at by %(day)s: %(branches)s") % words)
    return sentence(_("%(what)s, looked at by %(day)s") % words)


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
    if decision.preference:
        yield _("The patient's wish:"), sentence(decision.preference)
    if decision.comorbidity:
        yield _("Comorbidity and fitness:"), sentence(decision.comorbidity)
