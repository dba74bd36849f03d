"""Addresses of the event log."""

from django.urls import path

from mdt.audit import views

urlpatterns = [
    path("events/", views.events, name="events"),
    path("events/export/", views.export_events, name="events-export"),
    path("events/verify/", views.verify_events, name="events-verify"),
    path("cases/<str:reference>/log/", views.case_events, name="case-events"),
]
