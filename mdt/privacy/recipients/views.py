"""Pages of the privacy office about recipients."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.people.permissions import Permission, get_or_404
from mdt.privacy import actions
from mdt.privacy.forms import NoticeAnswerForm, RecipientsForm, RectifiedForm
from mdt.privacy.models import Notice
from mdt.privacy.page import teams_of
from mdt.privacy.recipients import page
from mdt.sent import sent_in


@require_GET
def show_notices(request: HttpRequest) -> HttpResponse:
    """Who is still to be told, and who was; with `?reference=` it leads to the recipients of that case."""
    teams = teams_of(request.user)
    if not teams:
        raise PermissionDenied
    form = RecipientsForm(request.GET if "reference" in request.GET else None)
    if form.is_valid() and (case := form.case_in(teams)):
        return redirect("disclosures", case.reference)
    context = {"form": form, **page.all_notices(request.user)}
    return render(request, "privacy/notices.html", context, status=422 if form.errors else 200)


@require_GET
def show_disclosures(request: HttpRequest, reference: str) -> HttpResponse:
    """Who received what of one case, and when. Looking is logged."""
    return _page_of(request, _case_or_404(request, reference), RectifiedForm())


@require_POST
def say_rectified(request: HttpRequest, reference: str) -> HttpResponse:
    """Data of this case were corrected: each recipient outside is to be told."""
    case = _case_or_404(request, reference)
    form = RectifiedForm(request.POST)
    if form.is_valid():
        try:
            actions.say_rectified(case=case, by=request.user, reason=form.cleaned_data["reason"])
            return redirect("disclosures", case.reference)
        except ActionError as error:
            form.add_error(None, str(error))
    return _page_of(request, case, form)


@require_http_methods(["GET", "POST"])
def answer_notice(request: HttpRequest, notice: int) -> HttpResponse:
    """Say that a recipient was told, or why they need not be."""
    rows = Notice.objects.select_related("team", "noted_by", "answer__answered_by")
    found = get_or_404(rows, request.user, Permission.PRIVACY_MANAGE, pk=notice)
    form = NoticeAnswerForm(sent_in(request))
    if form.is_valid():
        try:
            actions.answer_notice(notice=found, by=request.user, **form.cleaned_data)
            return redirect("notices")
        except ActionError as error:
            form.add_error(None, str(error))
    context = {"form": form, "notice": found}
    return render(request, "privacy/answer_notice.html", context, status=422 if form.errors else 200)


def _case_or_404(request: HttpRequest, reference: str) -> Case:
    rows = Case.objects.select_related("team", "patient")
    return get_or_404(rows, request.user, Permission.PRIVACY_MANAGE, reference=reference)


def _page_of(request: HttpRequest, case: Case, form: RectifiedForm) -> HttpResponse:
    actions.look_up(case=case, by=request.user)
    context = {"form": form, **page.of_case(case)}
    return render(request, "privacy/disclosures.html", context, status=422 if form.errors else 200)
