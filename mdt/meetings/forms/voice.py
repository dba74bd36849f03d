"""One member's own voice: an opinion before the proposal, and a dissent to what was recorded."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mdt.meetings.forms.people import PersonField
from mdt.meetings.models import Dissent, DissentWithdrawal, Opinion
from mdt.meetings.shown import Shown
from mdt.meetings.templatetags.meetings_display import category_name
from mdt.people.models import User

CANNOT_SAY = "cannot-say"


def category_choices(shown: Shown) -> list[tuple[str, str]]:
    return [(category, category_name(category, shown.pathway)) for category in shown.choices]


class OpinionForm(forms.Form):
    """A category, or that one cannot say; how sure, and a sentence, if one likes."""

    text = forms.CharField(
        label=gettext_lazy("In one sentence, if you like"),
        max_length=Opinion._meta.get_field("text").max_length,
        required=False,
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure are you?"),
        choices=Opinion.Confidence.choices,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data=None, *, shown: Shown, own: Opinion | None = None):
        initial = {"text": own.text, "confidence": own.confidence} if own else None
        super().__init__(data, initial=initial, prefix="own")
        self.fields["category"] = forms.ChoiceField(
            label=_("Your type"),
            choices=[*category_choices(shown), (CANNOT_SAY, _("cannot say"))],
            widget=forms.RadioSelect,
            initial=(own.category or CANNOT_SAY) if own else None,
            error_messages={"required": _("Choose a type, or say that you cannot.")},
        )

    def content(self) -> dict[str, str]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        if said["category"] == CANNOT_SAY:
            said["category"] = ""
        return said


class DissentForm(forms.Form):
    """Why somebody sees it differently; whoever writes for another member says for whom."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you see it differently?"),
        max_length=Dissent._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data=None, *, shown: Shown | None, people: Sequence[User], user: User, may_speak: bool, version: int
    ):
        super().__init__(data, prefix="dissent", initial={"version": version})
        self.user = user
        choices = category_choices(shown) if shown else []
        self.fields["category"] = forms.ChoiceField(
            label=_("Type you would give"), required=False, choices=[("", _("not said")), *choices]
        )
        if people:
            # Whose voice is asked for stands first: oneself, where one may speak.
            self.fields["person"] = PersonField(people=people, label=_("Who disagrees"))
            self.fields["person"].initial = str(user.pk) if may_speak else ""

    def person(self) -> User:
        return self.cleaned_data.get("person") or self.user


class WithdrawalForm(forms.Form):
    """Taking one's dissent back."""

    reason = forms.CharField(
        label=gettext_lazy("Why, if you like to say"),
        max_length=DissentWithdrawal._meta.get_field("reason").max_length,
        required=False,
    )
