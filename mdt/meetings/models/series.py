"""A series of meetings: its rule, who is asked to come, and what they answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mdt.events.append_only import AppendOnly
from mdt.meetings.models.meeting import Meeting
from mdt.people.disciplines import Discipline


class Series(models.Model):
    """Meetings that recur by a rule. What is stored is the rule and, some weeks ahead, a meeting for each of its dates.

    All of it is by the team's clock: "every Tuesday at 14:00" stays at 14:00 when the clocks change.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        ENDED = "ended", _("ended")

    class OnClosedDay(models.TextChoices):
        SKIP = "skip", _("no meeting that time")
        NEXT_WORKING_DAY = "next_working_day", _("on the next working day")

    class CutOffUnit(models.TextChoices):
        HOURS = "hours", _("hours before it begins")
        WORKING_DAYS = "working_days", _("working days before, at a time of day")

    class Opinions(models.TextChoices):
        AS_TEAM = "team", _("as the team does")
        FIRST = "first", _("opinions first, then the proposal")
        OPEN = "open", _("the proposal is open from the beginning")

    team = models.ForeignKey("people.Team", models.PROTECT, related_name="series", verbose_name=_("team"))
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(pgettext_lazy("of a team or a series", "name"), max_length=120)
    rule = models.CharField(
        _("rule"), max_length=200, help_text=_("A recurrence rule as in RFC 5545, such as FREQ=WEEKLY;BYDAY=TU.")
    )
    starts_on = models.DateField(_("first day"), help_text=_("The first date of the rule on or after this day."))
    ends_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: until somebody ends it."))
    begins_at = models.TimeField(_("begins at"), help_text=_("By the team's clock."))
    minutes_available = models.PositiveSmallIntegerField(_("minutes available"), default=60)
    mode = models.CharField(_("mode"), max_length=10, choices=Meeting.Mode, default=Meeting.Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=120, blank=True)
    video_url = models.URLField(_("video link"), max_length=300, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chair")
    )
    cut_off_count = models.PositiveSmallIntegerField(_("cut-off"), default=2)
    cut_off_unit = models.CharField(_("counted in"), max_length=12, choices=CutOffUnit, default=CutOffUnit.WORKING_DAYS)
    cut_off_time = models.TimeField(_("at"), null=True, blank=True, help_text=_("By the team's clock."))
    on_closed_day = models.CharField(
        _("on a holiday or closed day"), max_length=16, choices=OnClosedDay, default=OnClosedDay.SKIP
    )
    weeks_ahead = models.PositiveSmallIntegerField(
        _("weeks ahead"), default=8, help_text=_("So far ahead meetings are made, so that cases can be listed.")
    )
    invite_days_ahead = models.PositiveSmallIntegerField(
        _("invitation, days before"), default=14, help_text=_("0: no invitations by e-mail.")
    )
    opinions = models.CharField(
        _("opinions before the proposal"),
        max_length=8,
        choices=Opinions,
        default=Opinions.AS_TEAM,
        help_text=_("New meetings begin with this; coming ones follow as long as they have no cases."),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RUNNING)
    ended_reason = models.CharField(_("reason for ending it"), max_length=400, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(
        default=1, help_text=_("Grows with every change of the series or its people.")
    )

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["team", "number"]
        constraints = [
            models.UniqueConstraint(name="series_number_once", fields=["team", "number"]),
            models.CheckConstraint(
                name="series_cut_off_has_time",
                condition=Q(cut_off_unit="hours", cut_off_time__isnull=True)
                | Q(cut_off_unit="working_days", cut_off_time__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.reference])

    @property
    def opinions_first(self) -> bool:
        """Whether its new meetings ask for opinions before the proposal."""
        if self.opinions == self.Opinions.AS_TEAM:
            return self.team.opinions_first
        return self.opinions == self.Opinions.FIRST

    @property
    def reference(self) -> str:
        """`GC-S1`: how the series is named in its address and in the log."""
        return f"{self.team.code.upper()}-S{self.number}"


class CoreMember(models.Model):
    """Somebody asked to every meeting of a series for a discipline; or, with `covers`, a core member's deputy."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="core_members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    discipline = models.CharField(_("discipline"), max_length=20, choices=Discipline)
    covers = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputies",
        verbose_name=_("deputy of"),
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("core member")
        verbose_name_plural = _("core members")
        ordering = ["discipline", "id"]
        constraints = [
            models.UniqueConstraint(
                name="core_member_once",
                fields=["series", "person", "discipline"],
                condition=Q(covers__isnull=True),
                violation_error_message=_("This person is a core member for this discipline already."),
            ),
            models.UniqueConstraint(
                name="deputy_once",
                fields=["covers", "person"],
                condition=Q(covers__isnull=False),
                violation_error_message=_("This person is a deputy of this member already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_discipline_display()}"


class Reply(AppendOnly):
    """What somebody said about coming to one meeting. The newest one of a person holds; taking it back is one, too."""

    class Answer(models.TextChoices):
        COMES = "comes", _("comes")
        VIDEO = "video", _("by video")
        CANNOT = "cannot", _("cannot come")
        DEPUTY = "deputy", _("deputy comes")
        OPEN = "open", _("no answer")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="replies")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer)
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Who comes instead; only with the answer that a deputy comes."),
    )
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text=_("The person, or whoever took the message."),
    )
    replied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="reply_names_deputy",
                condition=Q(answer="deputy", deputy__isnull=False) | (~Q(answer="deputy") & Q(deputy__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.answer}"


class Invitation(AppendOnly):
    """An invitation to one meeting sent to one person, or taken back; `digest` tells whether it still holds."""

    class Method(models.TextChoices):
        REQUEST = "request", _("invited")
        CANCEL = "cancel", _("invitation taken back")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=Method)
    sequence = models.PositiveIntegerField(help_text=_("The meeting's version that it told about; iCalendar SEQUENCE."))
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of what it said: when, how long, where, by video."))
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person}: {self.method}"
