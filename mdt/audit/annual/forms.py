"""For which team, which year and in which language a report is asked."""

from datetime import date

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mdt.audit.models import AuditRow
from mdt.audit.scope import usual_begin
from mdt.audit.team_field import TeamField
from mdt.people.models import Team

LAST_TWELVE = "last"


class AnnualReportForm(forms.Form):
    """Years in which a meeting decided something, the newest first, and the last twelve months."""

    team = TeamField(label=gettext_lazy("Team"), queryset=Team.objects.none(), empty_label=None)
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def __init__(self, *args, teams: list[int], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["team"].queryset = Team.objects.filter(pk__in=teams).order_by("hospital", "name")
        days = AuditRow.objects.filter(team_id__in=teams, meeting_on__lte=today).order_by("meeting_on")
        first = days.values_list("meeting_on", flat=True).first() or today
        years = [(str(year), str(year)) for year in range(today.year, first.year - 1, -1)]
        self.fields["period"].choices = [(LAST_TWELVE, _("Last twelve months")), *years]
        self.fields["language"].initial = get_language()
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select w-auto"

    @property
    def days(self) -> tuple[date, date]:
        """First and last day of the chosen period, once the form is valid; a year that runs ends today."""
        chosen = self.cleaned_data["period"]
        if chosen == LAST_TWELVE:
            return usual_begin(self.today), self.today
        return date(int(chosen), 1, 1), min(date(int(chosen), 12, 31), self.today)

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values()), "")
