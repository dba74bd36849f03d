from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.actions.findings import draft_of, newest_finding_id
from cases.case_page import described_facts, header_context
from cases.finding_history import corrections_of, newer_findings, newest_of
from cases.forms.drafted import entries_after
from cases.forms.findings import FindingsForm
from cases.forms.page import draft_context, entries_of, page_context, with_lesion_in
from cases.forms.report_days import recorded
from cases.forms.report_file import NotReadError, read_file, said_of, with_text, words_about
from cases.forms.report_found import found_in
from cases.models import Case, Finding, FindingDraft
from cases.quotations import marked
from cases.reasoning import asked_disciplines, assumption_of, owners_of
from cases.recorded_words import stood, with_changes
from cases.sealing import name_in_log
from cases.views.way_back import asks_day, to_place, way_back, with_way_back
from mdt.people.disciplines import Discipline
from mdt.people.permissions import Permission, get_or_404, require_discipline

CASES = Case.objects.select_related("patient", "team")
FINDINGS = Finding.objects.select_related("case__patient", "case__team", "recorded_by", "supersedes", "restaging")
SPARE_ROWS, MOST_SPARE_ROWS = 3, 30


def _case(request: HttpRequest, reference: str) -> Case:
    return get_or_404(CASES, request.user, Permission.FINDING_RECORD, reference=reference)


def _known(discipline: str) -> str:
    if discipline not in Discipline.values:
        raise Http404
    return discipline


