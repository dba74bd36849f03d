"""Addresses of the doors to other systems."""

from django.urls import path

from mdt.interchange import views

urlpatterns = [
    path("account/calendar/", views.show_feeds, name="calendar-feeds"),
    path("account/calendar/make/", views.make_feed, name="feed-make"),
    path("account/calendar/<int:feed>/revoke/", views.revoke_feed, name="feed-revoke"),
    # Outside the sign-in: calendar programs cannot sign in. The token is the key.
    path("calendar/<str:token>/meetings.ics", views.read_feed, name="calendar-feed"),
]
