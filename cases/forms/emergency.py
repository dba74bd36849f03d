"""The form by which a case of another team is opened in an emergency."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from mdt.people.models import EmergencyAccess


class EmergencyForm(forms.Form):
    """Which case, and why."""

    reference = forms.CharField(
        label=_("Reference of the case"), max_length=32, help_text=_("For instance GC-2026-0147.")
    )
    reason = forms.CharField(
        label=_("Why you must read it now"),
        min_length=10,
        max_length=EmergencyAccess._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Auditors and chairs of its team read this. Name no patient."),
    )

    helper = FormHelper()
    helper.form_action = ""
    helper.add_input(Submit("open", _("Open the case")))
