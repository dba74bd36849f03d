import re
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from mdt.events.append_only import AppendOnly
from mdt.people.disciplines import Discipline

REFERENCE = re.compile(r"([-\w]{1,8})-M([1-9]\d{0,6})", re.ASCII | re.IGNORECASE)


class MeetingQuerySet(models.QuerySet):
    def called(self, reference: str) -> "MeetingQuerySet":
        """The meeting `GC-M12`, in any case of letters; none where the words name none."""
        match = REFERENCE.fullmatch(reference)
        if match is None:
            return self.none()
        return self.filter(team__code__iexact=match[1], number=int(match[2]))


class Meeting(models.Model):
    """One sitting of a team. `number` counts within the team and is part of its address."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    class Mode(models.TextChoices):
        """How people come together. A telephone call without images is not among them: nobody could see the case."""

        IN_PERSON = "in_person", _("in person")
        VIDEO = "video", _("by video")
        HYBRID = "hybrid", _("in person and by video")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="meetings", verbose_name=_("team"))
    number = models.PositiveIntegerField(_("number"))
    starts_at = models.DateTimeField(_("begins"))
    cut_off_at = models.DateTimeField(
        _("cut-off"), help_text=_("After it a case that is not ready is added only with a reason.")
    )
    minutes_available = models.PositiveSmallIntegerField(_("minutes available"), default=60)
    mode = models.CharField(
        _("mode"),
        max_length=10,
        choices=Mode,
        default=Mode.IN_PERSON,
        help_text=_("Everybody must see the images: a telephone call is not a meeting."),
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    video_url = models.URLField(_("video link"), max_length=300, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chair"),
    )
    opinions_first = models.BooleanField(
        _("opinions before the proposal"),
        default=False,
        help_text=_("Each discipline commits its own type for a case before the room sees the proposal."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    series = models.ForeignKey(
        "meetings.Series", models.PROTECT, null=True, blank=True, related_name="meetings", verbose_name=_("series")
    )
    planned_for = models.DateField(
        null=True, blank=True, help_text=_("The date of the series' rule that this meeting stands for.")
    )
    is_changed_by_hand = models.BooleanField(
        default=False, help_text=_("Somebody changed this one meeting: a change of its series leaves it alone.")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(
        default=1, help_text=_("Grows with every change of the meeting or its agenda.")
    )

    objects = MeetingQuerySet.as_manager()

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = (
        "team_id", "number", "starts_at", "minutes_available", "mode", "place", "video_url", "chair_id", "state",
        "created_by_id", "created_at",
    )  # fmt: skip

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(name="meeting_number_once", fields=["team", "number"]),
            models.CheckConstraint(
                name="meeting_cut_off_before_start",
                condition=Q(cut_off_at__lte=F("starts_at")),
                violation_error_message=_("The cut-off lies after the beginning."),
            ),
            models.UniqueConstraint(name="meeting_once_for_a_date", fields=["series", "planned_for"]),
        ]

    def __str__(self) -> str:
        return f"{self.team.code} {self.local_start:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.reference])

    @property
    def earliest_step(self) -> date:
        """The first day on which a next step can be due: the meeting's own, or today if that is earlier."""
        return min(self.local_start.date(), timezone.localdate(timezone=self.team.zone))

    @property
    def has_day_come(self) -> bool:
        """Whether it is the day of the meeting, or later, by the team's clock."""
        return self.local_start.date() <= timezone.localdate(timezone=self.team.zone)

    @property
    def local_start(self) -> datetime:
        """The beginning by the team's clock."""
        return self.starts_at.astimezone(self.team.zone)

    @property
    def ends_at(self) -> datetime:
        """When the minutes are used up: an instant, so that a change of the clocks in between does not matter."""
        return self.starts_at + timedelta(minutes=self.minutes_available)

    @property
    def reference(self) -> str:
        """`GC-M12`: how the meeting is named in its address and in the log."""
        return f"{self.team.code.upper()}-M{self.number}"


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def kept(self) -> "AgendaItemQuerySet":
        """Without what was taken off before the meeting ended; what the meeting did not come to was on it."""
        return self.exclude(state=AgendaItem.State.REMOVED, left_because="")


