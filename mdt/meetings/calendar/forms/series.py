"""The form of a series: the ordinary patterns by choice, any other rule as text."""

from datetime import time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.actions import ActionError
from cases.forms.dates import DateInput
from mdt.meetings.calendar import rules
from mdt.meetings.calendar.actions.series import SERIES_FIELDS, refuse_bad_series
from mdt.meetings.forms.meeting import FARTHEST, chairs_of
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import Series
from mdt.people.models import Team

WEEKS = {"weekly": 1, "fortnightly": 2, "three-weekly": 3, "four-weekly": 4}
PATTERNS = [
    ("weekly", _("every week")),
    ("fortnightly", _("every second week")),
    ("three-weekly", _("every third week")),
    ("four-weekly", _("every fourth week")),
    ("monthly", _("each month, by the place of the weekday")),
    ("rule", _("by a rule, as text")),
]
PLACES = [1, 2, 3, 4, -1]


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class SeriesForm(forms.ModelForm):
    """When, how often, where, until when cases must be ready, and what happens on holidays."""

    pattern = forms.ChoiceField(label=_("How often"), choices=PATTERNS)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        coerce=int,
        choices=lambda: [(str(number), name) for number, name in WEEKDAYS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    places = forms.TypedMultipleChoiceField(
        label=_("Which of the month"),
        coerce=int,
        choices=lambda: [(str(place), rules.place_word(place)) for place in PLACES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    video_url = forms.URLField(label=_("Video link"), max_length=300, required=False, assume_scheme="https")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Series
        fields = [name for name in SERIES_FIELDS if name != "chair"]
        widgets = {
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "begins_at": TimeInput(),
            "cut_off_time": TimeInput(),
            "rule": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(self, *args, team: Team, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team
        self.about_the_change = () if self.data.get("pattern") == "rule" else ("rule",)  # it follows from the pattern
        self.fields["chair"] = PersonField(people=chairs_of(team), label=_("Chair"), required=False)
        self.fields["chair"].initial = str(self.instance.chair_id or "")
        self.fields["rule"].required = False
        self.fields["opinions"].required = False  # without the field it stays as it is
        self.fields["version"].initial = self.instance.version
        self._say_cut_off()
        if self.instance.pk is None:
            self._suggest()
        else:
            self._read(self.instance.rule)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "version",
            "name",
            Fieldset(
                _("When"),
                Row(Column("pattern"), Column("begins_at"), Column("minutes_available")),
                Div("weekdays", css_class="across not-for-rule"),
                Div("places", css_class="across for-monthly"),
                Div("rule", css_class="for-rule"),
                Row(Column("starts_on"), Column("ends_on"), Column("on_closed_day")),
            ),
            Fieldset(
                _("Where"),
                Row(Column("mode"), Column("place"), Column("chair")),
                "video_url",
            ),
            Fieldset(
                _("Cut-off and preparation"),
                Div("cut_off_count", "cut_off_unit", "cut_off_time", css_class="in-words"),
                Row(Column("weeks_ahead"), Column("invite_days_ahead")),
                "opinions",
            ),
        )

    def _say_cut_off(self) -> None:
        """The three fields of the cut-off read as one sentence."""
        units = {
            Series.CutOffUnit.WORKING_DAYS: _("working days before"),
            Series.CutOffUnit.HOURS: _("hours before"),
        }
        self.fields["cut_off_count"].label = _("Cases must be ready")
        self.fields["cut_off_unit"].choices = list(units.items())
        self.fields["cut_off_time"].label = pgettext_lazy("cut-off, at a time of day", "at")
        self.fields["cut_off_time"].help_text = ""  # the beginning says by which clock

    def _suggest(self) -> None:
        today = timezone.localdate(timezone=self.team.zone)
        first = {"pattern": "weekly", "weekdays": [str(today.weekday())], "starts_on": today}
        for name, value in {**first, "begins_at": time(14, 0), "cut_off_time": time(12, 0)}.items():
            self.fields[name].initial = value
        self.initial |= {name: self.fields[name].initial for name in ("starts_on", "begins_at", "cut_off_time")}

    def _read(self, text: str) -> None:
        """The rule as the ordinary patterns show it, or as text."""
        rule = rules.parse(text)
        weeks = {number: pattern for pattern, number in WEEKS.items()}
        places = {place for _day, place in rule.days}
        pattern = "rule"
        if rule.text == rules.weekly([day for day, _place in rule.days], rule.interval) and rule.days:
            pattern = weeks.get(rule.interval, "rule")
        elif rule.is_plain and rule.frequency == "MONTHLY" and rule.interval == 1 and places and places <= set(PLACES):
            days = sorted({day for day, _place in rule.days})
            ordered = [place for place in PLACES if place in places]
            pattern = "monthly" if rule.text == rules.monthly(days, ordered) else "rule"
        self.fields["pattern"].initial = pattern
        self.fields["weekdays"].initial = sorted({str(day) for day, _place in rule.days})
        self.fields["places"].initial = [str(place) for place in places if place]

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if abs(starts_on - timezone.localdate()) > FARTHEST and starts_on != self.instance.starts_on:
            raise ValidationError(_("This day is more than two years away."))
        return starts_on

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["opinions"] = cleaned.get("opinions") or self.instance.opinions
        cleaned["rule"] = self._rule(cleaned)
        if not self.errors:
            try:
                refuse_bad_series(self.series())
            except ActionError as error:
                self.add_error(None, str(error))
        return cleaned

    def _rule(self, cleaned: dict) -> str:
        """The rule of the chosen pattern, with what is missing said beside its field."""
        pattern, days = cleaned.get("pattern"), cleaned.get("weekdays") or []
        try:
            if pattern == "rule":
                return rules.parse(cleaned.get("rule") or "").text
        except rules.RuleError as error:
            self.add_error("rule", str(error))
            return ""
        if not days and "weekdays" not in self.errors:
            self.add_error("weekdays", _("Choose at least one weekday."))
        if pattern == "monthly":
            if not cleaned.get("places") and "places" not in self.errors:
                self.add_error("places", _("Choose which of the month: the first, the second, …"))
            return rules.monthly(days, cleaned.get("places") or [])
        return rules.weekly(days, WEEKS.get(pattern or "", 1))

    def _post_clean(self) -> None:
        """The action writes and checks the row: the form must not touch the one it was given."""

    def values(self) -> dict:
        """The cleaned fields as the actions take them."""
        return {name: self.cleaned_data[name] for name in SERIES_FIELDS}

    def series(self) -> Series:
        """The series as it would be; not stored. For its dates, and for what it would change."""
        kept = {"pk": self.instance.pk, "number": self.instance.number} if self.instance.pk else {}
        return Series(team=self.team, **kept, **self.values())
