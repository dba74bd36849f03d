"""The box for a day, in every form."""

from django import forms


class DateInput(forms.DateInput):
    """The browser's own box, which takes and gives YYYY-MM-DD whatever the language."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)
