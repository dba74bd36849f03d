"""Addresses of the desk of one case in one meeting; mdt.meetings.urls includes them under the room."""

from django.urls import path

from mdt.meetings.views import desk, voices

urlpatterns = [
    path("draft/", desk.save_draft, name="desk-draft"),
    path("draft/discard/", desk.discard_draft, name="desk-draft-discard"),
    path("news/", desk.show_news, name="desk-news"),
    path("opinions/", voices.show_opinions, name="room-opinions"),
    path("opinions/commit/", voices.commit_opinion, name="opinion-commit"),
    path("opinions/reveal/", voices.reveal_opinions, name="opinions-reveal"),
    path("dissent/", voices.record_dissent, name="dissent-record"),
    path("dissent/<int:dissent_id>/withdraw/", voices.withdraw_dissent, name="dissent-withdraw"),
]
