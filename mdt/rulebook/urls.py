"""Addresses of the rules. Everybody who is signed in reads them; the actions need a right."""

from django.urls import path

from mdt.rulebook import views
from mdt.rulebook.suggestions import views as suggestions

EDITION = "rules/<str:pathway>/schemes/<str:scheme>/<str:edition>/"

urlpatterns = [
    path("rules/", views.index, name="rules"),
    path("rules/suggestions/", suggestions.show_suggestions, name="rules-suggestions"),
    path("rules/suggestions/<int:suggestion>/answer/", suggestions.answer_suggestion, name="rules-suggestion-answer"),
    path("rules/<str:pathway>/parts/<str:part>/", views.show_part, name="rules-part"),
    path("rules/<str:pathway>/files/<str:part>/", views.part_file, name="rules-part-file"),
    path(EDITION, views.show_edition, name="rules-edition"),
    path(f"{EDITION}file/", views.edition_file, name="rules-file"),
    path(f"{EDITION}coverage/", views.show_coverage, name="rules-coverage"),
    path(f"{EDITION}compare/", views.compare_editions, name="rules-compare"),
    path(f"{EDITION}checklist/", views.show_checklist, name="rules-checklist"),
    path(f"{EDITION}checklist/rule/", views.judge_rule, name="rule-compare"),
    path(f"{EDITION}sign/", views.sign_edition, name="rules-sign"),
]
