"""Who signs types the password again, so that an unlocked screen signs nothing."""

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mdt.people.models import User


class SignForm(forms.Form):
    """The password of the person who is signed in."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user: User, request: HttpRequest | None = None, **kwargs):
        super().__init__(*args, auto_id="sign_%s", **kwargs)
        self.user, self.request = user, request

    def clean_password(self) -> str:
        """Tried as at the sign-in: wrong ones are logged, and guessing at an unlocked screen is locked out."""
        password = self.cleaned_data["password"]
        if authenticate(self.request, username=self.user.username, password=password) != self.user:
            raise ValidationError(_("This is not your password. Nothing was signed."))
        return ""
