"""Which kinds of messages a person is told of."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from mdt.mail.kinds import MUTABLE


class KindsForm(forms.Form):
    """Check boxes, one for each kind that may be switched off."""

    kinds = forms.MultipleChoiceField(
        label=_("Tell me of"),
        required=False,
        choices=[(kind.value, kind.label) for kind in MUTABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Invitations, letters and released outcomes always come."),
    )

    helper = FormHelper()
    helper.add_input(Submit("save", _("Save")))
