"""What the desk offers for conditions: results that can be waited for, and the pathway's templates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from cases.known import known_facts
from cases.reasoning import fact_label, pathway_of
from mdt.meetings.shown import Shown


def result_choices(pathway: str) -> list[tuple[str, str]]:
    """The facts that a meeting waits for: those of the templates, then the required ones."""
    rules, language = pathway_of(pathway), get_language()
    named = [template.fact for template in rules.showing.condition_templates if template.fact]
    required = [fact for item in rules.required for fact in item.facts]
    return [(fact, fact_label(pathway, fact, language)) for fact in dict.fromkeys([*named, *required])]


def templates_of(shown: Shown, facts: Mapping[str, Any]) -> list[dict[str, object]]:
    """Conditions to be filled in, in the reader's language; an option only where the proposal offers it.

    What is known of `facts` (those of the proposal as they are now) is not waited for; what is known in part is.
    """
    language, known = get_language(), known_facts(shown.pathway, facts)
    return [
        {
            "id": template.id,
            "label": template.label(language),
            "trigger": template.trigger,
            "what": template.what(language),
            "fact": template.fact,
            "branches": [
                {
                    "if": branch.found(language),
                    "then": branch.then(language),
                    "option": branch.option if branch.option in shown.options else "",
                }
                for branch in template.branches
            ],
        }
        for template in pathway_of(shown.pathway).showing.condition_templates
        if template.fact not in known
    ]
