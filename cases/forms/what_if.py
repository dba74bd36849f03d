"""What would the rules say if a fact were different? The controls of the findings form, and nothing that is stored.

The question is an address: only what differs from the case stands in it, as codes and numbers. Free text and days,
which can tell who somebody is, have no control here.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.forms.fact_fields import FactField, Typed
from cases.forms.findings import FIELD_OF_TYPE
from cases.forms.layout import FactRow, apart_chips, lesion_context
from cases.forms.standing import Stand, Surroundings, kind_of
from cases.models import Case
from cases.reasoning import pathway_of
from classification.facts import FactError, parse_facts
from classification.lesions import figures_from_list

LEFT_OUT = ("text", "date")
SPARE_ROWS = 2


class AsItIs(Surroundings):
    """The right-hand column: always how the fact stands in the case, whatever is tried."""

    def base(self, field: FactField) -> Stand:
        """Figures that nobody stated may follow from the list of lesions."""
        base, follows = super().base(field), self.figures.get(field.fact.name)
        if base.kind != "unknown" or follows is None:
            return base
        return Stand(kind_of(follows), self.in_words(field.fact.name, follows), (_("from the list of lesions"),))

    def stand(self, field: FactField, typed: Typed) -> Stand:
        return self.base(field)

    @cached_property
    def current(self) -> dict[str, Any]:
        """The facts of the case as they hold now."""
        return self.proposal.current_facts if self.proposal else {}

    @cached_property
    def figures(self) -> dict[str, Any]:
        """What follows from the lesions of the case."""
        standings = parse_facts(self.current, pathway_of(self.case.pathway).facts)
        return {name: standing.to_json() for name, standing in figures_from_list(standings).items()}

    def now(self, fact: str) -> Any:
        """A fact as it stands in the case, stated or following from the lesions; None where unknown."""
        return self.current.get(fact, self.figures.get(fact))


class WhatIfForm(forms.Form):
    """The facts to try. An empty control means: as it is. `changes()` gives what differs from the case."""

    spare_rows = SPARE_ROWS
    offers_last_value = False
    draws_lesions = False

    def __init__(self, data: QueryDict, *, case: Case):
        self.case = case
        self.pathway = pathway_of(case.pathway)
        self.surroundings = AsItIs(case)
        self.proposal = self.surroundings.proposal
        self.facts = {
            name: FIELD_OF_TYPE[fact.type](fact)
            for name, fact in self.pathway.facts.items()
            if fact.type not in LEFT_OUT
        }
        super().__init__(data)
        self.fields |= self.facts

    def typed(self, name: str) -> Typed:
        """What stands in the controls of a fact. The lesions of the case are listed, so that one of them can differ."""
        typed = self[name].value()
        field = self.facts[name]
        return field.typed(self.surroundings.current.get(name)) if field.kind == "lesions" and typed.is_empty else typed

    def changes(self) -> dict[str, Any]:
        """Facts with a valid value that differs from the case."""
        self.errors  # noqa: B018 reads the form once
        found = {}
        for name in self.facts:
            stated = self.cleaned_data.get(name)
            if stated is not None and stated != self._canonical(name):
                found[name] = stated
        return found

    def _canonical(self, name: str) -> Any:
        stated = self.surroundings.current.get(name)
        try:
            return None if stated is None else self.pathway.facts[name].parse(stated).to_json()
        except FactError:  # stated under an older vocabulary
            return stated

    def query(self) -> QueryDict:
        """What belongs into the address: the entries of changed facts, and those that could not be read."""
        wanted = {*self.changes(), *self.errors}
        kept = QueryDict(mutable=True)
        removed = [key.removesuffix("-remove") + "-" for key in self.data if key.endswith("-remove")]
        for key in sorted(self.data):
            values = [value for value in self.data.getlist(key) if value.strip()]
            is_removed = any(key.startswith(row) for row in removed)
            if values and not is_removed and any(self.facts[name].owns(key) for name in wanted):
                kept.setlist(key, values)
        return kept

    def provisional_facts(self) -> dict[str, Any]:
        """What could be read so far."""
        read = {}
        for name, field in self.facts.items():
            try:
                stated = field.clean(self.typed(name))
            except ValidationError:
                continue
            if stated is not None:
                read[name] = stated
        return read

    def row(self, name: str) -> SafeString:
        """The control of one fact."""
        field = self.facts[name]
        if field.kind != "lesions":
            return FactRow(name).render(self, None)
        context = lesion_context(self, field)
        typed = self.typed(name)
        return render_to_string(
            "cases/what_if/_lesions.html",
            {
                "field": field,
                "name": name,
                "typed": typed,
                "rows": [*context["rows"], *context["spare"]],
                "apart": apart_chips(field, typed),
                "errors": self.errors.get(name, []),
            },
        )