@require_safe
def choose_discipline(request: HttpRequest, reference: str) -> HttpResponse:
    """Leads to the form of the person's own discipline; asks where they have none, or with ?choose=1."""
    case, back = _case(request, reference), way_back(request)
    if request.user.discipline and "choose" not in request.GET:
        own = reverse("finding-record", args=[case.reference, request.user.discipline])
        return redirect(with_way_back(own, back))
    context = {"case": case, "disciplines": asked_disciplines(case.pathway), "way_back": with_way_back("", back)}
    return render(request, "cases/findings/choose_discipline.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_finding(request: HttpRequest, reference: str, discipline: str) -> HttpResponse:
    case, discipline = _case(request, reference), _known(discipline)
    if request.method == "POST":
        return _record(request, case, discipline)
    actions.open_case(case=case, by=request.user, page=name_in_log(case, f"findings form, {discipline}"))
    return _open(request, case, discipline)


@require_http_methods(["GET", "HEAD", "POST"])
def correct_finding(request: HttpRequest, reference: str, finding_id: int) -> HttpResponse:
    """The form filled with an earlier finding; what is recorded supersedes it. A corrected one leads to the newest."""
    case = _case(request, reference)
    finding = get_object_or_404(FINDINGS, case=case, pk=finding_id)
    if request.method == "POST":
        return _record(request, case, finding.discipline, corrects=finding)
    newer = Finding.objects.filter(supersedes=finding).first()
    if newer is not None:
        messages.warning(request, _("That finding was corrected already; this is the one that counts."))
        return redirect("finding", case.reference, newer.pk)
    actions.open_case(case=case, by=request.user, page=name_in_log(case, f"correction of finding {finding.pk}"))
    return _open(request, case, finding.discipline, corrects=finding)


def _whole(text: str) -> int | None:
    """A number as a page of ours writes it; None for anything else that may be posted."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _rows(text: str) -> int:
    """Empty rows of the lesion table for a browser without scripts."""
    rows = _whole(text)
    return SPARE_ROWS if rows is None else min(rows, MOST_SPARE_ROWS)


def _form(
    request: HttpRequest,
    case: Case,
    discipline: str,
    *,
    corrects: Finding | None = None,
    draft: FindingDraft | None = None,
) -> FindingsForm:
    return FindingsForm(
        request.POST if request.method == "POST" else None,
        case=case,
        discipline=discipline,
        based_on=newest_finding_id(case, discipline),
        corrects=corrects,
        draft=draft,
        asks_day=asks_day(request),
        spare_rows=_rows(request.GET.get("rows", "")),
    )


def _open(request: HttpRequest, case: Case, discipline: str, *, corrects: Finding | None = None) -> HttpResponse:
    """The form as it was left: the person's draft, if there is one. A closed case has no form."""
    if not case.is_open:
        messages.warning(request, _("This case is closed. Reopen it before recording anything."))
        return redirect(case)
    draft = draft_of(request.user, case, discipline, corrects)
    return _page(request, _form(request, case, discipline, corrects=corrects, draft=draft), draft=draft)


def _record(request: HttpRequest, case: Case, discipline: str, *, corrects: Finding | None = None) -> HttpResponse:
    """Store what was posted, or show the page again with everything typed and the message on top."""
    form = _form(request, case, discipline, corrects=corrects)
    if not form.is_valid():
        return _page(request, form, status=422)
    days, text, before = form.findings(), form.cleaned_data["report_text"], stood(case)
    try:
        if corrects is None:
            actions.record_findings(
                case=case,
                by=request.user,
                discipline=discipline,
                days=days,
                report_text=text,
                based_on=form.cleaned_data["based_on"],
                restaging=form.found_at(),
            )
        else:
            actions.correct_finding(
                finding=corrects,
                by=request.user,
                facts=days[0].facts,
                examined_on=days[0].on,
                report_text=text,
                impression=days[0].impression,
                reason=form.cleaned_data["reason"],
                restaging=form.found_at(),
                quoted=days[0].quoted,
            )
    except actions.StaleForm as error:
        since = form.cleaned_data["based_on"]
        if corrects is not None:  # what is typed stays, now as a correction of what stands, which is shown beside it
            form = _form(request, case, discipline, corrects=newest_of(corrects))
        form.add_error(None, str(error))
        return _page(request, form, status=409, since=since, late=corrects)
    except actions.ActionError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    case.refresh_from_db()
    said = _("The correction is recorded.") if corrects else recorded(form, days)
    messages.success(request, with_changes(said, case, before))
    return redirect(way_back(request) or case)


def _page(
    request: HttpRequest,
    form: FindingsForm,
    *,
    draft: FindingDraft | None = None,
    status: int = 200,
    since: int | None = None,
    late: Finding | None = None,
) -> HttpResponse:
    """The form's page. `since`: show the findings newer than this one, as after a stale draft or a refused record;
    `late`: those that came before a correction of this one."""
    since = draft.based_on if draft is not None else since
    kept = draft or draft_of(request.user, form.case, form.discipline, form.corrects)
    newer = newer_findings(form.case, form.discipline, since, corrects=late or form.corrects)
    if status == 409:
        form.take_newest()
    context = page_context(form, request.user) | {"draft": kept, "restored": draft, "newer": newer}
    context["way_back"] = way_back(request)
    return render(request, "cases/findings/record.html", context, status=status)


@require_POST
def save_draft(request: HttpRequest, reference: str, discipline: str) -> HttpResponse:
    """Every pause in typing ends here; so do "leave as draft" and, without scripts, "more rows"."""
    case, discipline = _case(request, reference), _known(discipline)
    number = request.POST.get("corrects", "")
    corrects = get_object_or_404(FINDINGS, case=case, discipline=discipline, pk=_whole(number)) if number else None
    form = _form(request, case, discipline, corrects=corrects)
    draft, refusal = None, ""
    entries = with_lesion_in(form, entries_of(request.POST), request.POST.get("segment", ""))
    try:
        draft = actions.save_draft(
            case=case,
            by=request.user,
            discipline=discipline,
            corrects=corrects,
            entries=entries,
            based_on=form.typed_based_on(),
        )
    except actions.ActionError as error:
        refusal = str(error)
    if request.htmx:
        context = draft_context(form) | {"draft": draft, "refusal": refusal}
        return render(request, "cases/findings/_draft_saved.html", context, status=422 if refusal else 200)
    if refusal:
        form.add_error(None, refusal)
        return _page(request, form, status=422)
    if "more" in request.POST:
        return to_place(request, form.page_url, "liver_lesions", rows=_rows(request.POST["more"]))
    if "segment" in request.POST:
        return to_place(request, form.page_url, "liver_lesions")
    messages.success(request, _("The draft is kept. Nothing is recorded yet."))
    return redirect(way_back(request) or case)


@require_POST
def read_report(request: HttpRequest, reference: str, discipline: str) -> HttpResponse:
    """What the pasted report says. Without scripts a choice is kept in the draft, as are the words of a note of the
    room. Nothing is recorded."""
    case, discipline = _case(request, reference), _known(discipline)
    number = request.POST.get("corrects", "")
    corrects = get_object_or_404(FINDINGS, case=case, discipline=discipline, pk=_whole(number)) if number else None
    form = _form(request, case, discipline, corrects=corrects)
    if request.htmx:
        return render(request, "cases/findings/_found.html", found_in(form))
    try:
        actions.save_draft(
            case=case,
            by=request.user,
            discipline=discipline,
            corrects=corrects,
            entries=entries_after(form, request.POST, draft_of(request.user, case, discipline, corrects)),
            based_on=form.typed_based_on(),
        )
    except actions.ActionError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    return to_place(request, form.page_url, "report-found")


@require_POST
def read_report_file(request: HttpRequest, reference: str, discipline: str) -> HttpResponse:
    """The text of a PDF or DOCX for the report's box. Without scripts it goes into the draft, below what stood."""
    case, discipline = _case(request, reference), _known(discipline)
    number = request.POST.get("corrects", "")
    corrects = get_object_or_404(FINDINGS, case=case, discipline=discipline, pk=_whole(number)) if number else None
    is_script, read, refusal = request.headers.get("Accept") == "application/json", None, ""
    try:
        read = read_file(request.FILES.get("file"))
    except NotReadError as error:
        refusal = said_of(error.reason)
    if is_script:
        return JsonResponse({"text": read.text, "said": words_about(read)} if read else {"refused": refusal})
    form = _form(request, case, discipline, corrects=corrects)
    try:
        if read:
            actions.save_draft(
                case=case,
                by=request.user,
                discipline=discipline,
                corrects=corrects,
                entries=with_text(entries_of(request.POST), read.text),
                based_on=form.typed_based_on(),
            )
    except actions.ActionError as error:
        refusal = str(error)
    if refusal:
        form.add_error("report_text", refusal)
        return _page(request, form, status=422)
    messages.info(request, words_about(read))
    return to_place(request, form.page_url, "report-found")


@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: HttpRequest, reference: str, draft_id: int) -> HttpResponse:
    """Asks first; only the author has this page."""
    case = _case(request, reference)
    drafts = FindingDraft.objects.select_related("case__team")
    draft = get_object_or_404(drafts, case=case, author=request.user, pk=draft_id)
    back = (
        reverse("finding-correct", args=[case.reference, draft.corrects_id])
        if draft.corrects_id
        else reverse("finding-record", args=[case.reference, draft.discipline])
    )
    if request.method != "POST":
        return render(request, "cases/findings/discard_draft.html", {"case": case, "draft": draft, "back": back})
    actions.discard_draft(draft=draft, by=request.user)
    messages.success(request, _("The draft is discarded."))
    return redirect(back)


