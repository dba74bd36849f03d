"""How a decision stands to what the pathway had proposed, in sentences, and which rules had proposed it.

From the stored columns of the proposal, so that a page with many decisions stays cheap: a snapshot is unpacked only to
name the assumptions under which a decision followed.
"""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.alternatives import either
from cases.models import Proposal
from cases.reasoning import edition_label
from mdt.meetings.concordance import NOT_FOLLOWED, Concordance, concordance_with_pathway, is_assumed
from mdt.meetings.documents.basis import assumptions_of
from mdt.meetings.documents.decision_parts import status_words
from mdt.meetings.documents.wording import type_words
from mdt.meetings.models import ChosenOption, Decision
from mdt.meetings.shown import offered_by
from mdt.people.joining import listed, sentences
from mdt.rulebook.models import Status

DIGITS = 8
"""Of a digest, as pages show it."""


@dataclass(frozen=True)
class Stand:
    """`proposed`: what the pathway had said. `decided`: what the meeting did, and how the two stand to each other.

    `rules`: the edition that had answered, with the digest of the rule set; "" where there was no proposal.
    `rules_status`: how far those rules had been checked when they proposed.
    """

    proposed: str
    decided: str
    rules: str
    departs: bool
    rules_status: str = ""

    @property
    def is_unverified(self) -> bool:
        """Whether the rules had answered, and nobody had approved them."""
        return bool(self.rules) and self.rules_status != Status.APPROVED


def stand_of(decision: Decision) -> Stand:
    """What the page of a decision says of proposal and decision."""
    found = concordance_with_pathway(decision)
    first = next(iter(decision.options.all()), None)
    return Stand(
        proposed=sentences([_proposed(decision), *_rated(decision.proposal, first)]),
        decided=sentences([_decided(decision, first, found), *_conditions(decision, found)]),
        rules=_rules(decision),
        departs=found in (Concordance.WITH_REASON, Concordance.WITHOUT_REASON),
        rules_status=decision.proposal.edition_status if decision.proposal else "",
    )


def _proposed(decision: Decision) -> str:
    proposal, pathway = decision.proposal, decision.case.pathway
    if proposal is None:
        return _("There was no proposal.")
    possible, single = offered_by(proposal.types_possible.split(), proposal.types_provisional.split())
    types = either(type_words(category, pathway) for category in possible)
    if is_assumed(proposal):
        words = {"type": type_words(single, pathway), "types": types}
        return _("The pathway proposed, provisionally, %(type)s (strictly possible: %(types)s).") % words
    if single:
        return _("The pathway proposed %(type)s.") % {"type": type_words(single, pathway)}
    return _("The pathway left it open: %(types)s.") % {"types": types}


def _rated(proposal: Proposal | None, first: ChosenOption | None) -> list[str]:
    """How the pathway had rated what the meeting chose first."""
    if proposal is None or first is None:
        return []
    if not first.proposed_status:
        return [_("“%(option)s” was none of its options.") % {"option": first.wording}]
    words = {"option": first.wording, "status": status_words(first.proposed_status)}
    return [_("Its rating of “%(option)s”: %(status)s.") % words]


def _decided(decision: Decision, first: ChosenOption | None, found: Concordance | None) -> str:
    if found is None:
        return _("The meeting deferred the case.")
    words = {
        "type": type_words(decision.category, decision.case.pathway),
        "option": first.wording if first else "",
        "stand": _parting(decision, first, found),
    }
    if first is None:
        return _("The meeting decided %(type)s: %(stand)s.") % words
    return _("The meeting decided %(type)s, first “%(option)s”: %(stand)s.") % words


def _conditions(decision: Decision, found: Concordance | None) -> list[str]:
    """Under what a decision is concordant: what the meeting asked for, and what the pathway had assumed."""
    if found != Concordance.CONDITIONAL:
        return []
    asked, assumed = conditions_asked(decision), []
    if is_assumed(decision.proposal):
        assumed = [text.rstrip(".。") for text in assumptions_of(decision.proposal)]
    said = [_("The meeting’s condition: %(conditions)s") % {"conditions": asked}] if asked else []
    if assumed:
        said.append(_("The type holds under what the pathway assumed: %(facts)s.") % {"facts": listed(assumed)})
    return said


def conditions_asked(decision: Decision) -> str:
    """The conditions that a meeting set, quoted in its own words; "" for none."""
    asked = [decision.conditions.strip(), *(condition.what for condition in decision.condition_rows.all())]
    return _("; ").join(f"“{text}”" for text in asked if text)


def _parting(decision: Decision, first: ChosenOption | None, found: Concordance) -> str:
    """The stand in the words of the audit; for what departs also in what it does: type, treatment or both."""
    if found not in (Concordance.WITH_REASON, Concordance.WITHOUT_REASON):
        return str(found.label)
    has_other_type = decision.verdict == Decision.Verdict.CHANGED
    has_other_option = first is not None and first.proposed_status in NOT_FOLLOWED
    if has_other_type and has_other_option:
        where = _("in type and treatment")
    else:
        where = _("in the type") if has_other_type else _("in the treatment")
    return _("%(different)s (%(where)s)") % {"different": found.label, "where": where}


def _rules(decision: Decision) -> str:
    proposal = decision.proposal
    if proposal is None:
        return ""
    label = edition_label(decision.case.pathway, proposal.system, proposal.edition, get_language() or "en")
    return _("%(edition)s, rule set %(digest)s") % {"edition": label, "digest": proposal.digest[:DIGITS]}
