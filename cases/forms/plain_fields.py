"""Fields of the findings form that are no facts: long texts, and the keys of what was found in the report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class KeysField(forms.Field):
    """Keys of what was found in the report (cases.forms.report_words), as the page posts them."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [str(key) for key in value or ()]


class ProseField(forms.CharField):
    """A long text that is refused, never cut, when it is too long."""

    def __init__(self, *, limit: int, too_long: str, **kwargs: Any):
        self.limit, self.too_long = limit, too_long
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise ValidationError(self.too_long % {"length": f"{len(value):,}", "limit": f"{self.limit:,}"})
