"""Did the decision follow the pathway? One answer for each decision, from what the meeting saw and chose that day.

The words are those of the studies that compared boards with guideline trees (concordant, conditional, different); a
decision that could not follow a single proposal is counted apart, since nothing was proposed that it could follow.
"""

from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Proposal
from mdt.meetings.models import Decision


class Concordance(models.TextChoices):
    """How a decision stands to the proposal that the meeting saw."""

    CONCORDANT = "concordant", _("concordant")
    CONDITIONAL = "conditional", _("concordant under a condition")
    WITH_REASON = "different_with_reason", _("different, with reason")
    WITHOUT_REASON = "different_without_reason", _("different, no reason")
    NO_PROPOSAL = "no_proposal", _("no single proposal")


NOT_FOLLOWED = ("not_recommended", "contraindicated", "")


def concordance_of(
    *, verdict: str, proposed_statuses: Sequence[str], has_reason: bool, has_condition: bool, is_assumed: bool
) -> Concordance | None:
    """The answer for a decision with this verdict; None for a deferral, which decides nothing.

    `proposed_statuses`: how the pathway had rated the chosen options, in the meeting's order; "" for one of the
    meeting's own. Different: another type than proposed, or a first option that the pathway rated against or did
    not list. With reason: coded, and in words. Conditional: it follows, and the meeting recorded a condition under
    which it holds, or the proposal itself held only under the pathway's assumptions (`is_assumed`).
    """
    if verdict == "deferred":
        return None
    first = proposed_statuses[0] if proposed_statuses else None
    if verdict == "changed" or first in NOT_FOLLOWED:
        return Concordance.WITH_REASON if has_reason else Concordance.WITHOUT_REASON
    if verdict == "settled":
        return Concordance.NO_PROPOSAL
    return Concordance.CONDITIONAL if has_condition or is_assumed else Concordance.CONCORDANT


def concordance_with_pathway(decision: Decision) -> Concordance | None:
    """The answer for a stored decision; None for a deferral."""
    return concordance_of(
        verdict=decision.verdict,
        proposed_statuses=[option.proposed_status for option in decision.options.all()],
        has_reason=bool(decision.reason and decision.reason_text),
        has_condition=bool(decision.conditions.strip() or decision.condition_rows.all()),
        is_assumed=is_assumed(decision.proposal),
    )


def is_assumed(proposal: Proposal | None) -> bool:
    """Whether the facts alone left several categories, and the pathway's assumptions one of them."""
    if proposal is None or len(proposal.types_possible.split()) == 1:
        return False
    return len(proposal.types_provisional.split()) == 1
