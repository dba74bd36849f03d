"""The decision as a form: from the desk to the action's Content, and from a recorded version back."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mdt.meetings.actions.content import Choice, Content, Disagreement, Refused, Rejection, Step
from mdt.meetings.actions.content_rules import problems_of
from mdt.meetings.forms.desk_rows import ConditionFormSet, DissentFormSet, StepFormSet, condition_initial
from mdt.meetings.forms.long_select import LongSelect
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import ChosenOption, Decision, RejectedOption
from mdt.meetings.quorum import Quorum
from mdt.meetings.shown import OTHER_OPTION, Offered, Shown
from mdt.meetings.templatetags.meetings_display import category_name, offered_label
from mdt.meetings.waited_for import result_choices
from mdt.people.models import User

DEFERRED = "deferred"
QUESTIONS = {
    Decision.Check.STAGE: gettext_lazy("Was the stage discussed?"),
    Decision.Check.GUIDELINE: gettext_lazy("Was the plan looked at beside the guideline?"),
    Decision.Check.TRIAL: gettext_lazy("Was a clinical trial thought of?"),
    Decision.Check.GENETICS: gettext_lazy("Was genetic counselling or testing thought of?"),
    Decision.Check.SUPPORTIVE: gettext_lazy("Was supportive care thought of?"),
}
"""The checklist as the desk asks it; papers name each point by its word alone."""
TEXTS = ("reason", "reason_text", "intent", "conditions", "rationale", "quorum_reason", "preference", "comorbidity")


def _text(model, name: str, *, rows: int = 1, **kwargs) -> forms.CharField:
    """A text field with the model's own limit and label."""
    source = model._meta.get_field(name)
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    label = kwargs.pop("label", None) or capfirst(source.verbose_name)
    return forms.CharField(label=label, max_length=source.max_length, required=False, widget=widget, **kwargs)


def _rated(option: Offered | None) -> dict | None:
    """What the badge of an option needs; None for "none of these"."""
    return None if option is None else {"status": option.status, "depends_on": option.depends_on}


