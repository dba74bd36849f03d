"""What a signature covers, and its digest. Each keeps the shape in which it was given: an old one still fits."""

import hashlib
import json
from typing import Any

from mdt.meetings.models import Decision, Spoken

CURRENT_SHAPE = 2
OWN_COLUMNS = (
    "version",
    "amendment_reason",
    "verdict",
    "category",
    "reason",
    "reason_text",
    "intent",
    "conditions",
    "rationale",
    "responsible_id",
    "present",
    "is_quorate",
    "quorum_missing",
    "quorum_reason",
    "recorded_by_id",
    "supersedes_id",
    "proposal_id",
)
NEW_COLUMNS = ("checklist", "preference", "preference_source", "comorbidity", "comorbidity_source")


def signed_content(decision: Decision, shape: int = CURRENT_SHAPE) -> dict[str, Any]:
    """Everything that a signature of this shape covers, as plain values.

    Never what came later: dissents and withdrawals after the signature, opinions after the decision was recorded, notes
    of what was said after the signature.
    """
    content = _first_shape(decision)
    if shape >= 2:
        content |= {"shape": shape, **_second_shape(decision)}
    return content


def digest_of(decision: Decision, shape: int | None = None) -> str:
    """SHA-256 of the content as JSON with sorted keys: the same as long as nothing was changed.

    In the shape of the signature that stands under it; an unsigned one in the shape that the next signature takes.
    """
    if shape is None:
        shape = decision.sign_off.shape if decision.is_signed else CURRENT_SHAPE
    text = json.dumps(signed_content(decision, shape), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _first_shape(decision: Decision) -> dict[str, Any]:
    return {
        "case": decision.case.reference,
        "meeting": decision.meeting.reference,
        "recorded_at": decision.recorded_at.isoformat(),
        "rules": decision.proposal.digest if decision.proposal else "",
        **{name: getattr(decision, name) for name in OWN_COLUMNS},
        "options": list(decision.options.values("rank", "option", "label", "proposed_status", "detail")),
        "dissents": list(decision.dissents.filter(is_addendum=False).values("person_id", "category", "reason")),
        "next_steps": [
            {**step, "due_on": step["due_on"].isoformat()}
            for step in decision.next_steps.values("what", "owner_id", "due_on")
        ],
    }


def _second_shape(decision: Decision) -> dict[str, Any]:
    """The checklist, patient factors, rejected options, conditions that run, who said a dissent, and opinions."""
    opinions = decision.agenda_item.opinions.filter(committed_at__lte=decision.recorded_at)
    spoken = list(decision.agenda_item.spoken.filter(after_version__lt=decision.version).order_by("id"))
    return {
        **{name: getattr(decision, name) for name in NEW_COLUMNS},
        **({"spoken": [_spoken(row) for row in spoken]} if spoken else {}),
        **({"quorum_basis": decision.quorum_basis} if decision.quorum_basis else {}),
        **({"remarks": decision.remarks} if decision.remarks else {}),
        "rejected_options": list(
            decision.rejected_options.values("option", "label", "proposed_status", "reason", "reason_text")
        ),
        "condition_rows": [
            {**row, "review_on": row["review_on"].isoformat()}
            for row in decision.condition_rows.values("rank", "trigger", "what", "fact", "review_on", "branches")
        ],
        "dissents": [
            {
                "person_id": row.person_id,
                "category": row.category,
                "reason": row.reason,
                "entered_by_id": row.entered_by_id,
                "said_at": row.said_at.isoformat() if row.said_at else "",
                "withdrawn": row.withdrawal.reason if row.is_withdrawn and not row.withdrawal.is_addendum else None,
            }
            for row in decision.dissents.filter(is_addendum=False).select_related("withdrawal").order_by("id")
        ],
        "opinions": [
            {**row, "committed_at": row["committed_at"].isoformat()}
            for row in opinions.values(
                "person_id", "discipline", "category", "text", "confidence", "is_after_reveal", "committed_at"
            )
        ],
    }


def _spoken(row: Spoken) -> dict[str, Any]:
    """What was said in the room as it was noted, or (`takes_back`) that a note was a mistake."""
    names = ("person_id", "discipline", "text", "was_present", "is_before_reveal", "takes_back_id", "noted_by_id")
    return {
        **{name: getattr(row, name) for name in names},
        "said_at": row.said_at.isoformat() if row.said_at else "",
        "noted_at": row.noted_at.isoformat(),
    }
