from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Restaging


class RestagingForm(forms.ModelForm):
    """The day of the first new examination, and why the disease is staged again."""

    class Meta:
        model = Restaging
        fields = ["started_on", "reason"]
        widgets = {
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_on", timezone.localdate())
        self.helper = FormHelper()
        self.helper.add_input(Submit("open", _("Open the restaging")))
