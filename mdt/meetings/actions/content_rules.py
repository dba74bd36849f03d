"""Whether a decision may say what it says: checked for the first record and for every amendment."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from cases.reasoning import has_fact
from mdt.meetings.actions.content import DEPARTING, Content, Refused, departs_in_option, verdict_on
from mdt.meetings.actions.locks import refuse_stranger
from mdt.meetings.models import (
    ChosenOption,
    Decision,
    DecisionCondition,
    Dissent,
    Meeting,
    NextStep,
    RejectedOption,
)
from mdt.meetings.shown import OTHER_OPTION, Shown
from mdt.people.templatetags.looks import day

MOST_ROWS = {"options": 12, "rejected": 60, "dissents": 20, "next_steps": 20, "condition_rows": 8}
MOST_BRANCHES, BRANCH_LENGTH = 6, 400
DECISION_TEXTS = ("reason_text", "conditions", "rationale", "quorum_reason", "preference", "comorbidity")


def problems_of(content: Content, shown: Shown) -> Iterator[Refused]:
    """Everything that forbids recording this content, each with its field; nothing when it may be recorded."""
    yield from _too_long(content)
    if content.is_deferred:
        if content.category:
            yield Refused(_("A deferred case has no type."), "category")
    else:
        yield from _undecided(content, shown)
    if content.reason and content.reason not in Decision.Reason.values:
        yield Refused(_("This reason is not known."), "reason")
    if content.intent and content.intent not in Decision.Intent.values:
        yield Refused(_("This intent is not known."), "intent")
    yield from _bad_options(content, shown)
    yield from _no_reason(content, shown)
    yield from _bad_rejections(content, shown)
    yield from _bad_checklist(content)
    yield from _bad_conditions(content, shown)
    for disagreement in content.dissents:
        if not disagreement.reason.strip():
            yield Refused(_("Give the reason for the dissent."), "dissents")
        if disagreement.category and disagreement.category not in shown.choices:
            yield Refused(_("The type in the dissent is not one of this pathway."), "dissents")
    if any(not step.what.strip() for step in content.next_steps):
        yield Refused(_("Say what is to be done."), "next_steps")


def refuse_early(earliest: date) -> str:
    """What is said to a next step that is due before `earliest`."""
    return _("A next step cannot be due before %(day)s.") % {"day": day(earliest)}


def refuse_early_review(earliest: date) -> str:
    """What is said to a condition that would be looked at before `earliest`."""
    return _("A condition cannot be looked at before %(day)s.") % {"day": day(earliest)}


def check_content(*, content: Content, shown: Shown, meeting: Meeting) -> str:
    """The verdict. Raises Refused where the content cannot be recorded, ActionError for a person of another team."""
    for problem in problems_of(content, shown):
        raise problem
    earliest, team = meeting.earliest_step, meeting.team
    if any(step.due_on < earliest for step in content.next_steps):
        raise Refused(refuse_early(earliest), "next_steps")
    if any(row.review_on < earliest for row in content.condition_rows):
        raise Refused(refuse_early_review(earliest), "condition_rows")
    dissenters = [disagreement.person for disagreement in content.dissents]
    refuse_stranger(team, content.responsible, *dissenters, *(step.owner for step in content.next_steps))
    return verdict_on(shown, content)


def _undecided(content: Content, shown: Shown) -> Iterator[Refused]:
    if not content.category:
        yield Refused(_("Choose a type, or defer the case."), "category")
    elif content.category not in shown.choices:
        yield Refused(_("This type is not one of this pathway."), "category")
    if not content.options:
        yield Refused(_("Choose at least one option."), "options")
    if not content.intent:
        yield Refused(_("Choose the intent of the treatment."), "intent")
    if content.responsible is None:
        yield Refused(_("Name who is responsible for carrying the decision out."), "responsible")


def _bad_options(content: Content, shown: Shown) -> Iterator[Refused]:
    known = [choice.option for choice in content.options if choice.option != OTHER_OPTION]
    if len(set(known)) != len(known):
        yield Refused(_("An option is chosen twice."), "options")
    for choice in content.options:
        if choice.option == OTHER_OPTION and not choice.detail.strip():
            yield Refused(_("Say in words which other option is meant."), "other")
        if choice.option != OTHER_OPTION and choice.option not in shown.options:
            yield Refused(_("An option is not among those that the proposal offers."), "options")


def _no_reason(content: Content, shown: Shown) -> Iterator[Refused]:
    """Whoever departs from the proposal says why: by choice, so that it can be counted, and in words."""
    decided = content.is_deferred or content.category in shown.choices
    of_category = decided and verdict_on(shown, content) in DEPARTING
    if not of_category and not departs_in_option(shown, content):
        return
    if not content.reason and of_category:
        yield Refused(_("Choose the reason for departing from the proposal, or for deferring."), "reason")
    elif not content.reason:
        yield Refused(
            _("The first option is the meeting’s own, or one that the rules advise against: choose the reason."),
            "reason",
        )
    if not content.reason_text.strip():
        yield Refused(_("Give the reason in words."), "reason_text")


def _bad_rejections(content: Content, shown: Shown) -> Iterator[Refused]:
    rejected, chosen = [row.option for row in content.rejected], {choice.option for choice in content.options}
    if len(set(rejected)) != len(rejected):
        yield Refused(_("An option is rejected twice."), "rejected")
    for row in content.rejected:
        if row.option not in shown.options:
            yield Refused(_("A rejected option is not among those that the proposal offers."), "rejected")
        if row.option in chosen:
            yield Refused(_("An option is both chosen and rejected."), "rejected", row.option)
        if row.reason not in RejectedOption.Reason.values:
            yield Refused(_("Choose why the option was rejected."), "rejected", row.option)
        if row.reason == RejectedOption.Reason.OTHER and not row.words.strip():
            yield Refused(_("Say in words why the option was rejected."), "rejected_text", row.option)


def _bad_checklist(content: Content) -> Iterator[Refused]:
    for item, answer in content.checklist.items():
        if item not in Decision.Check.values or answer not in Decision.Answer.values:
            yield Refused(_("This is not an item or an answer of the checklist."), "checklist")


def _bad_conditions(content: Content, shown: Shown) -> Iterator[Refused]:
    for row in content.condition_rows:
        if not row.what.strip():
            yield Refused(_("Say what is looked at again."), "condition_rows")
        if row.trigger not in DecisionCondition.Trigger.values:
            yield Refused(_("Say when the condition is looked at."), "condition_rows")
        if row.fact and not has_fact(shown.pathway, row.fact):
            yield Refused(_("The result that is waited for is not known to this pathway."), "condition_rows")
        if len(row.branches) > MOST_BRANCHES:
            yield Refused(_("At most %(most)d entries.") % {"most": MOST_BRANCHES}, "condition_rows")
        for branch in row.branches:
            if not branch.found.strip() or not branch.then.strip():
                yield Refused(_("Say both: if what is found, and what then."), "condition_rows")
            if branch.option and branch.option not in shown.options:
                yield Refused(_("An option is not among those that the proposal offers."), "condition_rows")
            if max(len(branch.found), len(branch.then)) > BRANCH_LENGTH:
                too_long = _("This text is too long: at most %(limit)d characters.") % {"limit": BRANCH_LENGTH}
                yield Refused(too_long, "condition_rows")


def _too_long(content: Content) -> Iterator[Refused]:
    texts = [(Decision, name, getattr(content, name), name) for name in DECISION_TEXTS]
    texts += [(ChosenOption, "detail", choice.detail, "other") for choice in content.options]
    texts += [(RejectedOption, "reason_text", row.words, "rejected") for row in content.rejected]
    texts += [(DecisionCondition, "what", row.what, "condition_rows") for row in content.condition_rows]
    texts += [(Dissent, "reason", disagreement.reason, "dissents") for disagreement in content.dissents]
    texts += [(NextStep, "what", step.what, "next_steps") for step in content.next_steps]
    for model, name, text, field in texts:
        limit = model._meta.get_field(name).max_length
        if len(text) > limit:
            yield Refused(_("This text is too long: at most %(limit)d characters.") % {"limit": limit}, field)
    for name, most in MOST_ROWS.items():
        if len(getattr(content, name)) > most:
            yield Refused(_("At most %(most)d entries.") % {"most": most}, name)
