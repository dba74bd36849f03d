"""What every answer says to the browser, errors and static files included; and requests in no readable encoding."""

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

# What a page of this system never needs: a script that got in must not get these either.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
ALWAYS = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def on_every_answer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the outermost: sets ALWAYS where nothing further in did, and keeps pages out of every cache.

    Static files say themselves how long they may be kept; whatever else says nothing holds patients' data.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


UNREADABLE = "mdt.unreadable"
READABLE = {"utf-8", "utf8", "us-ascii", "ascii"}
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';\s]*)[^;]*", re.IGNORECASE)


def without_charset(application: Callable) -> Callable:
    """A WSGI application to which nobody names another encoding than UTF-8.

    Python knows codecs that no browser sends ("utf-7", "idna", "hex"). Django takes the one that a request names, and
    some fail while it makes the request: before any middleware, so that the visitor got a bare 500.
    """

    def wrapped(environ: dict, start_response: Callable):
        said = environ.get("CONTENT_TYPE", "")
        named = CHARSET.search(said)
        if named:
            environ["CONTENT_TYPE"] = CHARSET.sub("", said)
            environ[UNREADABLE] = named[1].lower().replace("_", "-") not in READABLE
        return application(environ, start_response)

    return wrapped


def only_utf8(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request that says it is written in anything but UTF-8 is answered with 400."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.META.get(UNREADABLE):
            raise BadRequest("a request must be written in UTF-8")
        return get_response(request)

    return middleware
