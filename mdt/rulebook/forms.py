"""Forms of the rules' pages: searching, comparing with the paper, signing, and bringing a text to compare with."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from mdt.people.signing import SignForm
from mdt.rulebook.library import UPLOAD_LIMIT
from mdt.rulebook.models import EditionStep, Judgement


class SearchForm(forms.Form):
    """Words that must all stand in a rule."""

    q = forms.CharField(max_length=100, required=False)

    @property
    def words(self) -> list[str]:
        return self.cleaned_data["q"].casefold().split() if self.is_valid() else []


class JudgementForm(forms.ModelForm):
    """What one person found when reading the paper beside one rule."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=Judgement.Verdict, widget=forms.RadioSelect)

    class Meta:
        model = Judgement
        fields = ["verdict", "place", "paper_says", "note"]
        widgets = {"paper_says": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = ""
        self.helper.add_input(Submit("save", _("Record and go on")))

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("verdict") == Judgement.Verdict.DIFFERS and not (cleaned.get("paper_says") or "").strip():
            self.add_error("paper_says", _("Say what the paper says instead."))
        return cleaned

    def _post_clean(self) -> None:
        """Nothing: the action builds the row, and the form never saves one."""


class StepForm(SignForm):
    """A signature under an edition: why, and the password, each time."""

    remembers = False
    field_order = ["reason", "password"]
    reason = forms.CharField(
        label=_("What the signature rests on"),
        max_length=EditionStep._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For instance: read beside the paper, all examples worked through by hand."),
    )


class TextForm(forms.Form):
    """The TOML text of an edition that somebody brought. It is compared, not kept."""

    text = forms.CharField(
        label=_("Text of a rule file (TOML)"),
        max_length=UPLOAD_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("It is read and compared. Nothing of it is kept, and nothing in it is run."),
    )
