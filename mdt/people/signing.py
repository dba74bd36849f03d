"""Who signs shows again who they are, by password or by a code, so that an unlocked screen signs nothing."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdt.people import actions, provider, sessions
from mdt.people.models import SecondFactor, User
from mdt.people.templatetags.looks import day


def confirms(request: HttpRequest, user: User, typed: str) -> bool:
    """Whether this is the person's password, or a code of their second factor.

    Tried as at the sign-in: wrong ones are logged and counted, and guessing at an unlocked screen is locked out.
    """
    looks_like_code = len("".join(typed.split())) == 6 and "".join(typed.split()).isdecimal()
    if looks_like_code and SecondFactor.objects.confirmed().filter(person=user).exists():
        if actions.use_code(person=user, code=typed):
            return True
        credentials = {"username": user.username, "what": "code"}
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        return False
    return authenticate(request, username=user.username, password=typed) == user


class SignForm(forms.Form):
    """The password of the person who is signed in, or a code; for some minutes after a signature nothing. Where
    `remembers` is false each signature asks; a confirmation at the hospital's sign-on serves one of them."""

    remembers = True

    @property
    def provider_url(self) -> str:
        """Where the person can show who they are at the hospital's sign-on; "" where there is none."""
        return reverse("sign-on") if provider.is_on() and settings.SIGN_MINUTES else ""

    password = forms.CharField(
        label=_("Your password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user: User, request: HttpRequest | None = None, **kwargs):
        super().__init__(*args, auto_id="sign_%s", **kwargs)
        self.user, self.request = user, request
        self.confirmed_until = getattr(user, "confirmed_until", None) if self.remembers else None
        self.is_confirmed = bool(self.confirmed_until) or getattr(user, "is_confirmed_by_provider", False)
        field = self.fields["password"]
        if SecondFactor.objects.confirmed().filter(person=user).exists():
            field.label = _("Your password, or a code")
        if self.is_confirmed:
            field.required = False
            field.label = _("Your password (not needed: confirmed at the hospital sign-on)")
        if self.confirmed_until:
            field.label = _("Your password is not asked until %(time)s") % {"time": day(self.confirmed_until, "time")}

    def clean_password(self) -> str:
        """Nothing of it is handed on."""
        typed = self.cleaned_data["password"]
        if not typed and self.is_confirmed:
            return ""
        if not confirms(self.request, self.user, typed):
            raise ValidationError(_("This is not your password. Nothing was signed."))
        sessions.confirm(self.request)
        return ""

    def clean(self) -> dict:
        """A confirmation at the provider is used up only by a form that is right in everything else."""
        cleaned = super().clean()
        if not self.errors and not self.remembers and not self.data.get(self.add_prefix("password")):
            sessions.use_provider_confirmation(self.request)
        return cleaned
