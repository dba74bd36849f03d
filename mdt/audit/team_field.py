"""The choice of a team on the forms of the audit."""

from django import forms

from mdt.audit.scope import team_in_words
from mdt.people.models import Team


class TeamField(forms.ModelChoiceField):
    """A team by its name; one without patients behind it says so."""

    def label_from_instance(self, team: Team) -> str:
        return team_in_words(team)
