"""What the pages of people share: carrying out an action, and a page with a form."""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mdt.people import actions


def done(form: BaseForm, action: Callable, **arguments) -> bool:
    """Whether the action was carried out; if it refuses, its message stands above the form."""
    try:
        action(**arguments)
    except actions.PeopleError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def form_page(request: HttpRequest, template: str, form: BaseForm, **context) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
