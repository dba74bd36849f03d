"""Addresses of the whole system. Each room brings its list; a page needs a sign-in unless its view says otherwise."""

from django.conf import settings
from django.urls import include, path

from mdt.health import health
from mdt.metrics import metrics

handler400 = "mdt.unavailable.bad_request"
handler403 = "mdt.refused.refused"
handler404 = "mdt.refused.not_found"
handler500 = "mdt.unavailable.server_error"

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("cases.urls")),
    path("", include("mdt.people.urls")),
    path("", include("mdt.mail.urls")),
    path("", include("mdt.meetings.urls")),
    path("", include("mdt.rulebook.urls")),
    path("", include("mdt.audit.urls")),
    path("", include("mdt.interchange.urls")),
    path("", include("mdt.help.urls")),
    path("", include("mdt.privacy.urls")),
]

if settings.METRICS_TOKEN:
    urlpatterns.append(path("metrics/", metrics, name="metrics"))
