"""The form by which data that may only be stored are opened to read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mdt.people.models import RestrictedOpening


class OpenRestrictedForm(forms.ModelForm):
    """By which exception of the law, and why."""

    reason = forms.CharField(
        label=_("Why you must read it now"),
        min_length=10,
        max_length=RestrictedOpening._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors and the privacy office read this. Name no patient."),
    )

    class Meta:
        model = RestrictedOpening
        fields = ["ground", "reason"]
        widgets = {"ground": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = RestrictedOpening.Ground.choices
