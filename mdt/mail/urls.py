"""Addresses of one's own messages, and of what could not be sent."""

from django.urls import path

from mdt.mail import views

urlpatterns = [
    path("mail/", views.mailbox, name="mail"),
    path("mail/all-read/", views.mark_all_read, name="mail-all-read"),
    path("mail/kinds/", views.choose_kinds, name="mail-kinds"),
    path("mail/unsent/", views.unsent, name="mail-unsent"),
    path("mail/unsent/<int:message>/", views.try_again, name="message-try-again"),
    path("mail/<int:message>/", views.message, name="message"),
    path("mail/<int:message>/files/<int:file>/", views.file_of_message, name="message-file"),
]
