"""What a page sent. Whether a form was sent is the request's to say, not its entries': all boxes may be unticked."""

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def sent_in(request: HttpRequest) -> QueryDict | None:
    """The entries of a form that was sent, also where there are none; None where a page is only opened."""
    return request.POST if request.method == "POST" else None


def page_of_this_site(request: HttpRequest) -> str:
    """Address, without the host, of the page of this site on which a form stood, as the browser names it.

    "" where it names none, or another site's: browsers read `//other.site` and `/\\other.site` as such.
    """
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # "//[": no address at all
        return ""
    page = came_from._replace(scheme="", netloc="", fragment="").geturl()
    is_here = came_from.netloc == request.get_host() and came_from.path.startswith("/")
    return page if is_here and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""
