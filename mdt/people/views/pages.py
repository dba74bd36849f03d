"""What the pages of people share: carrying out an action, and a page with a form."""

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mdt.conflicts import conflict_of
from mdt.people import actions


def done(form: BaseForm, action: Callable, **arguments) -> bool:
    """Whether the action was carried out; if it refuses, its message stands above the form. A form with parts of two
    texts that are not answered yet is not carried out."""
    if getattr(form, "conflict", None):
        return False
    try:
        action(**arguments)
    except actions.PeopleError as refusal:
        form.add_error(None, str(refusal))
        form.is_stale = isinstance(refusal, actions.StalePeopleError)
        return False
    return True


def with_conflict(form: BaseForm, *, version: str) -> None:
    """Show both texts of a form that somebody overtook."""
    if getattr(form, "is_stale", False):
        form.conflict = conflict_of(form, version=version)


def status_of(form: BaseForm) -> int:
    """409 for a form that somebody overtook, 422 for one with mistakes."""
    if getattr(form, "conflict", None) or getattr(form, "is_stale", False):
        return 409
    return 422 if form.errors else 200


def form_page(request: HttpRequest, template: str, form: BaseForm, **context) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=status_of(form))
