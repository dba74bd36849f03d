import re

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.actions import ActionError
from mdt.addresses import public
from mdt.interchange import actions
from mdt.interchange.calendar import calendar_of
from mdt.interchange.forms import FeedForm
from mdt.interchange.models import CalendarFeed
from mdt.limits import WINDOW_SECONDS, is_too_often

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
READS, GUESSES = 60, 120  # in ten minutes: of one address, and of addresses that are none from one client


@require_safe
def show_feeds(request: HttpRequest) -> HttpResponse:
    """One's own calendar addresses; what they hold, and how to use them."""
    return _page(request, FeedForm())


@never_cache
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """A new address, shown on this one page: it is kept nowhere, so that no other can show it."""
    form = FeedForm(request.POST)
    if form.is_valid():
        try:
            feed, token = actions.make_feed(by=request.user, name=form.cleaned_data["name"])
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            return _page(request, FeedForm(), made=feed, address=public(reverse("calendar-feed", args=[token])))
    return _page(request, form)


@require_POST
def revoke_feed(request: HttpRequest, feed: int) -> HttpResponse:
    row = get_object_or_404(CalendarFeed, person=request.user, pk=feed)
    actions.revoke_feed(feed=row, by=request.user)
    messages.success(request, _("The address “%(name)s” no longer answers.") % {"name": row.name})
    return redirect("calendar-feeds")


@login_not_required
@require_safe
def read_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; 404 for any other, 304 to who has it, 429 to who asks too often."""
    feed = _feed_of(token)
    who, most = (str(feed.pk), READS) if feed else (request.META.get("REMOTE_ADDR", ""), GUESSES)
    if is_too_often("feed" if feed else "no-feed", who, most):
        return HttpResponse(status=429, headers={"Retry-After": str(WINDOW_SECONDS)})
    if feed is None:
        return HttpResponse(status=404, content_type="text/plain")  # for a program: no page, whatever the token was
    content, etag = calendar_of(feed.person)
    headers = {"ETag": etag, "Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if etag in known:
        return HttpResponseNotModified(headers=headers)
    headers["Content-Disposition"] = 'inline; filename="meetings.ics"'
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _feed_of(token: str) -> CalendarFeed | None:
    if not TOKEN.fullmatch(token):
        return None
    found = CalendarFeed.objects.open().filter(token_digest=actions.digest_of(token))
    return found.select_related("person").first()


def _page(request: HttpRequest, form: FeedForm, **context) -> HttpResponse:
    feeds = request.user.calendar_feeds.filter(revoked_at__isnull=True)
    context = {"form": form, "feeds": feeds, **context}
    return render(request, "interchange/feeds.html", context, status=422 if form.errors else 200)
