"""The form that ends a meeting: where each undiscussed case goes and why, and who signs what is not signed."""

from collections.abc import Iterator, Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _

from mdt.meetings.actions.finishing import LONGEST_REASON, Onward
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.meetings.outcome.suitable import Place
from mdt.people.models import User
from mdt.people.templatetags.looks import day

QUEUE = "queue"
WORDS = LONGEST_REASON - 100  # beside the reason that was chosen


class FinishForm(forms.Form):
    """Valid means: the action will take it, unless the agenda changed or a meeting filled up in the meantime."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data=None,
        *,
        meeting: Meeting,
        undiscussed: Sequence[AgendaItem],
        unsigned: Sequence[Decision],
        coming: Sequence[Meeting],
        suitable: Mapping[int, Place],
        chairs: Sequence[User],
    ):
        super().__init__(data, initial={"version": meeting.version})
        self.undiscussed, self.unsigned, self.suitable = undiscussed, unsigned, suitable
        self.coming = {target.reference: target for target in coming}
        targets = [*((name, _when(target)) for name, target in self.coming.items()), (QUEUE, _("back to the queue"))]
        for item in undiscussed:
            target = suitable[item.pk].meeting
            self.fields[f"to_{item.pk}"] = forms.ChoiceField(
                label=_("Goes to"), choices=targets, initial=target.reference if target else QUEUE
            )
            self.fields[f"because_{item.pk}"] = forms.ChoiceField(
                label=_("Why not discussed"), choices=AgendaItem.LeftBecause, initial=AgendaItem.LeftBecause.TIME
            )
            self.fields[f"words_{item.pk}"] = forms.CharField(label=_("In words"), max_length=WORDS, required=False)
        for decision in unsigned:
            self.fields[f"signer_{decision.pk}"] = PersonField(
                people=chairs,
                label=_("Who is asked to sign"),
                initial=str(meeting.chair_id if meeting.chair in chairs else chairs[0].pk if chairs else ""),
                error_messages={"required": _("Name who is asked to sign.")},
            )

    def clean(self) -> dict:
        cleaned = super().clean()
        for item in self.undiscussed:
            needs_words = cleaned.get(f"because_{item.pk}") == AgendaItem.LeftBecause.OTHER
            if needs_words and not cleaned.get(f"words_{item.pk}"):
                self.add_error(f"words_{item.pk}", _("Say in words why this case was not discussed."))
        return cleaned

    def onward(self) -> dict[int, Onward]:
        """What the action takes for the undiscussed cases."""
        return {
            item.pk: Onward(
                self.coming.get(self.cleaned_data[f"to_{item.pk}"]),
                self.cleaned_data[f"because_{item.pk}"],
                self.cleaned_data[f"words_{item.pk}"],
            )
            for item in self.undiscussed
        }

    def signers(self) -> dict[int, User]:
        """Decision id → who is asked to sign it."""
        return {decision.pk: self.cleaned_data[f"signer_{decision.pk}"] for decision in self.unsigned}

    def case_rows(self) -> Iterator[dict]:
        for item in self.undiscussed:
            yield {
                "item": item,
                "place": self.suitable[item.pk],
                "to": self[f"to_{item.pk}"],
                "because": self[f"because_{item.pk}"],
                "words": self[f"words_{item.pk}"],
            }

    def unsigned_rows(self) -> Iterator[dict]:
        for decision in self.unsigned:
            yield {"decision": decision, "signer": self[f"signer_{decision.pk}"]}


def _when(target: Meeting) -> str:
    """A meeting as a choice: `GC-M13, Thu 3 Dec, 14:00, 24 minutes free`."""
    words = {
        "meeting": target.reference,
        "when": day(target.starts_at, "weekday_time"),
        "minutes": target.minutes_available - target.minutes,
    }
    if words["minutes"] < 0:
        return _("%(meeting)s, %(when)s, full") % words
    return _("%(meeting)s, %(when)s, %(minutes)d minutes free") % words
