"""Planning a meeting, changing it, and calling it off."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases.actions import ActionError, set_state
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.chasing import owe_after_change
from mdt.meetings.actions.inviting import ask_again, owe_invitations
from mdt.meetings.actions.locks import lock_meeting, refuse_if_changed, refuse_stranger
from mdt.meetings.actions.sealing import seal_agenda
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import Team, User

MEETING_FIELDS = (
    *("starts_at", "cut_off_at", "minutes_available", "mode", "place", "video_url", "chair"),
    "opinions_first",
)


def _refuse_bad_values(meeting: Meeting) -> None:
    """The model's own rules, with their messages. Raises ActionError."""
    try:
        meeting.clean_fields(exclude=["team", "chair", "created_by"])
        meeting.validate_constraints(exclude=["team", "number"])
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from None
    if meeting.mode == Meeting.Mode.VIDEO and not meeting.video_url:
        raise ActionError(_("A meeting by video needs its link."))


@transaction.atomic
def plan_meeting(
    *,
    team: Team,
    by: User,
    starts_at: datetime,
    cut_off_at: datetime,
    minutes_available: int = 60,
    mode: str = Meeting.Mode.IN_PERSON,
    place: str = "",
    video_url: str = "",
    chair: User | None = None,
    opinions_first: bool | None = None,
    opinions_for_team: bool = False,
) -> Meeting:
    """A new meeting with the team's next number. `opinions_first` None: as the team has it; with `opinions_for_team`
    the team has it so from now on. The same planned twice by one person (a second click, the back button) gives the
    meeting that is there.

    Raises ActionError on a cut-off after the beginning, a meeting by video without its link, or a strange chair.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    refuse_stranger(team, chair)
    newest = team.meetings.aggregate(newest=Max("number"))["newest"] or 0
    said = {
        "team": team,
        "created_by": by,
        "starts_at": starts_at,
        "cut_off_at": cut_off_at,
        "minutes_available": minutes_available,
        "mode": mode,
        "place": place,
        "video_url": video_url,
        "chair": chair,
    }
    if (same := Meeting.objects.filter(state=Meeting.State.PLANNED, **said).first()) is not None:
        return same
    first = team.opinions_first if opinions_first is None else opinions_first
    meeting = Meeting(number=newest + 1, opinions_first=first, **said)
    _refuse_bad_values(meeting)
    meeting.save()
    if opinions_for_team:
        _keep_for_team(meeting)
    record(
        Kind.MEETING_PLANNED,
        by=by,
        team=team,
        subject=meeting,
        meeting=meeting.reference,
        starts_at=starts_at,
        cut_off_at=cut_off_at,
    )
    owe_invitations(meeting=meeting)
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, by: User, version: int, opinions_for_team: bool = False, **changes: Any
) -> Meeting:
    """Change fields of MEETING_FIELDS; old and new values go to the log, listed cases learn their new date.
    `opinions_for_team` as in plan_meeting.

    Raises StaleForm if the meeting or its agenda changed since `version` was shown.
    """
    unknown = set(changes) - set(MEETING_FIELDS)
    if unknown:
        raise ValueError(f"not fields of a meeting: {sorted(unknown)}")
    meeting = lock_meeting(meeting)
    refuse_if_changed(meeting, version)
    changed = {name: value for name, value in changes.items() if getattr(meeting, name) != value}
    after = changed | ({"opinions_for_team": True} if opinions_for_team else {})
    if not after:
        return meeting
    before = {name: getattr(meeting, name) for name in changed}
    for name, value in changed.items():
        setattr(meeting, name, value)
    refuse_stranger(meeting.team, changed.get("chair"))
    _refuse_bad_values(meeting)
    meeting.version += 1
    meeting.is_changed_by_hand = meeting.is_changed_by_hand or bool(set(changed) - {"opinions_first"})
    meeting.save(update_fields=[*changed, "version", "is_changed_by_hand"])
    if "starts_at" in changed:
        for item in meeting.agenda.filter(state=AgendaItem.State.LISTED).select_related("case"):
            set_state(case=item.case, meets_at=meeting.starts_at)
        ask_again(meeting=meeting, by=by)
    owe_invitations(meeting=meeting)
    if "opinions_first" in changed:
        seal_agenda(meeting=meeting, by=by)
    if opinions_for_team:
        _keep_for_team(meeting)
    owe_after_change(meeting=meeting)
    record(
        Kind.MEETING_CHANGED,
        by=by,
        team=meeting.team,
        subject=meeting,
        meeting=meeting.reference,
        before=before,
        after=after,
    )
    return meeting


def _keep_for_team(meeting: Meeting) -> None:
    """The team's later meetings begin with this meeting's choice about opinions."""
    Team.objects.filter(pk=meeting.team_id).update(opinions_first=meeting.opinions_first)


def _give_back(meeting: Meeting, by: User, reason: str) -> list[str]:
    """Take every case without a decision off the agenda, back into the queue. Returns their references."""
    references = []
    items = meeting.agenda.filter(state=AgendaItem.State.LISTED, decisions__isnull=True).select_related("case__team")
    for item in items:
        item.state, item.removed_reason = AgendaItem.State.REMOVED, reason
        item.save(update_fields=["state", "removed_reason"])
        set_state(case=item.case, state=Case.State.REFERRED, meets_at=None)
        record(
            Kind.CASE_UNLISTED,
            by=by,
            case=item.case,
            subject=item,
            meeting=meeting.reference,
            reason=reason,
        )
        references.append(item.case.reference)
    return references


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User, version: int, reason: str) -> Meeting:
    """The meeting does not take place; its cases return to the queue.

    Refused once a decision was recorded in it.
    """
    meeting = lock_meeting(meeting)
    refuse_if_changed(meeting, version)
    if not reason.strip():
        raise ActionError(_("Say why the meeting does not take place."))
    if meeting.decisions.exists():
        raise ActionError(_("Decisions were recorded in this meeting: it took place. Close it instead."))
    returned = _give_back(meeting, by, reason.strip()[:400])
    meeting.state, meeting.version, meeting.is_changed_by_hand = Meeting.State.CANCELLED, meeting.version + 1, True
    meeting.save(update_fields=["state", "version", "is_changed_by_hand"])
    record(
        Kind.MEETING_CANCELLED,
        by=by,
        team=meeting.team,
        subject=meeting,
        meeting=meeting.reference,
        reason=reason.strip()[:400],
        returned=returned,
    )
    owe_invitations(meeting=meeting)
    return meeting


def open_meeting(*, meeting: Meeting, by: User) -> None:
    """Log that a person looked at an agenda with the names of its patients."""
    record(Kind.MEETING_OPENED, by=by, team=meeting.team, subject=meeting, meeting=meeting.reference)
