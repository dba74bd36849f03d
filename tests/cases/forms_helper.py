"""From facts to what a browser would post from the findings form, for tests of other parts too."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.actions.findings import newest_finding_id
from cases.forms.fact_fields import FactField
from cases.forms.findings import FIELD_OF_TYPE
from cases.models import Case
from cases.reasoning import pathway_of


def fields_of(pathway: str = "gclm") -> dict[str, FactField]:
    """A form field for every fact of the vocabulary."""
    return {name: FIELD_OF_TYPE[fact.type](fact) for name, fact in pathway_of(pathway).facts.items()}


def controls(field: FactField, stated: Any) -> dict[str, list[str]]:
    """The controls of one fact as they are filled for a stated value: posted name → values."""
    name, typed = field.fact.name, field.typed(stated)
    posted = {name: list(typed.values), f"{name}-as": list(typed.apart), f"{name}-kept": [typed.kept]}
    for number, row in enumerate(typed.rows, 1):
        if field.kind == "sites":
            for part in ("count", "side"):
                posted[f"{name}-{row['site'][0]}-{part}"] = list(row.get(part, ()))
            continue
        for part, values in row.items():
            posted[f"{name}-{number}-{part}"] = list(values)
        if not any(row.values()):
            posted[f"{name}-{number}-listed"] = ["1"]
    return {name: values for name, values in posted.items() if any(values)}


def findings_data(case: Case, discipline: str, facts: dict[str, Any], **other: Any) -> dict[str, Any]:
    """What the form posts for these facts. `other` adds or replaces fields (examined_on, report_text, based_on, …)."""
    fields = fields_of(case.pathway)
    posted: dict[str, Any] = {
        "examined_on": timezone.localdate().isoformat(),
        "based_on": str(newest_finding_id(case, discipline)),
    }
    for name, stated in facts.items():
        posted |= controls(fields[name], stated)
    other = {name: value.isoformat() if isinstance(value, date) else value for name, value in other.items()}
    return posted | other


def post_findings(client: Client, case: Case, discipline: str, facts: dict[str, Any], **other: Any):
    """Fill the form of a discipline with these facts and send it. The response is a redirect where it was recorded."""
    url = reverse("finding-record", args=[case.reference, discipline])
    return client.post(url, findings_data(case, discipline, facts, **other))
