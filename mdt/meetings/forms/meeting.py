"""Forms for planning, changing and ending a meeting, and for its agenda."""

from datetime import datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdt.meetings.actions.agenda import MINUTES
from mdt.meetings.actions.meetings import MEETING_FIELDS
from mdt.meetings.actions.moving import longest_reason, needs_reason_to_move
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.joining import listed
from mdt.people.models import Role, Team, User
from mdt.people.templatetags.looks import day

DAYS_AHEAD, CUT_OFF_DAYS, BEGIN = 7, 2, time(14, 0)
FARTHEST = timedelta(days=730)


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


def chairs_of(team: Team) -> list[User]:
    """Who may lead a meeting of this team."""
    return list(User.objects.filter(memberships__team=team, memberships__role=Role.CHAIR, is_active=True).distinct())


class MeetingForm(forms.ModelForm):
    """When, until when, how long, where, and who leads."""

    class Meta:
        model = Meeting
        fields = [name for name in MEETING_FIELDS if name != "chair"]
        widgets = {"starts_at": DateTimeInput(), "cut_off_at": DateTimeInput()}

    video_url = forms.URLField(label=_("Video link"), max_length=300, required=False, assume_scheme="https")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    opinions_for_team = forms.BooleanField(
        label=_("Also for later meetings of the team"),
        required=False,
        help_text=_("New meetings of the team begin with this choice."),
    )

    def __init__(self, *args, team: Team, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["opinions_first"].initial = team.opinions_first
        self.fields["chair"] = PersonField(people=chairs_of(team), label=_("Chair"), required=False)
        self.fields["chair"].initial = str(self.instance.chair_id or "")
        self.fields["mode"].required = False  # without the field the mode stays as it is
        self.fields["version"].initial = self.instance.version
        if self.instance.pk is None:
            self._suggest(team)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "version",
            Row(Column("starts_at"), Column("cut_off_at"), Column("minutes_available")),
            Row(Column("mode"), Column("place"), Column("chair")),
            "video_url",
            Row(Column("opinions_first"), Column("opinions_for_team")),
            Div(Submit("save", submit), css_class="row-gap rule-top"),
        )

    def _suggest(self, team: Team) -> None:
        """Weeks after the team's newest single meeting, the first with its cut-off ahead; without one, in a week."""
        newest = team.meetings.filter(series=None).select_related("team").order_by("-starts_at").first()
        now = timezone.localtime(timezone=team.zone).replace(tzinfo=None)
        if newest is None:
            begin = datetime.combine(now.date() + timedelta(days=DAYS_AHEAD), BEGIN)
            lead, minutes = timedelta(days=CUT_OFF_DAYS), 60
        else:
            # Days are added by the wall clock: 14:00 stays 14:00 when the clocks change in between.
            begin = newest.local_start.replace(tzinfo=None) + timedelta(days=DAYS_AHEAD)
            lead, minutes = newest.starts_at - newest.cut_off_at, newest.minutes_available
            while begin - lead < now:
                begin += timedelta(days=DAYS_AHEAD)
            for name in ("mode", "place", "video_url"):
                self.fields[name].initial = getattr(newest, name)
            self.fields["chair"].initial = str(newest.chair_id or "")
        self.fields["starts_at"].initial = begin
        self.fields["cut_off_at"].initial = begin - lead
        self.fields["minutes_available"].initial = minutes

    def clean_minutes_available(self) -> int:
        minutes = self.cleaned_data["minutes_available"]
        if not 5 <= minutes <= 600:
            raise ValidationError(_("Plan between 5 and 600 minutes."))
        return minutes

    def clean_mode(self) -> str:
        return self.cleaned_data["mode"] or self.instance.mode

    def clean_starts_at(self) -> datetime:
        starts_at = self.cleaned_data["starts_at"]
        if abs(starts_at - timezone.now()) > FARTHEST:
            raise ValidationError(_("This day is more than two years away."))
        return starts_at

    def clean(self) -> dict:
        cleaned = super().clean()
        starts_at, cut_off_at = cleaned.get("starts_at"), cleaned.get("cut_off_at")
        if starts_at and cut_off_at and cut_off_at > starts_at:
            self.add_error("cut_off_at", _("The cut-off lies after the beginning."))
        if cleaned.get("mode") == Meeting.Mode.VIDEO and "video_url" in cleaned and not cleaned["video_url"]:
            self.add_error("video_url", _("A meeting by video needs its link."))
        return cleaned

    def _post_clean(self) -> None:
        """The action writes and checks the row: the form must not touch the one it was given."""

    def values(self) -> dict:
        """The cleaned fields as the actions take them."""
        return {name: self.cleaned_data[name] for name in (*MEETING_FIELDS, "opinions_for_team")}


class TeamChoiceForm(forms.Form):
    """Which of several teams the new meeting is for."""

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"] = forms.ChoiceField(
            label=_("Team"),
            choices=[(team.code, str(team)) for team in teams],
            widget=forms.Select(attrs={"data-autosubmit": "", "class": "form-select"}),
        )


class ReasonForm(forms.Form):
    """Taking a case off, cancelling a meeting: only the reason."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, submit: str, needs_reason: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason
        if not needs_reason:
            self.fields["reason"].label = _("Reason, where there is one to say")
        self.helper = FormHelper()
        self.helper.add_input(Submit("confirm", submit))


class MoveCaseForm(ReasonForm):
    """To which of the team's meetings to come a case moves."""

    field_order = ["to", "reason", "version"]

    def __init__(self, *args, item: AgendaItem, meetings: list[Meeting], **kwargs):
        must = [meeting for meeting in meetings if needs_reason_to_move(item, meeting)]
        super().__init__(*args, submit=_("Move the case"), needs_reason=len(must) == len(meetings), **kwargs)
        choices = [(each.reference, f"{day(each.starts_at, 'weekday_time')} · {each.reference}") for each in meetings]
        self.fields["to"] = forms.ChoiceField(label=_("Meeting"), choices=choices)
        reason = self.fields["reason"]
        reason.max_length = min([longest_reason(each) for each in meetings], default=reason.max_length)
        reason.validators.append(MaxLengthValidator(reason.max_length))
        reason.widget.attrs["maxlength"] = reason.max_length
        self.order_fields(self.field_order)
        if must and len(must) < len(meetings):
            named = listed(each.reference for each in must)
            self.fields["reason"].help_text = _("Asked for by %(meetings)s.") % {"meetings": named}


class ListCaseForm(forms.Form):
    """One case from the picker."""

    case = forms.CharField(max_length=24)
    planned_minutes = forms.IntegerField(label=_("minutes"), min_value=MINUTES[0], max_value=MINUTES[1])
    late_reason = forms.CharField(label=_("reason for adding it although not ready"), max_length=400, required=False)
