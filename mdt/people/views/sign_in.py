"""Pages of signing in: the password, then the code where the person has a second factor."""

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mdt.demo_access import usernames
from mdt.people import actions, provider, sessions
from mdt.people.forms import CodeForm
from mdt.people.language import speak
from mdt.people.middleware import word_on_ending
from mdt.people.models import SecondFactor, SignIn, User
from mdt.people.permissions import Permission, can_anywhere
from mdt.sent import sent_in


class SignInPage(LoginView):
    """The sign-in; afterwards the pages speak the person's language."""

    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        """Where somebody wanted to go; the sign-in itself leads nowhere."""
        url = super().get_redirect_url()
        return "" if url.partition("?")[0] == self.request.path else url

    def get_context_data(self, **kwargs) -> dict:
        own = {"demo_users": usernames() if settings.DEMO else (), "has_provider": provider.is_on()}
        return super().get_context_data(**kwargs, **own, ending=word_on_ending(self.request))

    def get_form(self, *args, **kwargs) -> BaseForm:
        form = super().get_form(*args, **kwargs)
        form.fields["username"].label = _("User name")  # as every other page writes it
        return form

    def form_valid(self, form: BaseForm) -> HttpResponse:
        person = form.get_user()
        if SecondFactor.objects.confirmed().filter(person=person).exists():
            sessions.remember_password(self.request, person, person.backend, self.get_success_url())
            return redirect("sign-in-code")
        return come_in(self.request, person, person.backend, self.get_success_url())


sign_in = require_http_methods(["GET", "HEAD", "POST"])(SignInPage.as_view())  # Django's own takes PUT for POST


class SignOutPage(LogoutView):
    """The end of a session: the browser forgets what it kept of pages, in its cache and for going back."""

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


sign_out = SignOutPage.as_view()


def come_in(request: HttpRequest, person: User, backend: str, address: str) -> HttpResponse:
    """Open the session, and go to the page that was asked for, or to a form that came too late before."""
    request.session.pop("ended", None)
    if request.session.get("unsent", {}).get("person") != person.pk:
        request.session.pop("unsent", None)  # somebody else's words
    login(request, person, backend=backend)
    request.user = person
    return speak(redirect("unsent" if sessions.unsent(request) else _begins_at(person, address)), person.language)


def _begins_at(person: User, address: str) -> str:
    """The page that was asked for. Without one: the audit for auditors who treat nobody; the queue leads others on."""
    reads_only = can_anywhere(person, Permission.AUDIT_VIEW) and not can_anywhere(person, Permission.FINDING_RECORD)
    return reverse("audit") if reads_only and address in ("queue", reverse("queue")) else address


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code."""
    owed = sessions.pending(request)
    if owed is None:
        return redirect("sign-in")
    person, backend, address = owed
    form = CodeForm(sent_in(request))
    if form.is_valid():
        if _is_right(request, person, form.cleaned_data["code"]):
            request.signed_in_by = SignIn.Way.SECOND_FACTOR
            return come_in(request, person, backend, address)
        form.add_error("code", _("This code is not right, or it was used before. Wait for the next one."))
    return render(request, "registration/code.html", {"form": form}, status=422 if form.errors else 200)


def _is_right(request: HttpRequest, person: User, code: str) -> bool:
    """Tried under the same lock as the password; a wrong code counts as a failed sign-in."""
    credentials = {"username": person.username, "what": "code"}
    if AxesProxyHandler.is_allowed(request, credentials) and actions.use_code(person=person, code=code):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False
