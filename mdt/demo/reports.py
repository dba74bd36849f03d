"""A report that somebody pasted into a form of the demonstration and did not look through."""

from collections.abc import Mapping

from cases import actions
from cases.actions.findings import newest_finding_id
from cases.models import Case, FindingDraft
from mdt.people.models import User


def paste(script: Mapping[str, str], *, case: Case, by: User) -> FindingDraft:
    """The form as somebody left it who pasted a report and was called away."""
    return actions.save_draft(
        case=case,
        by=by,
        discipline=script["discipline"],
        corrects=None,
        entries={"report_text": [script["text"].strip()]},
        based_on=newest_finding_id(case, script["discipline"]),
    )
