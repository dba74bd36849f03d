"""Of which team and period a pack is made, and in which language its papers are."""

from datetime import date

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from cases.forms.dates import DateInput
from mdt.audit.team_field import TeamField
from mdt.people.models import Team

LONGEST_DAYS = 3 * 366
"""House rule: longer periods are asked for in parts."""


class PackForm(forms.Form):
    team = TeamField(label=gettext_lazy("Team"), queryset=Team.objects.none(), empty_label=None)
    first_on = forms.DateField(label=pgettext_lazy("begin of a period", "From"), widget=DateInput())
    last_on = forms.DateField(label=pgettext_lazy("end of a period", "To"), widget=DateInput())
    language = forms.ChoiceField(label=gettext_lazy("Language of the papers"), choices=settings.LANGUAGES)

    def __init__(self, *args, teams: list[int], **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["team"].queryset = Team.objects.filter(pk__in=teams)
        self.fields["first_on"].initial, self.fields["last_on"].initial = today.replace(day=1), today
        self.fields["language"].initial = get_language()
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select w-auto" if is_choice else "form-control"

    def clean(self) -> dict:
        cleaned = super().clean()
        first_on, last_on = cleaned.get("first_on"), cleaned.get("last_on")
        if isinstance(first_on, date) and isinstance(last_on, date):
            if last_on < first_on:
                self.add_error("last_on", _("This day lies before the first one."))
            elif (last_on - first_on).days > LONGEST_DAYS:
                self.add_error("last_on", _("Ask for at most three years at a time."))
        return cleaned

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values()), "")