@require_safe
def show_finding(request: HttpRequest, reference: str, finding_id: int) -> HttpResponse:
    """One finding as it was recorded: facts in words, report, and what corrections changed."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    finding = get_object_or_404(FINDINGS, case=case, pk=finding_id)
    actions.open_case(case=case, by=request.user, page=f"finding {finding.pk}")
    context = {
        **header_context(case, request.user, tab="findings"),
        "finding": finding,
        "facts": described_facts(case.pathway, finding, get_language()),
        "marked": marked(finding.report_text, finding.quotations.all()),
        "history": corrections_of(finding),
        "newer": Finding.objects.filter(supersedes=finding).first(),
    }
    return render(request, "cases/findings/finding.html", context)


@require_POST
def confirm_assumption(request: HttpRequest, reference: str) -> HttpResponse:
    """One click on an assumption of the shown proposal, by a discipline that knows the fact."""
    case = _case(request, reference)
    fact, number = request.POST.get("fact", ""), request.POST.get("proposal", "")
    shown = get_object_or_404(case.proposals, number=_whole(number))
    if assumption_of(case.pathway, fact) is not None:
        require_discipline(request.user, owners_of(case.pathway, fact))
    try:
        before = stood(case)
        actions.confirm_assumption(
            case=case, by=request.user, fact=fact, discipline=request.user.discipline, shown=shown
        )
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        case.refresh_from_db()
        said = _("The assumption is confirmed and recorded as your finding.")
        messages.success(request, with_changes(said, case, before))
    return redirect(case)
