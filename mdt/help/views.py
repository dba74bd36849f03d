from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from mdt.help import actions
from mdt.help.context import ANSWERED
from mdt.help.parts import of_one_room
from mdt.help.search import search as find
from mdt.help.tours import TOURS, tour_of, tours_of
from mdt.help.words import by_group, words
from mdt.people.permissions import require_staff

MOST_ASKED = 80  # characters of a search
CHECKED = ("unverified", "read-in-source", "verified")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Cases, meetings, pages and words; as a page, or as the list of the search that Ctrl K opens."""
    found = find(request.user, request.GET.get("q", ""))
    return render(request, "help/_found.html" if request.htmx else "help/search.html", {"found": found})


@require_safe
def show_help(request: HttpRequest) -> HttpResponse:
    """The tours as text, to be read or begun again, and the keys that work everywhere."""
    held = tours_of(request.user)
    own = [(tour, tour.address(request.user, 1)) for tour in held]
    others = [tour for tour in TOURS.values() if tour not in held]
    checked = [words()[name] for name in CHECKED]
    return render(request, "help/help.html", {"own": own, "others": others, "checked_words": checked})


@require_safe
def show_glossary(request: HttpRequest) -> HttpResponse:
    """Every word that is explained anywhere, on one page, or those that fit what is asked."""
    asked = request.GET.get("q", "").strip()[:MOST_ASKED]
    groups = by_group(asked)
    count = sum(len(found) for _heading, found in groups)
    return render(request, "help/glossary.html", {"groups": groups, "asked": asked, "count": count})


@require_POST
def answer_tour(request: HttpRequest) -> HttpResponse:
    """The answer to the offer: begin, or not; it is not offered again."""
    own, begins = tour_of(request.user), request.POST.get("begin") == "yes"
    actions.answer_tour(person=request.user, was_taken=begins)
    request.session[ANSWERED] = True
    return redirect(own.address(request.user, 1) if own and begins else "queue")


@require_safe
def show_style(request: HttpRequest) -> HttpResponse:
    """Every part of the visual language with its states, for those who build and look after the pages."""
    require_staff(request.user)
    return render(request, "style.html", {"inventory": of_one_room()})
