"""Rows of the desk: dissents, next steps, and conditions that run."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.dates import DateInput
from mdt.meetings.actions.content import Branch, Condition
from mdt.meetings.actions.content_rules import BRANCH_LENGTH, refuse_early, refuse_early_review
from mdt.meetings.forms.long_select import LongSelect
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import DecisionCondition, Dissent, NextStep
from mdt.people.models import User

BLANK_ROWS = 3  # one is shown; the others wait for a browser without JavaScript
BRANCHES = (1, 2, 3, 4)


class DissentForm(forms.Form):
    """One member who sees it differently."""

    def __init__(self, *args, people: Sequence[User], categories: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(people=people, label=_("Who"))
        self.fields["category"] = forms.ChoiceField(
            label=_("Type they would give"), required=False, choices=[("", _("not said")), *categories]
        )
        self.fields["reason"] = forms.CharField(
            label=_("Their reason"), max_length=Dissent._meta.get_field("reason").max_length
        )


class StepForm(forms.Form):
    """One next step."""

    what = forms.CharField(label=gettext_lazy("Next step"), max_length=NextStep._meta.get_field("what").max_length)
    due_on = forms.DateField(label=gettext_lazy("Due on"), widget=DateInput())

    def __init__(self, *args, people: Sequence[User], earliest: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.fields["owner"] = PersonField(people=people, label=_("Owner"))

    def clean_due_on(self) -> date:
        if self.cleaned_data["due_on"] < self.earliest:
            raise ValidationError(refuse_early(self.earliest))
        return self.cleaned_data["due_on"]


class ConditionForm(forms.Form):
    """One condition that runs: what is looked at, when at the latest, and what then."""

    what = forms.CharField(
        label=gettext_lazy("What is looked at"), max_length=DecisionCondition._meta.get_field("what").max_length
    )
    trigger = forms.ChoiceField(label=gettext_lazy("When"), choices=DecisionCondition.Trigger.choices)
    review_on = forms.DateField(label=gettext_lazy("At the latest on"), widget=DateInput())

    def __init__(self, *args, facts: list[tuple[str, str]], options: list[tuple[str, str]], earliest: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.fields["fact"] = forms.ChoiceField(
            label=_("Comes back early with the result"),
            required=False,
            choices=[("", _("no result")), *facts],
            widget=LongSelect,
        )
        for number in BRANCHES:
            self.fields[f"if_{number}"] = forms.CharField(label=_("If"), max_length=BRANCH_LENGTH, required=False)
            self.fields[f"then_{number}"] = forms.CharField(label=_("then"), max_length=BRANCH_LENGTH, required=False)
            self.fields[f"option_{number}"] = forms.ChoiceField(
                label=_("Option"), required=False, choices=[("", _("no option")), *options], widget=LongSelect
            )

    def has_changed(self) -> bool:
        """A row of which only the trigger is chosen says nothing."""
        return bool(set(self.changed_data) - {"trigger"})

    def branch_fields(self) -> list[tuple]:
        return [(self[f"if_{number}"], self[f"then_{number}"], self[f"option_{number}"]) for number in BRANCHES]

    def clean_review_on(self) -> date:
        if self.cleaned_data["review_on"] < self.earliest:
            raise ValidationError(refuse_early_review(self.earliest))
        return self.cleaned_data["review_on"]

    def clean(self) -> dict:
        cleaned = super().clean()
        for number in BRANCHES:
            found, then = cleaned.get(f"if_{number}"), cleaned.get(f"then_{number}")
            if then and not found:
                self.add_error(f"if_{number}", _("Say what is found."))
            if (found or cleaned.get(f"option_{number}")) and not then:
                self.add_error(f"then_{number}", _("Say what then."))
        return cleaned

    def condition(self) -> Condition:
        """What the action takes."""
        cleaned = self.cleaned_data
        return Condition(
            what=cleaned["what"],
            trigger=cleaned["trigger"],
            review_on=cleaned["review_on"],
            fact=cleaned.get("fact") or "",
            branches=[
                Branch(cleaned[f"if_{number}"], cleaned[f"then_{number}"], cleaned.get(f"option_{number}") or "")
                for number in BRANCHES
                if cleaned.get(f"if_{number}")
            ],
        )


class Rows(BaseFormSet):
    """Rows of which a blank one counts for nothing, also where an earlier version had an entry in its place."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()


def _rows(form: type[forms.Form], most: int) -> type[BaseFormSet]:
    return formset_factory(form, Rows, extra=BLANK_ROWS, max_num=most, absolute_max=most, validate_max=True)


DissentFormSet = _rows(DissentForm, 20)
StepFormSet = _rows(StepForm, 20)
ConditionFormSet = _rows(ConditionForm, 8)


def condition_initial(row: DecisionCondition) -> dict[str, object]:
    """A recorded condition as the first values of its form."""
    values = {"what": row.what, "trigger": row.trigger, "fact": row.fact, "review_on": row.review_on}
    for number, branch in zip(BRANCHES, row.branches, strict=False):
        values |= {f"if_{number}": branch["if"], f"then_{number}": branch["then"], f"option_{number}": branch["option"]}
    return values
