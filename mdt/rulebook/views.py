"""Pages of the rules: reading, coverage, comparing editions, comparing with the paper, signing."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from classification import RulebookError
from classification.edition import Edition
from classification.rulebook import PathwayRules
from mdt.people.permissions import Permission, can_anywhere, require_anywhere
from mdt.rulebook import actions, checklist, differences, library, pages, parts
from mdt.rulebook.forms import JudgementForm, SearchForm, StepForm, TextForm
from mdt.rulebook.models import Status
from mdt.rulebook.search import find_rules
from mdt.rulebook.standing import judgements_of, standing_of
from mdt.rulebook.suggestions.page import open_count, suggestions_for
from mdt.rulebook.wording import said
from mdt.sent import sent_in

PARTS = {
    "options": (parts.options_of, gettext_lazy("Treatment options"), gettext_lazy("What may be offered, and when.")),
    "arguments": (
        parts.arguments_of,
        gettext_lazy("Arguments"),
        gettext_lazy("What speaks for and against options, and on what."),
    ),
    "gates": (
        parts.gates_of,
        gettext_lazy("Gates"),
        gettext_lazy("What must be known or done before an option is open."),
    ),
    "assumptions": (
        parts.assumptions_of,
        gettext_lazy("Assumptions"),
        gettext_lazy("What is usually meant where nobody said anything; provisional answers rest on it."),
    ),
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every pathway and scheme; with words in the search box, the rules that hold them."""
    form = SearchForm(request.GET)
    words = form.words
    found, count = find_rules(words)
    context = pages.index_context() | {"q": request.GET.get("q", "")[:100], "words": words}
    context |= {"found": found, "count": count, "open_suggestions": open_count()}
    return render(request, "rulebook/index.html", context)


@require_safe
def show_part(request: HttpRequest, pathway: str, part: str) -> HttpResponse:
    """Options, arguments, gates or assumptions of a pathway."""
    rules = library.pathway_or_404(pathway)
    if part not in PARTS:
        raise Http404
    read, heading, lead = PARTS[part]
    file_part = library.file_of_part(pathway, part)
    header = next((each for each in library.part_files(rules) if each.part == file_part), None)
    judgements = judgements_of(header.scheme, header.digest) if header else {}
    context = {
        "rows": read(rules, judgements) if part in ("arguments", "gates") else read(rules),
        "header": header,
        "header_label": said(header.labels) if header else "",
        "standing": standing_of(header) if header else None,
        "has_checklist": header is not None and pages.is_cited(header),
        "heading": heading,
        "lead": lead,
        "file_part": file_part,
        "pathway": pathway,
        "pathway_label": said(rules.pathway.labels),
    }
    return render(request, f"rulebook/{part}.html", context)


