from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms.restaging import RestagingForm
from cases.models import Case
from mdt.people.permissions import Permission, get_or_404
from mdt.sent import sent_in


@require_http_methods(["GET", "HEAD", "POST"])
def open_restaging(request: HttpRequest, reference: str) -> HttpResponse:
    """Says first what opening changes, then asks for the day and the reason."""
    cases = Case.objects.select_related("patient", "team")
    case = get_or_404(cases, request.user, Permission.FINDING_RECORD, reference=reference)
    form = RestagingForm(sent_in(request))
    if form.is_valid():
        try:
            actions.open_restaging(
                case=case, by=request.user, on=form.cleaned_data["started_on"], reason=form.cleaned_data["reason"]
            )
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The restaging is open. The type at presentation stays as it is."))
            return redirect(case)
    return render(
        request, "cases/restaging_open.html", {"case": case, "form": form}, status=422 if form.errors else 200
    )
