"""Which rules to ask, of which team's snapshots."""

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cases.replaying import Question
from cases.replaying_words import named_choices, question_of_choice
from mdt.audit.team_field import TeamField
from mdt.people.models import Team


class ReplayForm(forms.Form):
    """One select for scheme, edition and reading: no list depends on another, so it needs no script."""

    team = TeamField(label=gettext_lazy("Team"), queryset=Team.objects.none(), empty_label=None)
    rules = forms.ChoiceField(label=gettext_lazy("Edition and reading"))
    is_all_snapshots = forms.BooleanField(
        label=gettext_lazy("Earlier snapshots too"),
        required=False,
        help_text=gettext_lazy("Otherwise only the newest proposal of each case."),
    )

    def __init__(self, *args, teams: list[Team], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        self.fields["rules"].choices = named_choices(get_language())
        for name in ("team", "rules"):
            self.fields[name].widget.attrs["class"] = "form-select w-auto"
        self.fields["is_all_snapshots"].widget.attrs["class"] = "form-check-input"

    @property
    def question(self) -> Question:
        """What was chosen, once the form is valid."""
        return question_of_choice(self.cleaned_data["rules"])

    @property
    def first_error(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values()), _("Choose a team and an edition."))
