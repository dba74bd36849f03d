"""Pages of one's own account: name, password, second factor, open sessions, and what came too late."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.conflicts import settled
from mdt.people import actions, roster, second_factor, sessions
from mdt.people.forms import CodeForm, OwnNameForm, OwnPasswordForm
from mdt.people.language import speak
from mdt.people.models import SecondFactor, User
from mdt.people.permissions import needs_second_factor
from mdt.people.signing import SignForm
from mdt.people.views.pages import done, form_page, with_conflict
from mdt.sent import sent_in
from mdt.unavailable import texts


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, address and language, and what others have set: discipline, teams, roles."""
    now = actions.version_of(request.user)
    # a form writes into its instance; the frame shows request.user
    form = settled(
        lambda data: OwnNameForm(data, instance=User.objects.get(pk=request.user.pk)), sent_in(request), version=now
    )
    if form.is_valid() and done(form, actions.change_person, person=request.user, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return speak(redirect("account"), form.cleaned_data["language"])
    with_conflict(form, version=now)
    return form_page(request, "people/account.html", form, teams=roster.teams_of(request.user))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(sent_in(request), person=request.user)
    if form.is_valid():
        key = request.session.session_key
        actions.change_own_password(person=request.user, password=form.cleaned_data["new"], key=key)
        update_session_auth_hash(request, request.user)
        actions.rename_session(old=key, new=request.session.session_key)
        messages.success(request, _("Your password is changed."))
        return redirect("account")
    return form_page(request, "people/password_change.html", form)


# --- Sessions ---


@require_safe
def show_sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    return render(request, "people/sessions.html", {"sessions": sessions.open_sessions(request)})


@require_POST
def revoke_session(request: HttpRequest, sign_in: int) -> HttpResponse:
    row = get_object_or_404(request.user.sign_ins.open(), pk=sign_in)
    actions.revoke_session(sign_in=row, by=request.user)
    messages.success(request, _("That session is ended."))
    return redirect("sessions")


@require_POST
def revoke_other_sessions(request: HttpRequest) -> HttpResponse:
    count = actions.revoke_other_sessions(person=request.user, key=request.session.session_key)
    said = ngettext("%(count)d other session is ended.", "%(count)d other sessions are ended.", count)
    messages.success(request, said % {"count": count})
    return redirect("sessions")


@require_http_methods(["GET", "POST"])
def show_unsent(request: HttpRequest) -> HttpResponse:
    """What a form brought after the session was over: to be sent now, or thrown away."""
    if request.method == "POST":
        request.session.pop("unsent", None)
        return redirect("queue")
    kept = sessions.unsent(request)
    if kept is None:
        return redirect("queue")
    return render(request, "people/unsent.html", {"unsent": kept, "texts": texts(kept["fields"])})


# --- Second factor ---


@require_safe
def show_second_factor(request: HttpRequest) -> HttpResponse:
    """Whether a second factor is set up, and the next step of setting one up."""
    return _factor_page(request)


@require_POST
def begin_second_factor(request: HttpRequest) -> HttpResponse:
    try:
        actions.begin_second_factor(person=request.user)
    except actions.PeopleError as refusal:
        messages.error(request, str(refusal))
    return redirect("second-factor")


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def confirm_second_factor(request: HttpRequest) -> HttpResponse:
    """The first code switches it on. The recovery codes stand on this one page and are kept nowhere in clear."""
    if request.method == "GET":  # the language was changed on that page
        return redirect("second-factor")
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            codes = actions.confirm_second_factor(person=request.user, code=form.cleaned_data["code"])
        except actions.PeopleError as refusal:
            form.add_error("code", str(refusal))
        else:
            request.session["second_factor"] = True
            return _factor_page(request, codes=codes)
    return _factor_page(request, form=form)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("second-factor")
    form = SignForm(request.POST, user=request.user, request=request)
    if form.is_valid() and SecondFactor.objects.confirmed().filter(person=request.user).exists():
        return _factor_page(request, codes=actions.make_recovery_codes(person=request.user))
    return _factor_page(request, sign_form=form)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return redirect("second-factor")
    form = SignForm(request.POST, user=request.user, request=request)
    if form.is_valid():
        actions.remove_second_factor(person=request.user, by=request.user)
        request.session["second_factor"] = False
        messages.success(request, _("The second factor is removed."))
        return redirect("second-factor")
    return _factor_page(request, sign_form=form)


def _factor_page(
    request: HttpRequest,
    *,
    form: CodeForm | None = None,
    sign_form: SignForm | None = None,
    codes: list[str] | None = None,
) -> HttpResponse:
    factor = SecondFactor.objects.filter(person=request.user).first()
    context = {
        "factor": factor,
        "codes": codes,
        "form": form or CodeForm(),
        "sign_form": sign_form or SignForm(user=request.user),
        "is_needed": needs_second_factor(request.user),
        "codes_left": request.user.recovery_codes.filter(used_at=None).count(),
    }
    if factor and factor.secret and not factor.confirmed_at:
        address = second_factor.address(factor.secret, request.user.username)
        context |= {"picture": second_factor.picture(address), "secret": factor.secret}
    return render(request, "people/second_factor.html", context, status=422 if form or sign_form else 200)
