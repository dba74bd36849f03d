"""Pages of suggestions about rules: everybody who is signed in reads them; whoever may review answers."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from mdt.conflicts import not_stored
from mdt.people.permissions import Permission, can_anywhere, require_anywhere
from mdt.rulebook.actions import RuleRefusal
from mdt.rulebook.models import Suggestion, SuggestionAnswer
from mdt.rulebook.suggestions import actions, page


class AnswerForm(forms.Form):
    state = forms.ChoiceField(choices=SuggestionAnswer.State.choices)
    version = forms.IntegerField(required=False, min_value=0)
    text = forms.CharField(label=gettext_lazy("Answer"), max_length=actions.LONGEST)


@require_safe
def show_suggestions(request: HttpRequest) -> HttpResponse:
    """All suggestions, open ones first."""
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more) -> HttpResponse:
    context = {
        **more,
        "suggestions": page.suggestions_for(request.user),
        "can_answer": can_anywhere(request.user, Permission.RULES_REVIEW),
        "states": SuggestionAnswer.State.choices,
    }
    return render(request, "rulebook/suggestions.html", context, status=status)


@require_POST
def answer_suggestion(request: HttpRequest, suggestion: int) -> HttpResponse:
    """Take it up, decline it, or open it again."""
    require_anywhere(request.user, Permission.RULES_REVIEW)
    found, form = get_object_or_404(Suggestion, pk=suggestion), AnswerForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleRefusal(" ".join(text for each in form.errors.values() for text in each))
        actions.answer(suggestion=found, by=request.user, **form.cleaned_data)
    except RuleRefusal as refusal:
        return _page(request, status=422 if form.errors else 409, **not_stored(refusal, request.POST.get("text", "")))
    return redirect("rules-suggestions")
