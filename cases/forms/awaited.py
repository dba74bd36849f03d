"""What the treatment options of a case still wait for, as the findings form says it beside what a meeting needs."""

from typing import Any

from cases.forms.findings import FindingsForm, OpenItem
from cases.option_page import awaited, options_of


def awaited_in(form: FindingsForm) -> dict[str, Any]:
    """`awaited_items`: facts that this discipline knows, the most awaited first. `awaited_elsewhere`: how many others.

    By the newest proposal, without what is stated in the form so far. Nothing of a case whose proposal the meeting
    must not see yet, nor where a first staging is corrected after a restaging: the options rest on the newer facts.
    """
    around = form.surroundings
    if around.proposal is None or form.case.is_sealed or (around.of_first_staging and around.proposal.is_restaged):
        return {"awaited_items": [], "awaited_elsewhere": 0}
    options = options_of(form.case.pathway, around.proposal.answer, around.language)
    known = around.known_with(form.provisional_facts())
    open_facts = [entry for entry in awaited(options, form.discipline)["facts"] if entry["fact"] not in known]
    own = [entry for entry in open_facts if form.discipline in entry["owners"]]
    return {
        "awaited_items": [OpenItem(entry["label"], entry["field"]) for entry in own],
        "awaited_elsewhere": len(open_facts) - len(own),
    }
