"""Addresses of the desk of one case in one meeting; mdt.meetings.urls includes them under the room."""

from django.urls import path

from mdt.meetings.views import desk, spoken, voices

urlpatterns = [
    path("draft/", desk.save_draft, name="desk-draft"),
    path("draft/discard/", desk.discard_draft, name="desk-draft-discard"),
    path("news/", desk.show_news, name="desk-news"),
    path("opinions/", voices.show_opinions, name="room-opinions"),
    path("opinions/commit/", voices.commit_opinion, name="opinion-commit"),
    path("opinions/reveal/", voices.reveal_opinions, name="opinions-reveal"),
    path("said/", spoken.show_spoken, name="room-spoken"),
    path("said/note/", spoken.note_spoken, name="spoken-note"),
    path("said/<int:spoken_id>/take-back/", spoken.take_back_spoken, name="spoken-take-back"),
    path("dissent/", voices.record_dissent, name="dissent-record"),
    path("dissent/<int:dissent_id>/withdraw/", voices.withdraw_dissent, name="dissent-withdraw"),
]
