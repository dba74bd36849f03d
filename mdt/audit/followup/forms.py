"""What became of a decision, as a small form."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.dates import DateInput
from mdt.audit.followup.models import ImplementationReport

FIELDS = ["status", "reason", "text", "treatment_started_on", "asks_again"]


class ReportForm(forms.ModelForm):
    """For a member of the team, who is known by the sign-in."""

    has_begun_before = forms.BooleanField(label=gettext_lazy("Treatment had begun before the decision"), required=False)

    class Meta:
        model = ImplementationReport
        fields = FIELDS
        widgets = {
            "status": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 3}),
            "treatment_started_on": DateInput(),
        }
        help_texts = {
            "status": gettext_lazy(
                "Under way as decided, with a part still to come: report it as carried out as decided. If that "
                "changes, report again: the newest report counts."
            ),
            "reason": gettext_lazy("Needed where something else happened than was decided."),
            "text": gettext_lazy("Without the patient's name."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = ImplementationReport.Status.choices
        self.fields["reason"].choices = [("", _("no reason needed")), *ImplementationReport.Reason.choices]
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": ""}
        self.helper.layout = Layout(
            Row(Column("status"), Column("reason", "treatment_started_on", "has_begun_before")),
            "text",
            *self.contact(),
            "asks_again",
            Submit("save", _("Report it")),
        )

    def contact(self) -> list:
        return []

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("status") in ImplementationReport.WITH_REASON and not cleaned.get("reason"):
            self.add_error("reason", _("Choose the reason."))
        if cleaned.get("reason") == ImplementationReport.Reason.OTHER and not cleaned.get("text"):
            self.add_error("text", _("Give the other reason in words."))
        return cleaned

    def _post_clean(self) -> None:
        """The action writes and checks the row."""


class LinkReportForm(ReportForm):
    """For whoever holds the link: with name and contact."""

    class Meta(ReportForm.Meta):
        fields = [*FIELDS, "reporter_name", "reporter_contact"]
        help_texts = {
            **ReportForm.Meta.help_texts,
            "reporter_contact": gettext_lazy("Telephone or e-mail, so that the team can ask you."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("reporter_name", "reporter_contact"):
            self.fields[name].required = True

    def contact(self) -> list:
        return [Row(Column("reporter_name"), Column("reporter_contact"))]
