"""The chair's signature, and the digest of what was signed."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.decisions import case_follows, lock_item, newest_decision
from mdt.meetings.actions.releasing import owe_watch
from mdt.meetings.models import AgendaItem, Decision, SignOff
from mdt.meetings.outcome.promptness import amendment_watched_at
from mdt.meetings.shown import NO_CATEGORY
from mdt.people.models import User
from mdt.people.permissions import Permission, can


def signed_content(decision: Decision) -> dict[str, Any]:
    """Everything that a signature covers, as plain values in a fixed shape."""
    own = (
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
    return {
        "case": decision.case.reference,
        "meeting": decision.meeting.reference,
        "recorded_at": decision.recorded_at.isoformat(),
        "rules": decision.proposal.digest if decision.proposal else "",
        **{name: getattr(decision, name) for name in own},
        "options": list(decision.options.values("rank", "option", "label", "proposed_status", "detail")),
        "dissents": list(decision.dissents.values("person_id", "category", "reason")),
        "next_steps": [
            {**step, "due_on": step["due_on"].isoformat()}
            for step in decision.next_steps.values("what", "owner_id", "due_on")
        ],
    }


def digest_of(decision: Decision) -> str:
    """SHA-256 of the content as JSON with sorted keys: the same as long as nothing was changed."""
    text = json.dumps(signed_content(decision), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def sign_decision(*, decision: Decision, by: User) -> SignOff:
    """The chair signs the newest version: from then on only an amendment changes anything.

    The form has asked for the password again. A signed deferral sends the case back into preparation. Raises
    ActionError for somebody who is not the chair and for a second signature, StaleForm where there is a newer
    version.
    """
    item = lock_item(decision.agenda_item)
    if not can(by, Permission.DECISION_SIGN, item.meeting.team):
        raise ActionError(_("Only a chair signs."))
    newest = newest_decision(item)
    if newest.pk != decision.pk:
        raise StaleForm(
            _("A newer version of this decision was recorded. Nothing was signed; read the newer one first.")
        )
    if newest.is_signed:
        raise ActionError(_("This decision is signed already."))
    decision = Decision.objects.select_related("case__team", "meeting__team", "proposal").get(pk=decision.pk)
    sign_off = SignOff.objects.create(decision=decision, signed_by=by, digest=digest_of(decision))
    item.state = AgendaItem.State.DISCUSSED
    item.save(update_fields=["state"])
    record(
        Kind.DECISION_SIGNED,
        by=by,
        case=decision.case,
        subject=decision,
        meeting=decision.meeting.reference,
        version=decision.version,
        digest=sign_off.digest,
    )
    if case_follows(item):
        _move_case(decision)
    owe(kind="prepare-letters", subject=subject_of(decision))
    if item.decisions.filter(release__isnull=False).exists():  # others hold letters of an earlier version
        owe_watch(decision, due_at=amendment_watched_at(item.meeting.team))
    return sign_off


def _move_case(decision: Decision) -> None:
    if decision.verdict == Decision.Verdict.DEFERRED:
        set_state(case=decision.case, state=Case.State.REFERRED, meets_at=None)
    else:
        category = "" if decision.category == NO_CATEGORY else decision.category
        set_state(case=decision.case, state=Case.State.SIGNED, type_confirmed=category)
