"""Addresses of the PDFs; mdt.meetings.urls includes them. A letter belongs to one version of one meeting's decision."""

from django.urls import path

from mdt.meetings.views import documents

urlpatterns = [
    path("meetings/<str:reference>/minutes/<str:language>/", documents.open_minutes, name="meeting-minutes"),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/letter/<str:language>/",
        documents.open_letter,
        name="decision-letter",
    ),
]
