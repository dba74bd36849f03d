"""Addresses of the whole system. Each room brings its list; a page needs a sign-in unless its view says otherwise."""

from django.urls import include, path

from mdt.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("cases.urls")),
    path("", include("mdt.people.urls")),
    path("", include("mdt.meetings.urls")),
    path("", include("mdt.audit.urls")),
]
