"""The language of the pages after signing in: the person's own, where they chose one."""

from django.conf import settings
from django.http import HttpResponse


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Have the browser ask for pages in this language from now on, as the language button does; '' changes nothing."""
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, secure=settings.HTTPS, samesite="Lax")
    return response
