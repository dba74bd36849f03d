"""Addresses of the standard-of-care lane below one meeting."""

from django.urls import path

from mdt.meetings.views import lane

urlpatterns = [
    path("agenda/<str:case_reference>/triage/", lane.triage_case, name="case-triage"),
    path("agenda/<str:case_reference>/discuss/", lane.pull_back, name="case-pull-back"),
    path("agenda/<str:case_reference>/discuss/undo/", lane.undo_pull_back, name="case-pull-back-undo"),
    path("standard-of-care/", lane.standard_of_care, name="standard-of-care"),
]
