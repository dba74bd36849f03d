"""What a page sent. Whether a form was sent is the request's to say, not its entries': all boxes may be unticked."""

from django.http import HttpRequest, QueryDict


def sent_in(request: HttpRequest) -> QueryDict | None:
    """The entries of a form that was sent, also where there are none; None where a page is only opened."""
    return request.POST if request.method == "POST" else None
