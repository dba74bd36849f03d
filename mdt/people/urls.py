"""Addresses of signing in, of one's own account, and of teams and their people."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from mdt.people.views import account, sign_in, sign_on, teams

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-in/hospital/", sign_on.sign_on, name="sign-on"),
    path("sign-in/hospital/answer/", sign_on.sign_on_answer, name="sign-on-answer"),
    # Somebody who cannot read the sign-in page must be able to change its language.
    path("language/", login_not_required(require_http_methods(["GET", "POST"])(set_language)), name="set_language"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password_change, name="password-change"),
    path("account/sessions/", account.show_sessions, name="sessions"),
    path("account/sessions/<int:sign_in>/end/", account.revoke_session, name="session-revoke"),
    path("account/sessions/end-others/", account.revoke_other_sessions, name="sessions-revoke-others"),
    path("account/unsent/", account.show_unsent, name="unsent"),
    path("account/second-factor/", account.show_second_factor, name="second-factor"),
    path("account/second-factor/begin/", account.begin_second_factor, name="second-factor-begin"),
    path("account/second-factor/confirm/", account.confirm_second_factor, name="second-factor-confirm"),
    path("account/second-factor/recovery-codes/", account.make_recovery_codes, name="recovery-codes"),
    path("account/second-factor/remove/", account.remove_second_factor, name="second-factor-remove"),
    path("teams/", teams.teams, name="teams"),
    # Team codes have letters only: a word with a hyphen is never one.
    path("teams/create-team/", teams.create_team, name="team-create"),
    path("teams/<slug:code>/", teams.team, name="team"),
    path("teams/<slug:code>/add-person/", teams.add_person, name="person-add"),
    path("teams/<slug:code>/add-member/", teams.add_member, name="member-add"),
    path("teams/<slug:code>/people/<str:username>/", teams.person, name="person"),
    path("teams/<slug:code>/people/<str:username>/change/", teams.change_person, name="person-change"),
    path("teams/<slug:code>/people/<str:username>/roles/", teams.change_roles, name="roles-change"),
    path("teams/<slug:code>/people/<str:username>/password/", teams.set_password, name="password-set"),
    path("teams/<slug:code>/people/<str:username>/deactivate/", teams.deactivate_person, name="person-deactivate"),
    path("teams/<slug:code>/people/<str:username>/reactivate/", teams.reactivate_person, name="person-reactivate"),
    path("teams/<slug:code>/people/<str:username>/unlink/", teams.unlink_from_provider, name="person-unlink"),
    path(
        "teams/<slug:code>/people/<str:username>/remove-second-factor/",
        teams.remove_second_factor,
        name="person-second-factor-remove",
    ),
    path("teams/<slug:code>/people/<str:username>/end-sessions/", teams.revoke_sessions, name="person-sessions-revoke"),
]
