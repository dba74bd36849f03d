"""The decision as a form: from the desk to the action's Content, and from a recorded version back."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.referral import DateInput
from mdt.meetings.actions.content import Choice, Content, Disagreement, Step, problems_of, refuse_early
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import ChosenOption, Decision, Dissent, NextStep
from mdt.meetings.quorum import Quorum
from mdt.meetings.shown import OTHER_OPTION, Shown
from mdt.meetings.templatetags.meetings_display import category_name
from mdt.people.models import User

DEFERRED = "deferred"
BLANK_ROWS = 3  # one is shown; the others wait for a browser without JavaScript


def _text(model, name: str, *, rows: int = 1, **kwargs) -> forms.CharField:
    """A text field with the model's own limit and label."""
    source = model._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(
        label=capfirst(source.verbose_name), max_length=source.max_length, required=False, widget=widget, **kwargs
    )


class DissentForm(forms.Form):
    """One member who sees it differently."""

    def __init__(self, *args, people: Sequence[User], categories: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(people=people, label=_("Who"))
        self.fields["category"] = forms.ChoiceField(
            label=_("Category they would give"), required=False, choices=[("", _("not said")), *categories]
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


class Rows(BaseFormSet):
    """Rows of which a blank one counts for nothing, also where an earlier version had an entry in its place."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()


DissentFormSet = formset_factory(DissentForm, Rows, extra=BLANK_ROWS, max_num=20, absolute_max=20, validate_max=True)
StepFormSet = formset_factory(StepForm, Rows, extra=BLANK_ROWS, max_num=20, absolute_max=20, validate_max=True)


class DecisionForm(forms.Form):
    """Everything on the desk. Valid means: the action will take it, unless somebody else was quicker."""

    proposal = forms.IntegerField(widget=forms.HiddenInput)
    based_on = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        required=False,
        choices=[("", gettext_lazy("not chosen")), *Decision.Reason.choices],
    )
    reason_text = _text(Decision, "reason_text", rows=2)
    other = _text(ChosenOption, "detail")
    intent = forms.ChoiceField(
        label=gettext_lazy("Intent"),
        required=False,
        choices=[("", gettext_lazy("not chosen")), *Decision.Intent.choices],
    )
    conditions = _text(Decision, "conditions", rows=2)
    rationale = _text(Decision, "rationale", rows=2)
    quorum_reason = _text(Decision, "quorum_reason")
    amendment_reason = _text(Decision, "amendment_reason", rows=2)

    def __init__(
        self,
        data=None,
        *,
        shown: Shown,
        people: Sequence[User],
        quorum: Quorum,
        earliest: date,
        is_amendment: bool = False,
        initial: dict | None = None,
    ):
        super().__init__(data, initial=initial)
        self.shown, self.quorum, self.is_amendment = shown, quorum, is_amendment
        names = [(category, category_name(category, shown.pathway)) for category in shown.choices]
        self.fields["category"] = forms.ChoiceField(
            label=_("Type"), required=False, choices=[*names, (DEFERRED, _("deferred"))], widget=forms.RadioSelect
        )
        self.fields["responsible"] = PersonField(people=people, label=_("Responsible"), required=False)
        self.fields["options"] = forms.MultipleChoiceField(
            label=_("Options, in order"),
            required=False,
            choices=[(name, name) for name in [*shown.options, OTHER_OPTION]],
        )
        for name in [*shown.options, OTHER_OPTION]:
            self.fields[f"rank_{name}"] = forms.IntegerField(required=False, min_value=1, max_value=99)
        initial = {} if self.is_bound else initial or {}  # what is not sent back was taken out
        rows = {"people": people}
        self.dissents = DissentFormSet(
            data, prefix="dissents", initial=initial.get("dissents"), form_kwargs={**rows, "categories": names}
        )
        self.next_steps = StepFormSet(
            data, prefix="steps", initial=initial.get("next_steps"), form_kwargs={**rows, "earliest": earliest}
        )

    def option_rows(self) -> list[dict]:
        """The options in the order of the proposal, "none of these" last, each with its place in the decision.

        What the rules reject is folded away, unless it was chosen all the same.
        """
        chosen = self["options"].value() or []
        return [
            {
                "id": name,
                "option": self.shown.options.get(name),
                "is_on": name in chosen,
                "is_folded": name not in chosen and name in self.shown.rejected,
                "rank": self[f"rank_{name}"].value() or "",
                "is_other": name == OTHER_OPTION,
            }
            for name in [*self.shown.options, OTHER_OPTION]
        ]

    def folded_rows(self) -> list[dict]:
        return [row for row in self.option_rows() if row["is_folded"]]

    def is_valid(self) -> bool:
        """The desk and all its rows."""
        rows_are_valid = [self.dissents.is_valid(), self.next_steps.is_valid()]
        return super().is_valid() and all(rows_are_valid)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.dissents.is_valid() and self.next_steps.is_valid():
            for problem in problems_of(self.content(), self.shown):
                field = problem.field if problem.field in self.fields else None
                if field is None or field not in self.errors:
                    self.add_error(field, str(problem))
        if not self.quorum.is_quorate and not (cleaned.get("quorum_reason") or "quorum_reason" in self.errors):
            self.add_error("quorum_reason", _("Disciplines are away: give a reason, or wait."))
        if self.is_amendment and not (cleaned.get("amendment_reason") or "amendment_reason" in self.errors):
            self.add_error("amendment_reason", _("Say why the signed decision is amended."))
        return cleaned

    def content(self) -> Content:
        """What the action takes."""
        cleaned = self.cleaned_data
        category = cleaned.get("category") or ""
        is_deferred = category == DEFERRED
        return Content(
            category="" if is_deferred else category,
            is_deferred=is_deferred,
            options=self._choices(),
            responsible=cleaned.get("responsible"),
            dissents=[
                Disagreement(row["person"], row["reason"], row["category"]) for row in self.dissents.cleaned_data if row
            ],
            next_steps=[Step(row["what"], row["owner"], row["due_on"]) for row in self.next_steps.cleaned_data if row],
            **{
                name: cleaned.get(name) or ""
                for name in ("reason", "reason_text", "intent", "conditions", "rationale", "quorum_reason")
            },
        )

    def _choices(self) -> list[Choice]:
        """Ranked options first, in their order; then the others as they stand on the page."""
        chosen = self.cleaned_data.get("options") or []
        page = [*self.shown.options, OTHER_OPTION]
        chosen = sorted(chosen, key=lambda name: (self.cleaned_data.get(f"rank_{name}") or 100, page.index(name)))
        other = self.cleaned_data.get("other") or ""
        return [Choice(name, other if name == OTHER_OPTION else "") for name in chosen]


def initial_of(decision: Decision) -> dict:
    """A recorded version as the form's first values: to record it again, or to amend it."""
    options = list(decision.options.all())
    others = [row.detail for row in options if row.option == OTHER_OPTION]
    return {
        "category": DEFERRED if decision.verdict == Decision.Verdict.DEFERRED else decision.category,
        **{
            name: getattr(decision, name)
            for name in ("reason", "reason_text", "intent", "conditions", "rationale", "quorum_reason")
        },
        "responsible": str(decision.responsible_id or ""),
        "options": [row.option for row in options],
        **{f"rank_{row.option}": row.rank for row in reversed(options)},
        "other": "; ".join(others),
        "dissents": [
            {"person": str(row.person_id), "category": row.category, "reason": row.reason}
            for row in decision.dissents.all()
        ],
        "next_steps": [
            {"what": row.what, "owner": str(row.owner_id), "due_on": row.due_on} for row in decision.next_steps.all()
        ],
    }