def _toml(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def part_file(request: HttpRequest, pathway: str, part: str) -> HttpResponse:
    """One of the pathway's own files, as it is."""
    return _toml(library.part_text(pathway, part), library.FILES[part])


@require_safe
def edition_file(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """The file of an edition, as it is."""
    _rules, found = library.edition_or_404(pathway, scheme, edition)
    return _toml(library.edition_text(pathway, found), found.file)


@require_safe
def show_edition(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """The rules of an edition as tables."""
    rules, found = library.edition_or_404(pathway, scheme, edition)
    context = pages.frame(rules, found, "rules-edition") | pages.edition_context(rules, found)
    context["suggestions"] = suggestions_for(request.user, pathway=pathway, scheme=scheme)
    return render(request, "rulebook/edition.html", context)


@require_safe
def show_coverage(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """Every combination of what the rules ask, with the category that it leads to."""
    rules, found = library.edition_or_404(pathway, scheme, edition)
    context = pages.frame(rules, found, "rules-coverage")
    context |= pages.coverage_context(rules, found, request.GET.get("category", ""))
    return render(request, "rulebook/coverage.html", context)


@require_http_methods(["GET", "POST"])
def compare_editions(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """Beside another edition, another reading of the same, or a text that somebody brought."""
    rules, found = library.edition_or_404(pathway, scheme, edition)
    form, other, status = TextForm(), None, 200
    if request.method == "POST":
        require_anywhere(request.user, Permission.RULES_REVIEW)
        form = TextForm(request.POST)
        status = 422
        if form.is_valid():
            other = _read(form, rules)
            status = 200 if other else 422
    else:
        other = _chosen(request, rules, found)
    context = pages.frame(rules, found, "rules-compare") | {
        "others": [
            (each.edition, said(each.labels))
            for each in rules.editions
            if each.scheme == found.scheme and each != found
        ],
        "readings": [(name, said(text)) for name, text in found.readings.items() if name != found.reading],
        "chosen": request.GET.get("with", ""),
        "form": form,
        "can_bring": can_anywhere(request.user, Permission.RULES_REVIEW),
    }
    if other is not None:
        context |= differences.comparison_context(rules, found, other)
    return render(request, "rulebook/compare.html", context, status=status)


def _chosen(request: HttpRequest, rules: PathwayRules, found: Edition) -> Edition | None:
    kind, _colon, name = request.GET.get("with", "").partition(":")
    if kind == "edition":
        return library.edition_or_404(rules.pathway.id, found.scheme, name)[1]
    return library.under_reading(rules, found, name) if kind == "reading" else None


def _read(form: TextForm, rules: PathwayRules) -> Edition | None:
    try:
        return library.read_text(rules, form.cleaned_data["text"])
    except RulebookError as refusal:
        row = refusal.row or _("the whole text")
        form.add_error("text", _("%(row)s: %(reason)s") % {"row": row, "reason": refusal.message})
        return None


@require_safe
def show_checklist(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """How to compare an edition with the paper, and how far this is done."""
    rules, found = library.signable_or_404(pathway, scheme, edition)
    context = pages.frame(rules, found, "rules-checklist") | checklist.checklist_context(rules, found, request.user)
    return render(request, "rulebook/checklist.html", context)


@require_http_methods(["GET", "POST"])
def judge_rule(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """One rule beside the paper: what was found, by whom, on which page. One at a time, on purpose."""
    rules, found = library.signable_or_404(pathway, scheme, edition)
    require_anywhere(request.user, Permission.RULES_REVIEW)
    rule = request.GET.get("rule", "")
    shown = checklist.judge_context(rules, found, rule)
    whole = reverse("rules-checklist", args=[pathway, scheme, edition])
    if shown is None:
        return redirect(whole)
    form = JudgementForm(sent_in(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _refuse_other_text(request, found)
                actions.judge_rule(pathway=pathway, edition=found, rule=rule, by=request.user, **form.cleaned_data)
            except actions.RuleRefusal as refusal:
                form.add_error(None, str(refusal))
                status = 409 if isinstance(refusal, actions.StaleRules) else 422
            else:
                messages.success(request, _("Recorded for %(rule)s.") % {"rule": rule})
                return redirect(_next_rule(rules, found, request) or whole)
    context = pages.frame(rules, found, "rules-checklist") | shown | {"form": form}
    return render(request, "rulebook/judge.html", context, status=status)


def _next_rule(rules: PathwayRules, edition: library.Signable, request: HttpRequest) -> str:
    """The address of the next rule that nobody compared yet; "" if there is none."""
    rule = checklist.checklist_context(rules, edition, request.user)["next_open"]
    address = reverse("rule-compare", args=[rules.pathway.id, edition.scheme, edition.edition])
    return f"{address}?{urlencode({'rule': rule})}" if rule else ""


def _refuse_other_text(request: HttpRequest, edition: library.Signable) -> None:
    """The page says which text it showed: a file that was changed since is not what the person read."""
    if request.POST.get("digest") != edition.digest:
        raise actions.StaleRules(
            _("The rule file changed in the meantime. Nothing was stored; read the new text first.")
        )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_edition(request: HttpRequest, pathway: str, scheme: str, edition: str) -> HttpResponse:
    """The life of an edition: who signed what, and the next signature with the password."""
    rules, found = library.signable_or_404(pathway, scheme, edition)
    form, code, asked = None, 200, request.POST.get("status", "")
    if request.method == "POST":
        if asked not in Status.values:
            raise Http404
        require_anywhere(request.user, actions.NEEDS[asked])
        form = StepForm(request.POST, user=request.user, request=request)
        code = 422
        if form.is_valid():
            try:
                _refuse_other_text(request, found)
                actions.sign_edition(
                    pathway=pathway,
                    edition=found,
                    status=asked,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    based_on=request.POST.get("based_on", ""),
                )
            except actions.RuleRefusal as refusal:
                form.add_error(None, str(refusal))
                code = 409 if isinstance(refusal, actions.StaleRules) else 422
            else:
                messages.success(
                    request, _("Signed. The edition is now: %(status)s.") % {"status": Status(asked).label}
                )
                return redirect("rules-sign", pathway, scheme, edition)
    context = pages.frame(rules, found, "rules-sign") | pages.sign_context(rules, found, request.user)
    for step in context["steps"]:
        is_asked = request.method == "POST" and step["status"] == asked
        step["form"] = form if is_asked else StepForm(user=request.user)
        step["form"].auto_id = f"{step['status']}_%s"  # several forms may stand on the page
        if is_asked and not step["obstacles"]:
            context["is_shown"] = True
    if code != 200 and not context.get("is_shown"):
        messages.error(request, " ".join(text for each in form.errors.values() for text in each))
    return render(request, "rulebook/sign.html", context, status=code)
