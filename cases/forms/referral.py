"""Forms for referring a case, changing the referral, and closing or reopening a case."""

from datetime import date, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.actions.referral import REFERRAL_FIELDS
from cases.forms.dates import DateInput
from cases.forms.identity import IdentityForm
from cases.models import Case, Urgency
from cases.reasoning import pathway_label, pathways_in_use
from mdt.people.disciplines import Discipline
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with
from mdt.people.plain_names import keep_plain

NO_REFERRERS = ("", Discipline.COORDINATION, Discipline.NURSING)  # they type what somebody else asks
DEFAULT_DAYS = 14  # until the target date, where the referrer names none; every team may write another day


class ReferralForm(forms.ModelForm):
    """The question and its circumstances: the fields that may be changed after the referral too."""

    class Meta:
        model = Case
        fields = list(REFERRAL_FIELDS)
        widgets = {
            "question": forms.Textarea(attrs={"rows": 3}),
            "summary": forms.Textarea(attrs={"rows": 5}),
            "target_on": DateInput(),
        }

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["referrer"].widget.attrs["list"] = "referrers"
        keep_plain(self, "referrer")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("version", *self.case_layout())

    def referrers(self) -> list[str]:
        """Referrers of the team so far, for the list that opens while somebody types."""
        return Case.objects.of_teams([self.instance.team_id]).referrers()

    @staticmethod
    def case_layout() -> list:
        return [
            Fieldset(
                _("What the meeting is asked"),
                "question",
                Row(Column("reason"), Column("referrer"), Column("referrer_email")),
                Row(Column("urgency"), Column("target_on")),
                "summary",
            )
        ]

    def clean_question(self) -> str:
        question = self.cleaned_data["question"].strip()
        if len(question.encode()) < 8:  # a Chinese character says more than a letter, and takes three bytes
            raise ValidationError(_("Write the question so that the meeting can answer it."))
        return question

    def clean_target_on(self) -> date:
        target_on = self.cleaned_data["target_on"]
        today = timezone.localdate()
        begin = self.instance.referred_on if self.instance.pk else today
        if target_on < begin:
            raise ValidationError(_("The target date lies before the referral."))
        if target_on > today + timedelta(days=730):
            raise ValidationError(_("The target date lies more than two years ahead."))
        return target_on


class NewCaseForm(IdentityForm, ReferralForm):
    """A referral with its patient, who is found by hospital number or entered."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none())
    pathway = forms.ChoiceField(label=_("Pathway"), help_text=_("The disease that the meeting is asked about."))

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(pk__in=teams_with(user, Permission.CASE_REFER))
        self.fields["team"].queryset = teams
        only = teams.first() if len(teams) == 1 else None
        if only:
            self.fields["team"].initial = only
            self.fields["team"].widget = forms.HiddenInput()
        self.team_ids = [team.pk for team in teams]
        self._offer_pathways()
        asked = [name for name in ("team", "pathway") if not self.fields[name].widget.is_hidden]
        first = next((name for name in asked if not self.fields[name].initial), "hospital_number")
        if not self.is_bound:
            self.fields[first].widget.attrs["autofocus"] = True
        if user.discipline not in NO_REFERRERS:
            self.fields["referrer"].initial = user.display_name
        self.fields["urgency"].initial = Urgency.ROUTINE
        self.fields["target_on"].initial = timezone.localdate() + timedelta(days=DEFAULT_DAYS)
        self.helper.layout = Layout(
            "version",
            "team",
            "pathway",
            Fieldset(
                _("Patient"),
                *self.identity_layout(),
            ),
            *self.case_layout(),
            Div(
                Submit("refer", _("Refer the case")),
                Submit("then", _("Refer and add findings"), css_class="btn btn-quiet"),
                css_class="row-gap rule-top",
            ),
        )

    def referrers(self) -> list[str]:
        return Case.objects.of_teams(self.team_ids).referrers()

    def _offer_pathways(self) -> None:
        """Ask only where there is a choice; begin with the pathway of the team's newest case, which is mostly meant."""
        field, names = self.fields["pathway"], pathways_in_use()
        labels = [(name, pathway_label(name, get_language())) for name in names]
        field.choices = labels if len(names) == 1 else [("", _("choose …")), *labels]
        if len(names) == 1:
            field.initial, field.widget = names[0], forms.HiddenInput()
            return
        newest = Case.objects.of_teams(self.team_ids).order_by("-id").values_list("pathway", flat=True)
        field.initial = newest.first() or ""

    def clean(self) -> dict:
        cleaned = super().clean()
        if "team" in self.errors:  # the field is hidden where the person has one team: say it where it is seen
            self.add_error(None, _("Team: select a valid choice."))
        return cleaned

    def time_zone(self, cleaned: dict) -> str:
        team = cleaned.get("team")
        return team.time_zone if team else ""


class ReasonForm(forms.Form):
    """Closing and reopening: only the reason."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, submit: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("confirm", submit))
