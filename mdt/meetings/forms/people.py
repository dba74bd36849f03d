"""A person of the team in a form, chosen from rows that were read once for the whole page."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from mdt.meetings.forms.long_select import LongSelect
from mdt.people.models import User
from mdt.people.templatetags.looks import discipline_label


class PersonField(forms.ChoiceField):
    """A choice among `people`; cleans to the User, or None where it is left empty. Asks the database nothing."""

    widget = LongSelect

    def __init__(self, *, people: Iterable[User], **kwargs):
        self.people = {str(person.pk): person for person in people}
        super().__init__(**kwargs)
        self.choices = [("", _("not named")), *((pk, self._label(person)) for pk, person in self.people.items())]

    @staticmethod
    def _label(person: User) -> str:
        discipline = discipline_label(person.discipline)
        if not discipline:
            return person.display_name
        return _("%(person)s, %(discipline)s") % {"person": person.display_name, "discipline": discipline}

    def clean(self, value):
        """The person; a ValidationError for anybody who is not offered."""
        return self.people.get(super().clean(value))
