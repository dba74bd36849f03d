"""What happened to a patient, as a small form for each kind."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.dates import DateInput
from cases.models import Case
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.outcome.working_days import today_of

VALUE_LABELS = {
    FollowUpEvent.Kind.TREATMENT: gettext_lazy("Which treatment"),
    FollowUpEvent.Kind.RESPONSE: gettext_lazy("How it responded"),
    FollowUpEvent.Kind.RESECTION: gettext_lazy("Residual tumour"),
    FollowUpEvent.Kind.RECURRENCE: gettext_lazy("Where"),
    FollowUpEvent.Kind.DEATH: gettext_lazy("Of what"),
}


class FollowUpForm(forms.Form):
    """One kind of event; the same form corrects one, and then asks why."""

    happened_on = forms.DateField()
    value = forms.ChoiceField(widget=forms.RadioSelect)
    text = forms.CharField(required=False)
    told_by = forms.CharField(required=False)
    reason = forms.CharField()
    keeps_contradiction = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the entry that stood when it was opened

    about_the_change = ("reason", "keeps_contradiction")

    def __init__(self, *args, case: Case, kind: str, corrects: FollowUpEvent | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        fields, columns = self.fields, FollowUpEvent._meta
        for name in ("happened_on", "text", "told_by"):
            fields[name].label = columns.get_field(name).verbose_name.capitalize()
        for name in ("text", "told_by", "reason"):
            fields[name].max_length = columns.get_field(name).max_length
            fields[name].widget.attrs["maxlength"] = fields[name].max_length
        fields["told_by"].help_text = _("A relative, the family doctor, a registry. Empty: you know it yourself.")
        fields["text"].help_text = _("Without the patient's name.")
        fields["reason"].label = _("Why it is changed")
        fields["keeps_contradiction"].label = _("Keep it all the same: both stay until one is corrected")
        today = today_of(case.team).isoformat()
        fields["happened_on"].widget = DateInput(attrs={"max": today, "min": case.patient.born_on.isoformat()})
        self._choose(fields["value"])
        if corrects is None:
            del fields["reason"]
        self.hide_contradiction()

    def _choose(self, field: forms.ChoiceField) -> None:
        values = FollowUpEvent.VALUES[self.kind]
        if not values:
            del self.fields["value"]
            return
        needed = self.kind in FollowUpEvent.NEEDS_VALUE
        field.required, field.label = needed, VALUE_LABELS[self.kind]
        field.choices = values if needed else [("", _("not said")), *values]
        field.initial = None if needed else ""

    def hide_contradiction(self) -> None:
        self._lay_out(asks=bool(self.data.get("keeps_contradiction")))

    def ask_about_contradiction(self) -> None:
        """Let the reader say that both are to stay."""
        self._lay_out(asks=True)

    def _lay_out(self, *, asks: bool) -> None:
        parts = [Row(Column("happened_on"), Column("value")) if "value" in self.fields else "happened_on"]
        parts.append(Row(Column("text"), Column("told_by")))
        parts.append("version")
        if "reason" in self.fields:
            parts.append("reason")
        if asks:
            parts.append("keeps_contradiction")
        self.helper = FormHelper()
        self.helper.form_id = "edit"
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(*parts, Submit("save", _("Keep it")))