def _written(field: forms.BoundField) -> dict:
    """A field as plain content, so that a row that says the same is rendered once (mdt.people.alike)."""
    return {"id": field.auto_id, "label": field.label, "control": str(field), "errors": list(field.errors)}


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
    preference = _text(Decision, "preference", rows=2)
    comorbidity = _text(Decision, "comorbidity", rows=2)
    conditions = _text(
        Decision,
        "conditions",
        rows=2,
        label=gettext_lazy("Other conditions, in words"),
        help_text=gettext_lazy("Printed with the decision; they bring nothing back by themselves."),
    )
    rationale = _text(Decision, "rationale", rows=2)
    quorum_reason = _text(Decision, "quorum_reason", rows=2)
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
        for name in shown.options:
            self._add_rejection(name)
        for name, question in QUESTIONS.items():
            self.fields[f"check_{name}"] = forms.ChoiceField(
                label=question, required=False, choices=Decision.Answer.choices, widget=forms.RadioSelect
            )
        initial = {} if self.is_bound else initial or {}  # what is not sent back was taken out
        rows = {"people": people}
        self.dissents = DissentFormSet(
            data, prefix="dissents", initial=initial.get("dissents"), form_kwargs={**rows, "categories": names}
        )
        self.next_steps = StepFormSet(
            data, prefix="steps", initial=initial.get("next_steps"), form_kwargs={**rows, "earliest": earliest}
        )
        options = [(name, offered_label(offered)) for name, offered in shown.options.items()]
        self.conditions_that_run = ConditionFormSet(
            data,
            prefix="conditions",
            initial=initial.get("condition_rows"),
            form_kwargs={"facts": result_choices(shown.pathway), "options": options, "earliest": earliest},
        )

    def _add_rejection(self, option: str) -> None:
        """Considered and not chosen: why, in one choice, and in words where it needs them."""
        self.fields[f"rejected_{option}"] = forms.ChoiceField(
            label=_("Considered and rejected"),
            required=False,
            choices=[("", _("not said")), *RejectedOption.Reason.choices],
            widget=LongSelect,
        )
        self.fields[f"rejected_text_{option}"] = forms.CharField(
            label=_("Why, in words"),
            required=False,
            max_length=RejectedOption._meta.get_field("reason_text").max_length,
        )

    @property
    def row_sets(self) -> list:
        return [self.dissents, self.next_steps, self.conditions_that_run]

    @property
    def row_sets_by_prefix(self) -> dict:
        return {rows.prefix: rows for rows in self.row_sets}

    def option_label(self, option: str) -> str:
        """The wording of an option in the reader's language."""
        offered = self.shown.options.get(option)
        return offered_label(offered) if offered else _("None of these")

    @property
    def has_errors(self) -> bool:
        return bool(self.errors) or any(rows.total_error_count() for rows in self.row_sets)

    def checks(self) -> list:
        """The checklist, in its order."""
        return [self[f"check_{name}"] for name in Decision.Check.values]

    def option_rows(self) -> list[dict]:
        """The options in the order of the proposal, "none of these" last, each with its place in the decision.

        What the rules reject is folded away, unless it was chosen all the same.
        """
        chosen, by_rules = self["options"].value() or [], self.shown.rejected
        return [
            {
                "id": name,
                "label": self.option_label(name),
                "rated": _rated(self.shown.options.get(name)),
                "is_on": name in chosen,
                "is_folded": name not in chosen and name in by_rules,
                "rank": str(self[f"rank_{name}"].value() or ""),
                "rejected": None if name == OTHER_OPTION else _written(self[f"rejected_{name}"]),
                "rejected_text": None if name == OTHER_OPTION else _written(self[f"rejected_text_{name}"]),
                "is_rejected_by_rules": name in by_rules,
            }
            for name in [*self.shown.options, OTHER_OPTION]
        ]

    def is_valid(self) -> bool:
        """The desk and all its rows."""
        rows_are_valid = [rows.is_valid() for rows in self.row_sets]
        return super().is_valid() and all(rows_are_valid)

    def field_of(self, problem: Exception) -> str | None:
        """The field beside which a problem is said; None: above all of them."""
        name, row = getattr(problem, "field", ""), getattr(problem, "row", "")
        return next((each for each in (f"{name}_{row}", name) if each in self.fields), None)

    def clean(self) -> dict:
        cleaned = super().clean()
        if all(rows.is_valid() for rows in self.row_sets):
            for problem in problems_of(self.content(), self.shown):
                self._say(problem)
        if not self.quorum.is_quorate and not (cleaned.get("quorum_reason") or "quorum_reason" in self.errors):
            self.add_error(
                "quorum_reason", _("Disciplines are not marked as present: mark who is here, wait, or give a reason.")
            )
        if self.is_amendment and not (cleaned.get("amendment_reason") or "amendment_reason" in self.errors):
            self.add_error("amendment_reason", _("Say why the signed decision is amended."))
        return cleaned

    def _say(self, problem: Refused) -> None:
        field = self.field_of(problem)
        if field is None or field not in self.errors:
            self.add_error(field, str(problem))

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
            rejected=[
                Rejection(name, cleaned[f"rejected_{name}"], cleaned.get(f"rejected_text_{name}") or "")
                for name in self.shown.options
                if cleaned.get(f"rejected_{name}")
            ],
            checklist={
                name: cleaned[f"check_{name}"] for name in Decision.Check.values if cleaned.get(f"check_{name}")
            },
            condition_rows=[row.condition() for row in self.conditions_that_run if row.cleaned_data],
            **{name: cleaned.get(name) or "" for name in TEXTS},
        )

    def _choices(self) -> list[Choice]:
        """Ranked options first, in their order; then the others as they stand on the page."""
        chosen = self.cleaned_data.get("options") or []
        page = [*self.shown.options, OTHER_OPTION]
        chosen = sorted(chosen, key=lambda name: (self.cleaned_data.get(f"rank_{name}") or 100, page.index(name)))
        other = self.cleaned_data.get("other") or ""
        return [Choice(name, other if name == OTHER_OPTION else "") for name in chosen]


def initial_of(decision: Decision) -> dict:
    """A recorded version as the form's first values: to record it again, or to amend it.

    Without the dissents that members entered themselves: those go with the next version by themselves.
    """
    options = list(decision.options.all())
    others = [row.detail for row in options if row.option == OTHER_OPTION]
    return {
        "category": DEFERRED if decision.verdict == Decision.Verdict.DEFERRED else decision.category,
        **{name: getattr(decision, name) for name in TEXTS},
        "responsible": str(decision.responsible_id or ""),
        "options": [row.option for row in options],
        **{f"rank_{row.option}": row.rank for row in reversed(options)},
        "other": "; ".join(others),
        **{f"rejected_{row.option}": row.reason for row in decision.rejected_options.all()},
        **{f"rejected_text_{row.option}": row.reason_text for row in decision.rejected_options.all()},
        **{f"check_{name}": answer for name, answer in decision.checklist.items()},
        "dissents": [
            {"person": str(row.person_id), "category": row.category, "reason": row.reason}
            for row in decision.dissents.all()
            if not row.is_own_words and not row.is_withdrawn
        ],
        "next_steps": [
            {"what": row.what, "owner": str(row.owner_id), "due_on": row.due_on} for row in decision.next_steps.all()
        ],
        "condition_rows": [condition_initial(row) for row in decision.condition_rows.all()],
    }
