"""What an auditor asks of the event log."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.forms.dates import DateInput
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people.models import User


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class EventFilterForm(forms.Form):
    """Filters of the log, sent by GET. A field that cannot be understood is shown with its message and left out."""

    case = forms.CharField(label=_("Case"), required=False, max_length=32)
    person = forms.CharField(
        label=_("Person"), required=False, max_length=150, help_text=_("User name, or part of the name.")
    )
    kind = forms.ChoiceField(label=_("What happened"), required=False, choices=[("", _("Anything")), *Kind.choices])
    since = forms.DateField(label=pgettext_lazy("begin of a period", "From"), required=False, widget=DateInput())
    until = forms.DateField(label=pgettext_lazy("end of a period", "To"), required=False, widget=DateInput())
    show = forms.ChoiceField(
        label=_("Lines"), required=False, choices=[("", _("Only changes")), ("all", _("Reading too"))]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select w-auto" if is_choice else "form-control"

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day lies before the first one."))
        return cleaned

    def narrow(self, events: QuerySet[Event]) -> QuerySet[Event]:
        """The lines that are asked for, out of `events`. What was not understood does not count."""
        asked = self._understood
        if asked.get("case"):
            events = events.filter(case_reference=asked["case"].upper())
        if asked.get("person"):
            events = events.filter(_about(asked["person"]))
        if asked.get("kind"):
            events = events.filter(kind=asked["kind"])
        if asked.get("since"):
            events = events.filter(at__gte=_begin_of(asked["since"]))
        if asked.get("until"):
            events = events.filter(at__lt=_begin_of(asked["until"] + timedelta(days=1)))
        # Somebody who asks for "case opened" wants to see it, whatever the switch says.
        return events if asked.get("kind") or asked.get("show") == "all" else events.writes()

    @property
    def _understood(self) -> dict:
        self.is_valid()
        return self.cleaned_data

    @property
    def asked(self) -> dict[str, str]:
        """What was filled in and understood, as words: for the page, and for the line that an export leaves."""
        return {name: str(value) for name, value in self._understood.items() if value}


def _about(words: str) -> Q:
    """Lines by a person, and lines about their account or their rights."""
    people = User.objects.filter(Q(username__iexact=words) | Q(name__icontains=words))
    ids = list(people.values_list("pk", flat=True)[:50])
    return Q(by__in=ids) | Q(subject__in=[f"{User._meta.label}:{pk}" for pk in ids])
