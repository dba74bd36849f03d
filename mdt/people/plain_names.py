"""Names and numbers that look like what they are: no sign in them that shows nothing, or turns other letters round."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Marks and overrides of the direction of writing, line and paragraph separators, the bare byte order mark. With one of
# them "12" reads as "21": a patient would be taken for another. Joiners stay: names in some scripts need them.
UNSEEN = re.compile("[\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def refuse_unseen(text: str) -> None:
    """Raise ValidationError for a name or number that cannot be read as it is written."""
    if UNSEEN.search(text):
        raise ValidationError(
            _("Signs that show nothing, or turn letters round, make it read as another. Type it anew.")
        )


def keep_plain(form: forms.BaseForm, *names: str) -> None:
    """Ask that of these fields of a form, as far as it has them."""
    for name in names:
        if name in form.fields:
            form.fields[name].validators = [*form.fields[name].validators, refuse_unseen]
