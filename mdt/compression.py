"""Pages travel compressed, except where their length could tell a stranger something (docs/adr/0021)."""

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "image/svg+xml")
"""Kinds of answers that become smaller; PDFs, spreadsheets and archives are compressed inside."""
OWN = ("same-origin", "none")
"""Where a request may come from: a page of this site, or the reader's own hand (address, bookmark)."""


class CompressPages(GZipMiddleware):
    """Django's gzip, which adds random length to each answer, for requests that no other site began.

    Who can make a reader's browser ask for addresses of their choice and watches the line could learn from the lengths
    of answers whether a word they chose stands in the page too (BREACH). Over HTTPS a browser says who began a request.
    Without HTTPS whoever watches reads the page itself.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not response.headers.get("Content-Type", "").startswith(WORDS):
            return response
        if request.is_secure() and request.headers.get("Sec-Fetch-Site") not in OWN:
            return response
        return super().process_response(request, response)
