"""Core members, deputies, and the team's calendar."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.dates import DateInput
from mdt.meetings.calendar.working_days import named_countries, other_countries, regions
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import TeamCalendar
from mdt.people import time_zones
from mdt.people.disciplines import Discipline
from mdt.people.models import Team, User


def people_of_team(team: Team) -> list[User]:
    """Who can be asked to meetings, by name."""
    return list(User.objects.filter(memberships__team=team, is_active=True).distinct().order_by("name", "pk"))


def _select() -> forms.Select:
    """For forms that a template lays out by itself."""
    return forms.Select(attrs={"class": "form-select"})


class CoreMemberForm(forms.Form):
    """Who is asked to every meeting, and for which discipline."""

    def __init__(self, *args, people: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(people=people, label=_("Person"), widget=_select())
        self.fields["discipline"] = forms.ChoiceField(
            label=_("Discipline"),
            required=False,
            choices=[("", _("the person's own")), *Discipline.choices],
            widget=_select(),
        )


class DeputyForm(forms.Form):
    """Who stands in for a core member."""

    def __init__(self, *args, people: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(people=people, label=_("Deputy"), widget=_select())


class CountrySelect(forms.Select):
    """Countries that have no name in the reader's language yet are marked as English."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value and value not in named_countries():
            option["attrs"]["lang"] = "en"
        return option


class CalendarForm(forms.Form):
    """The team's clock, and whose holidays it keeps."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lambda: [(name, name) for name in time_zones.names()],
        widget=forms.Select(attrs={"lang": "en"}),
    )
    country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        choices=lambda: [("", _("none, own closed days only")), *_countries()],
        help_text=_("Without a country, Monday to Friday are working days."),
        widget=CountrySelect,
    )
    region = forms.CharField(
        label=_("Region"),
        required=False,
        max_length=32,
        help_text=_("Its code, where holidays differ by region; empty for those of the whole country."),
        widget=forms.TextInput(attrs={"list": "regions", "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, calendar: TeamCalendar, **kwargs):
        super().__init__(*args, **kwargs)
        team = calendar.team
        if team.time_zone not in time_zones.names():  # the installation's own setting may be an old name
            self.fields["time_zone"].choices = [(team.time_zone, team.time_zone), *self.fields["time_zone"].choices]
        self.initial |= {"time_zone": team.time_zone, "country": calendar.country, "region": calendar.region}
        self.initial["version"] = calendar.version if calendar.pk else 0
        self.regions = regions(calendar.country)
        self.helper = FormHelper()
        self.helper.form_id = "edit"
        self.helper.layout = Layout(
            "version",
            Row(Column("time_zone"), Column("country", css_class="col-md-5"), Column("region")),
            Submit("save", _("Save")),
        )


def _countries() -> list[tuple]:
    def ordered(names: dict[str, str]) -> list[tuple[str, str]]:
        return sorted(((code, f"{name} ({code})") for code, name in names.items()), key=lambda pair: pair[1])

    return [*ordered(named_countries()), (_("other countries, by their English names"), ordered(other_countries()))]


class ClosedDaysForm(forms.Form):
    """Days on which the team holds no meeting."""

    first_on = forms.DateField(label=_("From"), widget=DateInput())
    last_on = forms.DateField(label=_("Until"), widget=DateInput(), required=False, help_text=_("Empty: one day."))
    label = forms.CharField(label=_("What for"), max_length=80)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Row(Column("first_on"), Column("last_on"), Column("label")), Submit("save", _("Close these days"))
        )

    def clean(self) -> dict:
        cleaned = super().clean()
        cleaned["last_on"] = cleaned.get("last_on") or cleaned.get("first_on")
        return cleaned
