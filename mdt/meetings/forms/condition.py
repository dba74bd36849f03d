"""What a person says to a condition that runs."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.dates import DateInput
from mdt.meetings.models import ConditionStep


class EndConditionForm(forms.Form):
    """It no longer applies: only the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=ConditionStep._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the last answer that was shown, or 0
    submit = _("End the condition")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "edit"
        self.helper.add_input(Submit("confirm", self.submit))


class PostponeConditionForm(EndConditionForm):
    """Not yet: the day on which somebody looks again, and the reason."""

    next_on = forms.DateField(label=_("Look again on"), widget=DateInput())
    field_order = ("next_on", "reason", "version")
    submit = _("Put it off")
