"""Addresses of signing in, of one's own account, and of teams and their people."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from mdt.people import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    # Somebody who cannot read the sign-in page must be able to change its language.
    path("language/", login_not_required(set_language), name="set_language"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password_change, name="password-change"),
    path("teams/", views.teams, name="teams"),
    # Team codes have letters only: a word with a hyphen is never one.
    path("teams/create-team/", views.create_team, name="team-create"),
    path("teams/<slug:code>/", views.team, name="team"),
    path("teams/<slug:code>/add-person/", views.add_person, name="person-add"),
    path("teams/<slug:code>/add-member/", views.add_member, name="member-add"),
    path("teams/<slug:code>/people/<str:username>/", views.person, name="person"),
    path("teams/<slug:code>/people/<str:username>/change/", views.change_person, name="person-change"),
    path("teams/<slug:code>/people/<str:username>/roles/", views.change_roles, name="roles-change"),
    path("teams/<slug:code>/people/<str:username>/password/", views.set_password, name="password-set"),
    path("teams/<slug:code>/people/<str:username>/deactivate/", views.deactivate_person, name="person-deactivate"),
    path("teams/<slug:code>/people/<str:username>/reactivate/", views.reactivate_person, name="person-reactivate"),
]