class AgendaItem(models.Model):
    """A case on the agenda of a meeting. A case is on at most one open agenda."""

    class State(models.TextChoices):
        LISTED = "listed", _("listed")
        DISCUSSED = "discussed", _("discussed")
        REMOVED = "removed", _("taken off")

    class LeftBecause(models.TextChoices):
        """Why a case on the agenda was not discussed when the meeting ended."""

        TIME = "time", _("time ran out")
        MISSING = "missing", _("findings or images were missing")
        AWAY = "away", _("somebody who was needed was away")
        CHANGED = "changed", _("the patient’s situation changed")
        OTHER = "other", _("another reason")

    class Lane(models.TextChoices):
        """Whether the case is discussed, or listed and recorded by a protocol without discussion."""

        DISCUSS = "discuss", _("discussion")
        STANDARD_OF_CARE = "standard_of_care", _("standard of care")

    class Though(models.TextChoices):
        """Why listing the case asked for a reason, as it was at that moment."""

        NOT_READY = "not_ready", _("Although not ready:")
        LATE = "late", _("After the cut-off:")
        BOTH = "both", _("After the cut-off and not ready:")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField(_("position"))
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=6)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.LISTED)
    late_reason = models.CharField(_("reason for adding it although not ready"), max_length=400, blank=True)
    listed_though = models.CharField(
        _("what asked for the reason"),
        max_length=10,
        choices=Though,
        blank=True,
        help_text=_("Empty where nothing did, and on agendas of before it was kept."),
    )
    lane = models.CharField(_("lane"), max_length=16, choices=Lane, default=Lane.DISCUSS)
    is_fixed = models.BooleanField(
        _("fixed"), default=False, help_text=_("A person has fixed its meeting and its place on the agenda.")
    )
    left_because = models.CharField(_("why it was not discussed"), max_length=10, choices=LeftBecause, blank=True)
    moved_to = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="moved_from", help_text=_("Its place afterwards.")
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    removed_reason = models.CharField(_("reason for taking it off"), max_length=400, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    # What the event log covers with a digest (mdt.events.rows).
    named_in_log = (
        "meeting_id", "case_id", "added_by_id", "added_at", "state", "late_reason", "left_because", "moved_to_id",
        "removed_reason",
    )  # fmt: skip

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="agenda_case_once",
                fields=["meeting", "case"],
                condition=~Q(state="removed"),
                violation_error_message=_("This case is already on the agenda."),
            ),
            models.UniqueConstraint(
                name="agenda_case_listed_once",
                fields=["case"],
                condition=Q(state="listed"),
                violation_error_message=_("This case is already on another agenda."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.case.reference}"

    @property
    def discussion_type(self) -> str:
        """How the meeting dealt with the case, in the codes of COSD: one record for each case and meeting."""
        if self.state == self.State.REMOVED:
            return "not_discussed"
        if not self.decisions.exists():
            return "unknown" if self.meeting.state == Meeting.State.PLANNED else "not_discussed"
        return "discussed" if self.lane == self.Lane.DISCUSS else "soc_not_discussed"

    @property
    def is_sealed(self) -> bool:
        """Whether the room must not see the proposal yet. Reads meeting and reveal: select them for a list."""
        asks = self.meeting.opinions_first and self.meeting.state == Meeting.State.PLANNED
        asks = asks and self.lane == self.Lane.DISCUSS  # nobody gives an opinion on what is not discussed
        return asks and self.state == self.State.LISTED and not hasattr(self, "reveal")


class AttendanceMark(AppendOnly):
    """Somebody was marked as present or as having left. The newest mark of a person holds, from `holds_from` on.

    A mark that was a mistake is taken back by a later row that names it; then neither counts.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance_marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    discipline = models.CharField(max_length=20, choices=Discipline, help_text=_("The discipline they speak for."))
    is_present = models.BooleanField()
    is_remote = models.BooleanField(_("by video"), default=False)
    stands_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy of"),
    )
    holds_from = models.DateTimeField(default=timezone.now)
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="taken_back_by")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attendance mark")
        verbose_name_plural = _("attendance marks")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person}: {'present' if self.is_present else 'away'}"
