"""The texts of the page that a patient reads."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mdt.meetings.models import PatientPage


class PatientPageForm(forms.ModelForm):
    """Three short texts; what they lack, the action says beside the field."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # number of the page it was begun from

    class Meta:
        model = PatientPage
        fields = ["decided", "next", "ask"]
        labels = {"decided": _("What was decided"), "next": _("What happens next"), "ask": _("Who to ask")}
        help_texts = {
            "decided": _(
                "As you would say it at the bedside. Words of the field are explained at the foot of the page."
            ),
            "next": _("One line for each step, with its day."),
            "ask": _("Name, and a telephone number that the patient can call."),
        }
        widgets = {
            "decided": forms.Textarea(attrs={"rows": 7}),
            "next": forms.Textarea(attrs={"rows": 5}),
            "ask": forms.Textarea(attrs={"rows": 3}),
        }

    def _post_clean(self) -> None:
        """The action writes and checks the row."""
