"""Addresses of the PDFs; mdt.meetings.urls includes them. A letter belongs to one version of one meeting's decision."""

from django.urls import path

from mdt.meetings.views import documents, patient_page

urlpatterns = [
    path("cases/<str:reference>/one-page/", documents.print_case, name="case-one-page"),
    path("meetings/<str:reference>/agenda-paper/", documents.print_agenda, name="meeting-agenda"),
    path("meetings/<str:reference>/agenda-paper/cases/", documents.print_with_cases, name="meeting-agenda-cases"),
    path("meetings/<str:reference>/minutes/<str:language>/", documents.open_minutes, name="meeting-minutes"),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/letter/<str:language>/",
        documents.open_letter,
        name="decision-letter",
    ),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/patient/",
        patient_page.write_patient_page,
        name="patient-page",
    ),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/patient/<str:language>/",
        patient_page.open_patient_page,
        name="patient-page-paper",
    ),
    path(
        "meetings/<str:reference>/decisions/<str:case_reference>/<int:version>/record/<str:language>/",
        documents.open_record,
        name="decision-record-paper",
    ),
]
