"""The hospital's own sign-on: there and back."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from mdt.people import actions, provider, sessions
from mdt.people.models import SecondFactor, SignIn, User
from mdt.people.views.sign_in import come_in

BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@require_safe
def sign_on(request: HttpRequest) -> HttpResponse:
    """To the provider. `again`: only to show anew who one is, before signing."""
    if not provider.is_on():
        return redirect("sign-in")
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    again = "again" in request.GET and request.user.is_authenticated
    request.session["sign_on"] = {"next": wanted if is_ours else reverse("queue"), "again": again}
    try:
        return provider.to_provider(request, again=again)
    except provider.SignOnFailed:
        return _refused(request, None, "provider")


@login_not_required
@require_safe
def sign_on_answer(request: HttpRequest) -> HttpResponse:
    """Back from the provider: to the page that was asked for, by way of the code where one is owed."""
    asked = request.session.pop("sign_on", None)
    if not provider.is_on() or asked is None:
        return redirect("sign-in")
    try:
        claims = provider.claims_of(request)
    except provider.SignOnFailed:
        return _refused(request, None, "provider")
    person = provider.known_person(claims)
    if asked["again"]:
        return _confirm(request, person, claims, asked["next"])
    if person is None and (person := provider.namesake(claims)) is not None and person.is_active:
        actions.link_to_provider(person=person, issuer=claims["iss"], subject=claims["sub"])
    if person is None or not person.is_active:
        return _refused(request, person, "no account")
    return _let_in(request, person, claims, asked["next"])


def _let_in(request: HttpRequest, person: User, claims: dict, address: str) -> HttpResponse:
    if provider.had_second_factor(claims) or not SecondFactor.objects.confirmed().filter(person=person).exists():
        request.signed_in_by = SignIn.Way.PROVIDER
        request.has_second_factor = provider.had_second_factor(claims)
        return come_in(request, person, BACKEND, address)
    sessions.remember_password(request, person, BACKEND, address)
    return redirect("sign-in-code")


def _confirm(request: HttpRequest, person: User | None, claims: dict, address: str) -> HttpResponse:
    """The person who is signed in showed again who they are: nobody else, and just now."""
    if person is None or person != request.user or not provider.is_fresh(claims):
        return _refused(request, request.user if request.user.is_authenticated else None, "signature")
    sessions.confirm_by_provider(request)
    return redirect(address)


def _refused(request: HttpRequest, person: User | None, what: str) -> HttpResponse:
    actions.refuse_sign_on(person=person, address=request.META.get("REMOTE_ADDR", ""), what=what)
    return render(request, "registration/sign_on_failed.html", {"what": what}, status=403)
