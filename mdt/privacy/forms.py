"""Forms of the privacy office. What they keep outlives the patient's rows: no text may name the patient."""

from collections.abc import Sequence

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from mdt.mail.models import Delivery
from mdt.people.signing import SignForm
from mdt.privacy.models import (
    ErasureDecision,
    ErasureRequest,
    HoldLifting,
    LegalHold,
    NoticeAnswer,
    Restriction,
    RestrictionLifting,
)
from mdt.privacy.policy import policy
from mdt.privacy.reach import Part

NAMES_NOBODY = _("Name no patient: this text stays.")


def _helper(button: object, action: object = "") -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.add_input(Submit("save", button))
    return helper


class CaseField(forms.CharField):
    """The reference of a case, by which the patient is found."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Reference of a case"), max_length=32, help_text=_("For instance GC-2026-0147."), **kwargs
        )


class AskForm(forms.ModelForm):
    """A request as it came in."""

    reference = CaseField()
    field_order = ["reference", "asked_by", "right", "asked_on", "text"]

    class Meta:
        model = ErasureRequest
        fields = ["asked_by", "right", "asked_on", "text"]
        widgets = {
            "asked_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"text": NAMES_NOBODY}

    helper = _helper(_("Record the request"), reverse_lazy("erasure-ask"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["asked_on"].initial = timezone.localdate
        kept = [choice for choice in ErasureRequest.Asker.choices if choice[0] != ErasureRequest.Asker.RESTORED]
        self.fields["asked_by"].choices = kept
        self.fields["right"].choices = [("", _("not chosen")), *ErasureRequest.Right.choices]


class DecideForm(forms.ModelForm):
    """The answer, with what is erased and the exception that keeps the rest."""

    parts = forms.MultipleChoiceField(
        label=_("What is erased, if it is only a part"),
        choices=[choice for choice in Part.choices if choice[0] != Part.RECORD],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    exceptions = forms.MultipleChoiceField(
        label=_("Why the rest is kept"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["outcome", "parts", "exceptions", "reason"]

    class Meta:
        model = ErasureDecision
        fields = ["outcome", "reason"]
        widgets = {"outcome": forms.RadioSelect, "reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": NAMES_NOBODY}

    helper = _helper(_("Decide"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = ErasureDecision.Outcome.choices
        self.fields["exceptions"].choices = [(each.code, each.label) for each in policy().exceptions]


class CarryOutForm(SignForm):
    """The second person types the reference again, and who they are: it cannot be undone."""

    remembers = False
    reference = CaseField()
    field_order = ["reference", "password"]
    helper = _helper(_("Erase for ever"))


class CopyForm(SignForm):
    """Who asks for a copy, and how it was made sure that they may. It leaves the system: who hands it out shows who
    they are."""

    remembers = False
    asked_by = forms.ChoiceField(
        label=_("Who asks"),
        choices=[("patient", _("the patient")), ("representative", _("somebody who speaks for the patient"))],
    )
    reason = forms.CharField(
        label=_("How you know that it is them"),
        min_length=5,
        max_length=400,
        help_text=_("For instance: in person, with the identity card. Name nobody."),
    )
    with_notes = forms.BooleanField(label=_("With the psychosocial notes, which I may read"), required=False)
    field_order = ["asked_by", "reason", "with_notes", "password"]

    def __init__(self, *args, may_read_notes: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_read_notes:
            del self.fields["with_notes"]


class HoldForm(forms.ModelForm):
    """A legal hold on the patient of a case."""

    reference = CaseField()
    field_order = ["reference", "reason"]

    class Meta:
        model = LegalHold
        fields = ["reason"]
        help_texts = {"reason": NAMES_NOBODY}

    helper = _helper(_("Place the hold"), reverse_lazy("hold-place"))


class LiftForm(forms.ModelForm):
    """Why a hold ends."""

    class Meta:
        model = HoldLifting
        fields = ["reason"]
        help_texts = {"reason": NAMES_NOBODY}


class RestrictForm(forms.ModelForm):
    """An order to store only."""

    reference = CaseField()
    field_order = ["reference", "asked_by", "ground", "reason", "until_on"]

    class Meta:
        model = Restriction
        fields = ["asked_by", "ground", "reason", "until_on"]
        widgets = {"ground": forms.RadioSelect, "until_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"reason": NAMES_NOBODY}

    helper = _helper(_("Restrict"), reverse_lazy("restriction-place"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = Restriction.Ground.choices
        self.fields["asked_by"].choices = [("", _("not chosen")), *list(self.fields["asked_by"].choices)[1:]]


class LiftRestrictionForm(forms.ModelForm):
    """Why it ends, when and how the person was told of it, and whether what was held back leaves as it is."""

    sends_held = forms.BooleanField(label=_("Send the letters and minutes that were held back"), required=False)

    class Meta:
        model = RestrictionLifting
        fields = ["told_on", "told_how", "reason"]
        widgets = {"told_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "told_on": _("Before it ends, not after."),
            "told_how": _("For instance: by letter."),
            "reason": NAMES_NOBODY,
        }

    helper = _helper(_("Lift the restriction"))

    def __init__(self, *args, held: Sequence[Delivery], **kwargs):
        super().__init__(*args, **kwargs)
        to = gettext(", ").join(dict.fromkeys(each.message.recipient for each in held))
        counted = _("E-mails held back: %(count)d, to %(to)s.") % {"count": len(held), "to": to}
        stay = _(
            "Unless this is ticked the e-mails of letters and minutes stay here, also of those that are written only "
            "now: once what was contested is put right, whoever looks after messages sends each from the page “Not "
            "sent”, or leaves it."
        )
        self.fields["sends_held"].help_text = f"{counted} {stay}" if held else stay


class RecipientsForm(forms.Form):
    """Whose recipients are wanted: found among the cases of the officer's teams."""

    reference = CaseField()

    def case_in(self, teams: list[int]) -> Case | None:
        """The case; a complaint beside the field where none of these teams has it."""
        found = Case.objects.filter(team__in=teams, reference__iexact=self.cleaned_data["reference"].strip()).first()
        if found is None:
            self.add_error("reference", _("No team whose privacy office you hold has this case."))
        return found


class RectifiedForm(forms.Form):
    """What was corrected, as each recipient is to be told it."""

    reason = forms.CharField(label=_("What was corrected"), max_length=400, help_text=NAMES_NOBODY)


class NoticeAnswerForm(forms.ModelForm):
    """What became of a notice."""

    class Meta:
        model = NoticeAnswer
        fields = ["outcome", "on", "how"]
        widgets = {"outcome": forms.RadioSelect, "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {"how": NAMES_NOBODY}

    helper = _helper(_("Save"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = NoticeAnswer.Outcome.choices
        self.fields["on"].initial = timezone.localdate
