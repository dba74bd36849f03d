"""Noting that somebody was told of an outcome."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.forms.dates import DateInput
from mdt.meetings.attendance import seats_of
from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import Decision, Told
from mdt.people.models import User


class ToldForm(forms.Form):
    """Whom, when, by whom, and a remark."""

    whom = forms.ChoiceField(choices=Told.Whom, initial=Told.Whom.PATIENT)
    told_on = forms.DateField(widget=DateInput())
    note = forms.CharField(max_length=Told._meta.get_field("note").max_length, required=False)

    def __init__(self, *args, decision: Decision, reader: User, **kwargs):
        super().__init__(*args, **kwargs)
        people = [seat.person for seat in seats_of(decision.meeting)]
        self.fields["told_by"] = PersonField(people=people, label=_("Told by"), initial=str(reader.pk))
        self.fields["whom"].label, self.fields["told_on"].label = _("Who was told"), _("Told on")
        self.fields["note"].label = _("Remark")
        self.fields["told_on"].initial = timezone.localdate()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("whom"), Column("told_on"), Column("told_by")), "note", Submit("save", _("Note it"))
        )
