"""What somebody said in the room, as the record keeper writes it down."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mdt.meetings.attendance import Seat
from mdt.meetings.models import Meeting, Spoken
from mdt.meetings.room.table import Table
from mdt.people.disciplines import Discipline
from mdt.people.templatetags.looks import discipline_label


class WordsField(forms.CharField):
    """A text in lines, each line end counted as one character, as the browser counts."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class SpokenForm(forms.Form):
    """Who, what, and when if somebody knows: the persons present first, then disciplines, then everybody else."""

    text = WordsField(
        label=gettext_lazy("What was said"),
        max_length=Spoken._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    said_at = forms.TimeField(
        label=gettext_lazy("At what time, if you know"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, data=None, *, meeting: Meeting, seats: Sequence[Seat], disciplines: Collection[str]):
        super().__init__(data, prefix="spoken")
        self.meeting = meeting
        self.people = {str(seat.person.pk): seat.person for seat in seats}
        here = [_choice(seat) for seat in seats if seat.is_present]
        others = [_choice(seat) for seat in seats if not seat.is_present]
        codes = [code for code in Discipline.values if code in disciplines or not here]
        nameless = [(code, _("%(discipline)s, no name") % {"discipline": discipline_label(code)}) for code in codes]
        groups = [(_("Present"), here), (_("A discipline"), nameless), (_("Not marked as present"), others)]
        self.fields["who"] = forms.ChoiceField(
            label=_("Who said it"),
            choices=[("", _("choose")), *((name, rows) for name, rows in groups if rows)],
        )
        self.order_fields(["who", "text", "said_at"])

    def content(self) -> dict[str, Any]:
        """What the action takes."""
        who = self.cleaned_data["who"]
        person = self.people.get(who)
        return {
            "text": self.cleaned_data["text"],
            "person": person,
            "discipline": "" if person else who,
            "said_at": self.cleaned_data["said_at"],
        }

    def clean_said_at(self) -> datetime | None:
        """That time on the day on which the table began; where nobody used it, on the planned day, if that is today.

        On any other day nobody knows on which day the meeting was held: a time is refused, not put on the planned day.
        """
        at, zone = self.cleaned_data["said_at"], self.meeting.team.zone
        if at is None:
            return None
        began_at, today = Table(self.meeting).began_at, timezone.localdate(timezone=zone)
        held_on = began_at.astimezone(zone).date() if began_at else self.meeting.local_start.date()
        if began_at is None and held_on != today:
            raise forms.ValidationError(
                _(
                    "It is not known on which day this was said. "
                    "Leave the time empty, or write day and time into the text."
                )
            )
        return datetime.combine(held_on, at, tzinfo=zone)


def _choice(seat: Seat) -> tuple[str, str]:
    name, discipline = seat.person.display_name, discipline_label(seat.discipline)
    label = _("%(person)s, %(discipline)s") % {"person": name, "discipline": discipline} if discipline else name
    return str(seat.person.pk), label
