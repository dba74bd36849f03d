"""Every write to teams, people, sessions and second factors: one keyword-only function per event."""

from mdt.people.actions.errors import PeopleError, StalePeopleError
from mdt.people.actions.people import (
    CHANGEABLE,
    add_member,
    add_person,
    change_own_password,
    change_person,
    change_roles,
    create_team,
    deactivate_person,
    reactivate_person,
    set_password,
    version_of,
    version_of_roles,
)
from mdt.people.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    make_recovery_codes,
    remove_second_factor,
    use_code,
)
from mdt.people.actions.sessions import (
    begin_session,
    close_session,
    link_to_provider,
    refuse_sign_on,
    rename_session,
    revoke_other_sessions,
    revoke_session,
    revoke_sessions_of,
    unlink_from_provider,
)
from mdt.people.own_log import teams_of

__all__ = [
    "CHANGEABLE",
    "PeopleError",
    "StalePeopleError",
    "add_member",
    "add_person",
    "begin_second_factor",
    "begin_session",
    "change_own_password",
    "change_person",
    "change_roles",
    "close_session",
    "confirm_second_factor",
    "create_team",
    "deactivate_person",
    "link_to_provider",
    "make_recovery_codes",
    "reactivate_person",
    "refuse_sign_on",
    "remove_second_factor",
    "rename_session",
    "revoke_other_sessions",
    "revoke_session",
    "revoke_sessions_of",
    "set_password",
    "teams_of",
    "unlink_from_provider",
    "use_code",
    "version_of",
    "version_of_roles",
]
