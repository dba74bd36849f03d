"""Addresses of the privacy office."""

from django.urls import path

from mdt.privacy import views
from mdt.privacy.copies import views as copies
from mdt.privacy.recipients import views as recipients

urlpatterns = [
    path("cases/<str:reference>/copy/", copies.hand_out_copy, name="patient-copy"),
    path("privacy/", views.show_privacy, name="privacy"),
    path("privacy/requests/ask/", views.ask_erasure, name="erasure-ask"),
    path("privacy/requests/<int:erasure>/", views.show_erasure, name="erasure"),
    path("privacy/requests/<int:erasure>/decide/", views.decide_erasure, name="erasure-decide"),
    path("privacy/requests/<int:erasure>/carry-out/", views.carry_out_erasure, name="erasure-carry-out"),
    path("privacy/restrictions/place/", views.place_restriction, name="restriction-place"),
    path("privacy/restrictions/<int:restriction>/lift/", views.lift_restriction, name="restriction-lift"),
    path("privacy/notices/", recipients.show_notices, name="notices"),
    path("privacy/notices/<int:notice>/", recipients.answer_notice, name="notice-answer"),
    path("privacy/recipients/<str:reference>/", recipients.show_disclosures, name="disclosures"),
    path("privacy/recipients/<str:reference>/corrected/", recipients.say_rectified, name="rectified"),
    path("privacy/holds/place/", views.place_hold, name="hold-place"),
    path("privacy/holds/<int:hold>/lift/", views.lift_hold, name="hold-lift"),
]
