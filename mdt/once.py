"""A form counts once: a double click, the back button, a reload or a replay of the same request has no second effect.

Every page carries a token against forged forms, whose first half Django makes anew for each page. So the person, the
address, that half and the entries together name one form of one page. mdt.events.once keeps that it counted, within
the transaction of its effect. The same entries from a page that was opened later are another form.
"""

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from mdt import unavailable
from mdt.events import once
from mdt.events.models import SentForm
from mdt.sent import page_of_this_site

OF_THE_PAGE = 32
"""Letters of the token that belong to the page; the others hold the secret of the session."""
MAY_BE_REPEATED = {
    # What a page sends again and again while somebody types: the newest text holds.
    *("draft-save", "report-read", "report-file", "desk-draft"),
    # A file that is taken away again from the same page; each time is a line in the log.
    *("research", "patient-copy"),
    # Nothing is stored but the state of one's own session or browser.
    *("sign-in", "sign-in-code", "sign-out", "set_language"),
}
"""Names of the addresses that are safe by themselves."""


class FormsCountOnceMiddleware:
    """Answers a form that counted already as it was answered then; otherwise says which form the request brings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = once.present.set(None)
        try:
            response = self.get_response(request)
            return self._after(request, response)
        finally:
            once.present.reset(mark)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        sending = _sending(request)
        if sending is None:
            return None
        if once.taken_by_another(sending) is not None and (before := once.answered_by_another(sending)) is not None:
            return _as_before(request, before)
        # Also where the first was refused meanwhile: its browser shows the answer to this one, with the text in it.
        once.present.set(sending)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        sending = once.present.get()
        if sending is None or not isinstance(exception, once.SentBeforeError):
            return None
        before = once.answered_by_another(sending)
        return _to_be_sent_again(request) if before is None else _as_before(request, before)

    @staticmethod
    def _after(request: HttpRequest, response: HttpResponse) -> HttpResponse:
        sending = once.present.get()
        if sending is None or response.status_code == 503:  # the database is away: the mark cannot be told either
            return response
        if response.status_code < 400:
            once.keep_answer(sending, response.headers.get("Location", ""))
            return response
        if response.status_code >= 500:  # behind a line of the log; before, there is no mark
            once.keep_answer(sending, once.BROKE)
            return response
        once.give_back(sending)
        if once.taken_by_another(sending) is None or (before := once.answered_by_another(sending)) is None:
            return response
        return _as_before(request, before)  # its twin was quicker, so that what it asks for is done


def _sending(request: HttpRequest) -> once.Sending | None:
    """Which form this is; None for a request that no form of a page brought."""
    token = request.POST.get("csrfmiddlewaretoken", "") if request.method == "POST" else ""
    if len(token) <= OF_THE_PAGE or request.resolver_match.view_name in MAY_BE_REPEATED:
        return None
    entries = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, file in request.FILES.items())
    said = json.dumps([request.user.pk, request.get_full_path(), token[:OF_THE_PAGE], entries, files])
    # Keyed: entries may hold a password, and a copy of the database must not help to guess it.
    return once.Sending(salted_hmac("mdt.once", said, algorithm="sha256").hexdigest())


def _as_before(request: HttpRequest, before: SentForm) -> HttpResponse:
    """The answer of the first arrival; where that is on its way still, it is said that it is; where there was none,
    that it is not known."""
    if before.answer == once.BROKE:
        return _not_known(request)
    if before.is_answered:
        said = _("This form had arrived before. It counted once; nothing was stored a second time.")
    else:
        said = _("This form had arrived before and is being saved; it counts once. Open this page anew to see it.")
    if request.htmx:
        return _announced(said)
    messages.info(request, said)
    return redirect(before.answer or _page_of(request))


def _not_known(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return _announced(_("This form had arrived before and broke. Open this page anew to see what was stored."))
    page = unavailable.said("sent_and_broke.html", request, form_page=page_of_this_site(request))
    return HttpResponse(page, status=409)


def _to_be_sent_again(request: HttpRequest) -> HttpResponse:
    """The first arrival took the form, so that this one was undone, and was refused after that: the text is kept."""
    if request.htmx:  # what was typed stands in the page still
        return _announced(_("This form had been sent before, and that was refused: nothing is stored. Send it again."))
    return HttpResponse(unavailable.said("sent_again.html", request), status=409)


def _announced(said: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"announce": said})})


def _page_of(request: HttpRequest) -> str:
    """The page on which the form stood, where the first answer led nowhere."""
    page = page_of_this_site(request)
    if page and page.partition("?")[0] != request.path:
        return page
    return "queue" if request.user.is_authenticated else request.path
