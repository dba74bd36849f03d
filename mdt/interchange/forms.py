from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    """A name by which one knows the address again."""

    name = forms.CharField(label=_("Where I use it"), max_length=60, help_text=_("For instance: phone."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = reverse_lazy("feed-make")
        self.helper.add_input(Submit("save", _("Make an address")))
