"""Pages of the event log."""

from django.http import HttpRequest, HttpResponse


def events(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


export_events = verify_events = case_events = events
