"""On every page: the card of the tour's step, while one is on; on the first page after signing in, the offer of one."""

from django.http import HttpRequest
from django.urls import reverse

from mdt.help.models import TourAnswer
from mdt.help.tours import TOURS, Tour, tour_of

ANSWERED = "tour_answered"


def tour(request: HttpRequest) -> dict:
    """Context processor. `tour_card` while a tour is on, `tour_offer` until it was answered once."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "htmx", False) or request.method != "GET":
        return {}
    asked = TOURS.get(request.GET.get("tour", ""))
    if asked:
        return {"tour_card": _card(request, asked)}
    own = tour_of(user)
    return {"tour_offer": own} if own and _is_to_be_offered(request, own) else {}


def _card(request: HttpRequest, asked: Tour) -> dict:
    text = request.GET.get("step", "1")
    number = min(max(int(text) if text.isdecimal() and text.isascii() and len(text) < 3 else 1, 1), len(asked.steps))
    return {
        "tour": asked,
        "step": asked.steps[number - 1],
        "number": number,
        "count": len(asked.steps),
        "back": asked.address(request.user, number - 1) if number > 1 else "",
        "next": asked.address(request.user, number + 1) if number < len(asked.steps) else "",
        "here": request.path,
    }


def _is_to_be_offered(request: HttpRequest, own: Tour) -> bool:
    """On the page where the person's tour begins, or at the queue; asked of the database until it was answered once."""
    if request.path not in (reverse("queue"), own.steps[0].page(request.user)) or request.session.get(ANSWERED):
        return False
    if TourAnswer.objects.filter(person=request.user).exists():
        request.session[ANSWERED] = True  # asked once in a session
        return False
    return True
