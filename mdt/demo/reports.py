"""Reports in the demonstration: words behind recorded facts, and a pasted report that waits for its reader."""

from collections.abc import Mapping
from typing import Any

from cases import actions
from cases.actions.findings import newest_finding_id
from cases.forms.report_words import stands
from cases.models import Case, FindingDraft
from cases.reasoning import pathway_of
from mdt.people.models import User
from mdt.reading import STATED, Mention, read_report


def quoted(case: Case, text: str, facts: Mapping[str, Any]) -> list[Mention]:
    """What somebody would have taken over from the text: what is recorded, and in it without a doubt."""
    vocabulary = pathway_of(case.pathway).facts
    found = read_report(text, vocabulary)
    return [each for each in found if each.certainty == STATED and stands(vocabulary, each, facts.get(each.fact))]


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
