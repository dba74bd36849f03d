"""What a meeting of the synthetic year records of a case: following the proposal, under a condition, or not."""

import random
from typing import Any

from cases.models import Proposal
from mdt.demo.year.script import RATES, Fate
from mdt.meetings.actions import Choice, Content
from mdt.meetings.factors import factors_of
from mdt.people.models import User

FIRST = {
    "I": ("perioperative_then_surgery", "upfront_surgery"),
    "II": ("conversion", "haic"),
    "III": ("systemic_by_biomarker", "nivolumab_chemotherapy", "supportive_care"),
}
INTENT = {"I": "curative", "II": "conversion", "III": "palliative"}
OTHERS = {"I": "II", "II": "III", "III": "II"}
REASONS = ("comorbidity", "patient_choice", "new_information", "imaging_reread", "technical", "biology")
NOT_FOLLOWED = ("not_recommended", "contraindicated")


def content_of(fate: Fate, proposal: Proposal, people: dict[str, User], *, is_deferred: bool) -> Content:
    """The whole record of one decision; texts say that they are synthetic."""
    draw = random.Random(f"{RATES['seed']}/{fate.number}/decision")
    quorum_reason = "Synthetic: the members present covered the question."
    if is_deferred:
        words = "Synthetic: a result was awaited."
        return Content(reason="missing_facts", reason_text=words, quorum_reason=quorum_reason)
    proposed = proposal.types_provisional.split()
    category = proposed[0] if len(proposed) == 1 else fate.type
    said: dict[str, Any] = {}
    departs_in_category = fate.concordance == "other_category" and len(proposed) == 1
    if departs_in_category:
        category = OTHERS[category]
    if departs_in_category or fate.concordance == "other_option":
        said = {"reason": draw.choice(REASONS), "reason_text": "Synthetic: the meeting judged it differently."}
    if fate.concordance == "conditional":
        said["conditions"] = "Synthetic: if the next images show no new lesion."
    said |= {name: factor.text for name, factor in factors_of(proposal).items()}
    return Content(
        category=category,
        options=[_choice(fate, category, proposal, draw)],
        intent=INTENT[category],
        rationale="Synthetic: made for the demonstration.",
        responsible=people["surgeon" if category == "I" else "oncologist"],
        quorum_reason=quorum_reason,
        **said,
    )


def _choice(fate: Fate, category: str, proposal: Proposal, draw: random.Random) -> Choice:
    """An option that the proposal lists for the category; one that it rates against where the meeting departs so."""
    rated = {option["id"]: option["status"] for option in proposal.outcome["en"]["options"]}
    if fate.concordance == "other_option":
        against = [option for option in sum(FIRST.values(), ()) if rated.get(option) in NOT_FOLLOWED]
        return Choice(against[0]) if against else Choice("other", "Synthetic: another treatment.")
    fitting = [option for option in FIRST[category] if rated.get(option, "not_recommended") not in NOT_FOLLOWED]
    listed = [option for option, status in rated.items() if status not in NOT_FOLLOWED and option != "none_of_these"]
    return Choice(draw.choice([fitting[0], *fitting]) if fitting else listed[0])
