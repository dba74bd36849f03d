"""Addresses of the privacy office."""

from django.urls import path

from mdt.privacy import views

urlpatterns = [
    path("privacy/", views.show_privacy, name="privacy"),
    path("privacy/requests/ask/", views.ask_erasure, name="erasure-ask"),
    path("privacy/requests/<int:erasure>/", views.show_erasure, name="erasure"),
    path("privacy/requests/<int:erasure>/decide/", views.decide_erasure, name="erasure-decide"),
    path("privacy/requests/<int:erasure>/carry-out/", views.carry_out_erasure, name="erasure-carry-out"),
    path("privacy/holds/place/", views.place_hold, name="hold-place"),
    path("privacy/holds/<int:hold>/lift/", views.lift_hold, name="hold-lift"),
]
