"""Who the patient is: the fields of the referral and of a correction, and what the identity number says of them."""

from datetime import date

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import identity
from cases.actions import DETAILS
from cases.forms.dates import DateInput
from cases.models import Patient
from cases.models.patient import not_in_future
from mdt.people.plain_names import keep_plain
from mdt.people.templatetags.looks import day

OLDEST = 130  # years: a birth before that is a slip of the keyboard


class AsTypedField(forms.MultipleChoiceField):
    """A box that is shown only where the number contradicts; which contradiction it confirms is its value."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: str) -> bool:
        return True


class IdentityForm(forms.Form):
    """Numbers, name, birth and sex. What a resident identity number says is offered where the entry is empty; where it
    says otherwise, the entry is corrected or confirmed by a person, and never changed behind their back."""

    hospital_number = Patient._meta.get_field("hospital_number").formfield()
    national_number = Patient._meta.get_field("national_number").formfield(
        help_text=gettext_lazy(
            "Optional. Identity card or health insurance number, as printed on it. It tells patients of the same name "
            "apart, in the search too; no rule reads it."
        )
    )
    name = Patient._meta.get_field("name").formfield()
    born_on = Patient._meta.get_field("born_on").formfield(widget=DateInput())
    sex = Patient._meta.get_field("sex").formfield()
    stored_number = ""  # a wrong one on record stops nobody from correcting the rest
    as_typed = AsTypedField(label=gettext_lazy("The identity number says otherwise"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        keep_plain(self, "hospital_number", "national_number", "name")

    @staticmethod
    def identity_layout() -> list:
        return [
            Row(Column("hospital_number"), Column("national_number")),
            Row(Column("name", css_class="col-md-6"), Column("born_on"), Column("sex")),
            Field("as_typed"),
        ]

    def time_zone(self, cleaned: dict) -> str:
        """Of the team: a British one has NHS numbers."""
        raise NotImplementedError

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_hospital_number(self) -> str:
        return self.cleaned_data["hospital_number"].strip()

    def clean_national_number(self) -> str:
        return identity.plain(self.cleaned_data["national_number"])

    def clean_born_on(self) -> date:
        born_on = self.cleaned_data["born_on"]
        not_in_future(born_on)
        if born_on.year < timezone.localdate().year - OLDEST:
            raise ValidationError(_("This birth lies more than 130 years back."))
        return born_on

    def clean(self) -> dict:
        cleaned = super().clean()
        number = cleaned.get("national_number", "")
        try:
            holder = _holder_of(number, self.time_zone(cleaned))
        except identity.WrongNumber as wrong:
            if number != self.stored_number:
                self.add_error("national_number", _why_wrong(wrong, number))
        else:
            if holder is not None:
                self._compare(holder, cleaned, number)
        return cleaned

    def _compare(self, holder: identity.Holder, cleaned: dict, number: str) -> None:
        offers = not str(self.data.get(self.add_prefix("born_on"), "")).strip()
        born_on, sex = cleaned.get("born_on"), cleaned.get("sex")
        said_day, said_sex = day(holder.born_on), Patient.Sex(holder.sex).label
        if offers:
            self._offer(
                "born_on", holder.born_on.isoformat(), _("Taken from the identity number: check it, then send.")
            )
        other_sex = sex is not None and sex != holder.sex  # "not known" too: the number says it
        other_day = not offers and born_on is not None and born_on != holder.born_on
        if not (other_day or other_sex):
            return
        typed = f"{number}/{born_on or ''}/{sex}"
        if typed in cleaned.get("as_typed", ()):
            return
        if other_day:
            self.add_error("born_on", _("The identity number says %(day)s.") % {"day": said_day})
        if other_sex:  # "not known" stays chosen too: the box below confirms what the page shows
            self.add_error("sex", _("The identity number says: %(sex)s.") % {"sex": said_sex})
        field = self.fields["as_typed"]
        field.widget = forms.CheckboxSelectMultiple()
        kept = day(born_on) if born_on else said_day
        words = {"day": kept, "sex": Patient.Sex(sex).label if sex else said_sex}
        field.choices = [
            (
                f"{number}/{born_on or holder.born_on}/{sex}",
                _("The number is right, and so is what was typed: born %(day)s, sex %(sex)s.") % words,
            )
        ]
        self.add_error("as_typed", _("Correct the number or the entry, or confirm here that both are right."))

    def _offer(self, name: str, value: str, said: str) -> None:
        """Show the value in the field, for a person to look at before it is sent."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value
        self.errors.pop(name, None)
        self.add_error(name, said)


def _holder_of(number: str, time_zone: str) -> identity.Holder | None:
    """Raises WrongNumber for a number that nobody can hold."""
    identity.refuse_wrong_nhs_number(number, time_zone)
    return identity.holder_of(number)


def _why_wrong(wrong: identity.WrongNumber, number: str) -> str:
    if wrong.part == "born_on":
        return _("This identity number holds no possible date of birth. Check it against the card.")
    if identity.NHS.fullmatch(number):
        return _("The check digit of this NHS number is wrong: a digit was mistyped. Check the number.")
    return _("The check digit of this identity number is wrong: a digit was mistyped. Check it against the card.")


class CorrectionForm(IdentityForm):
    """The details of a patient as they are stored, to be corrected with a reason."""

    about_the_change = ("reason", "as_typed")

    reason = forms.CharField(
        label=gettext_lazy("Why they are corrected"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stands in the event log: without the patient's name or numbers."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, patient: Patient, time_zone: str, **kwargs):
        stored = {name: getattr(patient, name) for name in DETAILS}
        super().__init__(*args, initial={**stored, "version": patient.version}, **kwargs)
        self._time_zone = time_zone
        self.stored_number = identity.plain(patient.national_number)
        try:
            _holder_of(self.stored_number, time_zone)
        except identity.WrongNumber as wrong:
            self.fields["national_number"].help_text = _why_wrong(wrong, self.stored_number)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("version", *self.identity_layout(), "reason")

    def time_zone(self, cleaned: dict) -> str:
        return self._time_zone
