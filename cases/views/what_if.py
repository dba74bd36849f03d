from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import replace_url

from cases import actions
from cases.case_page import header_context
from cases.forms.what_if import WhatIfForm
from cases.models import Case
from cases.reasoning import describe, fact_label
from cases.what_if import compare, what_if
from mdt.people.permissions import Permission, get_or_404

CASES = Case.objects.select_related("patient", "team", "referred_by")
IN_SIGHT = 8


@require_safe
def show_what_if(request: HttpRequest, reference: str) -> HttpResponse:
    """The proposal beside the one that other facts would give. What is tried stands in the address and nowhere else.

    The address keeps only what differs from the case. Opening the page is logged as a look at the case, as everywhere;
    the answers that follow while somebody tries values are not.
    """
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    form = WhatIfForm(request.GET, case=case)
    query = form.query()
    here = reverse("what-if", args=[case.reference])
    address = f"{here}?{query.urlencode()}" if query else here
    if request.htmx:
        response = render(request, "cases/what_if/_result.html", result_context(case, form))
        return replace_url(response, address)
    if len(request.GET) != len(query):
        return redirect(address)
    actions.open_case(case=case, by=request.user, page="what if")
    context = {
        **header_context(case, request.user, tab="overview"),
        **result_context(case, form),
        **controls_context(form),
    }
    return render(request, "cases/what_if.html", context)


def result_context(case: Case, form: WhatIfForm) -> dict:
    """What was tried, in words, and the two answers. Without a change there is nothing to compare."""
    changes, language, pathway = form.changes(), get_language(), case.pathway
    comparison = None
    if changes:
        comparison = compare(*what_if(form.proposal, changes, on=timezone.localdate(), language=language))
        for part in ("settled", "asked"):
            comparison[part] = [fact_label(pathway, fact, language) for fact in comparison[part]]
    return {
        "case": case,
        "proposal": form.proposal,
        "comparison": comparison,
        "problems": [
            {"label": fact_label(pathway, name, language), "messages": messages}
            for name, messages in form.errors.items()
        ],
        "changes": [
            {
                "label": fact_label(pathway, name, language),
                "before": _in_words(pathway, name, form.surroundings.now(name), language),
                "after": describe(pathway, name, value, language),
            }
            for name, value in changes.items()
        ],
    }


def _in_words(pathway: str, fact: str, value: Any, language: str) -> str:
    return _("not stated") if value is None else describe(pathway, fact, value, language)


def controls_context(form: WhatIfForm) -> dict:
    """The facts that can move something in sight, all others by group and folded."""
    answer, language = form.proposal.answer, get_language()
    missing = [entry["fact"] for entry in answer.get("missing", ())]
    edges = [edge["fact"] for edge in form.proposal.main_system.get("boundaries", ())]
    changed = [*form.changes(), *form.errors]
    first = [name for name in dict.fromkeys([*missing[:IN_SIGHT], *edges]) if name in form.facts]
    groups = []
    for group, label in form.pathway.groups.items():
        names = [name for name, field in form.facts.items() if field.fact.group == group and name not in first]
        if names:
            groups.append(
                {
                    "label": label(language),
                    "rows": [{"name": name, "control": form.row(name)} for name in names],
                    "is_open": any(name in changed for name in names),
                }
            )
    return {"first": [{"name": name, "control": form.row(name)} for name in first], "groups": groups}
