"""Addresses of search, help, glossary and the style page."""

from django.urls import path

from mdt.help import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("help/", views.show_help, name="help"),
    path("help/glossary/", views.show_glossary, name="glossary"),
    path("help/tour/", views.answer_tour, name="tour-answer"),
    path("style/", views.show_style, name="style"),
]
