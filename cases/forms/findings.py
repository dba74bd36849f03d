"""The findings form: one control per fact of the pathway, the discipline's own first, and the report beside them."""

from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.forms.fact_fields import ChoiceField, FactField, SetField, Typed, YesNoField, shown
from cases.forms.layout import findings_layout
from cases.forms.lesions_field import LesionsField
from cases.forms.plain_fields import KeysField, ProseField
from cases.forms.report_days import OfOneDay, by_day, problems, with_the_box
from cases.forms.report_words import day_first, keyed, keys_of
from cases.forms.sites_field import SitesField
from cases.forms.standing import Surroundings
from cases.forms.worded_fields import AmountField, DayField, TextField
from cases.models import Case, Finding, FindingDraft, Restaging
from cases.models.patient import not_in_future
from cases.reasoning import check_phase, pathway_of
from classification.facts import EARLIEST, FactError
from mdt.people.disciplines import Discipline
from mdt.people.templatetags.looks import day
from mdt.reading import Mention, Part, read_parts

REPORT_LIMIT = 100_000
IMPRESSION_LIMIT = 4_000
EXAMINED_EARLIER = (Discipline.RADIOLOGY, Discipline.PATHOLOGY, Discipline.ENDOSCOPY, Discipline.COORDINATION)
"""Their findings are typed in from a report: a date of today, offered unasked, would be stored though it is wrong."""

FIELD_OF_TYPE: dict[str, type[FactField]] = {
    "choice": ChoiceField,
    "yes_no": YesNoField,
    "set": SetField,
    "integer": AmountField,
    "number": AmountField,
    "date": DayField,
    "text": TextField,
    "lesions": LesionsField,
    "sites": SitesField,
}
FIRST_STAGING = "0"  # restagings are numbered from 1
# Posted with the form and no entry of it.
OF_THE_PAGE = {
    "csrfmiddlewaretoken",
    "corrects",
    "from_note",
    "leave",
    "next",
    *("rows", "more", "segment", "read", "file", "take", "take_day", "refuse"),
}


class OpenItem(NamedTuple):
    """Something that the discipline is asked for: its words, and the field that answers it."""

    label: str
    fact: str


class FindingsForm(forms.Form):
    """What one discipline states about a case, or the correction of a finding (`corrects`).

    `stated()` gives the facts after validation. `entries` restores what was typed earlier, right or wrong. `asks_day`:
    the date box starts empty, whose form it may be.
    """

    examined_on = forms.DateField(
        label=gettext_lazy("Date of examination"),
        help_text=gettext_lazy("Of the conversation, if it was one. Not the day of data entry."),
        validators=[not_in_future],
        error_messages={
            "required": gettext_lazy("Give the date of the examination."),
            "invalid": gettext_lazy("Give the date of the examination as a day, such as 2026-03-14."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    said_on = forms.DateField(
        label=gettext_lazy("Day of the conversation"),
        help_text=gettext_lazy("Of what the patient wants and accepts, if it was another day than the examination."),
        required=False,
        validators=[not_in_future],
        error_messages={"invalid": gettext_lazy("Give the day of the conversation, such as 2026-03-14.")},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    report_text = ProseField(
        label=gettext_lazy("Report text"),
        limit=REPORT_LIMIT,
        too_long=gettext_lazy("The report has %(length)s characters; at most %(limit)s can be stored. Shorten it."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    impression = ProseField(
        label=gettext_lazy("Impression for the meeting"),
        limit=IMPRESSION_LIMIT,
        too_long=gettext_lazy("The impression has %(length)s characters; at most %(limit)s can be stored. Shorten it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    restaging = forms.ChoiceField(
        label=gettext_lazy("Found at"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Say at which staging this was found.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the correction"),
        max_length=400,
        widget=forms.TextInput(),
        error_messages={"required": gettext_lazy("Say why the earlier finding is corrected.")},
    )
    based_on = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    day_order = forms.CharField(required=False, widget=forms.HiddenInput)
    taken = KeysField(required=False)
    refused = KeysField(required=False)

    offers_last_value = True
    draws_lesions = True
    """Whether the picture of the typed lesions stands over their table."""

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        discipline: str,
        based_on: int,
        corrects: Finding | None = None,
        draft: FindingDraft | None = None,
        asks_day: bool = False,
        spare_rows: int = 3,
    ):
        self.case, self.discipline, self.corrects, self.spare_rows = case, discipline, corrects, spare_rows
        self.pathway = pathway_of(case.pathway)
        self.restagings = list(case.restagings.order_by("-number"))
        of_first = corrects is not None and corrects.restaging_id is None
        self.surroundings = Surroundings(case, without=corrects.pk if corrects else None, of_first_staging=of_first)
        self.facts = {name: FIELD_OF_TYPE[fact.type](fact) for name, fact in self.pathway.facts.items()}
        super().__init__(data, initial={"based_on": based_on})
        self._ask_phase(corrects)
        if corrects is None:
            del self.fields["reason"]
            self.fields["examined_on"].required = False  # asked for in clean(): facts may bring their days along
            if discipline not in EXAMINED_EARLIER and not asks_day:
                self.initial["examined_on"] = timezone.localdate()
        else:
            del self.fields["said_on"]
            self._start_from(corrects)
        self.fields |= self.facts
        if draft is not None and data is None:
            self._restore(draft)
        self.helper = FormHelper()
        self.helper.form_tag = self.helper.form_show_errors = False  # the page shows them, each with its place
        self.helper.layout = findings_layout(self)

    def _ask_phase(self, corrects: Finding | None) -> None:
        """The newest restaging unless somebody says otherwise; nothing is asked before there is one."""
        if not self.restagings:
            del self.fields["restaging"]
            return
        own = corrects.restaging if corrects else self.restagings[0]
        self.fields["restaging"].choices = [
            *(
                (
                    str(restaging.number),
                    _("Restaging %(number)s, from %(day)s")
                    % {"number": restaging.number, "day": day(restaging.started_on)},
                )
                for restaging in self.restagings
            ),
            (FIRST_STAGING, _("First staging, before treatment: a late report of it")),
        ]
        self.initial["restaging"] = str(own.number) if own else FIRST_STAGING

    @property
    def offers_day(self) -> bool:
        """Whether the date that stands in the form is today's, offered by itself: nobody has stated it."""
        offered = self.initial.get("examined_on")
        return isinstance(offered, date) and self.corrects is None and not self.is_bound

    def found_at(self) -> Restaging | None:
        """The restaging to which the finding belongs, after validation; None for the first staging."""
        chosen = self.cleaned_data.get("restaging", FIRST_STAGING)
        return next((restaging for restaging in self.restagings if str(restaging.number) == chosen), None)

    def _start_from(self, finding: Finding) -> None:
        self.initial |= {
            "examined_on": finding.examined_on,
            "report_text": finding.report_text,
            "impression": finding.impression,
            "taken": keys_of(finding.quotations.all(), finding.report_text, self.pathway.facts),
            **finding.facts,
        }

    def _restore(self, draft: FindingDraft) -> None:
        """Show what was typed. It is judged when it is recorded, not before."""
        typed = MultiValueDict(draft.entries)
        for name, field in self.fields.items():
            if name != "based_on":
                self.initial[name] = field.widget.value_from_datadict(typed, {}, name)

    @property
    def page_url(self) -> str:
        if self.corrects:
            return reverse("finding-correct", args=[self.case.reference, self.corrects.pk])
        return reverse("finding-record", args=[self.case.reference, self.discipline])

    @property
    def draft_url(self) -> str:
        return reverse("draft-save", args=[self.case.reference, self.discipline])

    @property
    def report_file_url(self) -> str:
        return reverse("report-file", args=[self.case.reference, self.discipline])

    @property
    def report_url(self) -> str:
        return reverse("report-read", args=[self.case.reference, self.discipline])

    def typed_based_on(self) -> int | None:
        """Newest finding of the discipline when the posted page was opened, as the page says."""
        text = self.data.get("based_on", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

    def take_newest(self) -> None:
        """Once the reader is shown what is new, the form counts as opened after it."""
        self.data = self.data.copy()
        self.data["based_on"] = str(self.initial["based_on"])

    def typed(self, name: str) -> Typed:
        """What stands in the controls of a fact now."""
        return self[name].value()

    def clean(self) -> dict:
        cleaned = super().clean()
        known = OF_THE_PAGE | set(self.fields)
        for posted in self.data:
            if posted not in known and not any(field.owns(posted) for field in self.facts.values()):
                near = _(", ").join(get_close_matches(posted, self.facts, 3))
                said = _("“%(name)s” is not a fact of this pathway. Nothing was stored.") % {"name": shown(posted)}
                if near:
                    said = _("%(said)s Did you mean %(names)s?") % {"said": said, "names": near}
                self.add_error(None, said)
        if not self.errors and self.found_at() is not None:
            try:
                check_phase(self.case.pathway, self.stated())
            except FactError as error:
                self.add_error(self.pathway.baseline_fact, str(error))
        if not self.facts.keys() & self.errors.keys():
            for name, message in [*problems(self, self.stated())]:
                self.add_error(name, message)
        if not self.errors and self.corrects and self._says_the_same():
            self.add_error(None, _("Nothing is different from the finding that you correct."))
        return cleaned

    def clean_examined_on(self):
        day = self.cleaned_data["examined_on"]
        if day is not None and day < EARLIEST:
            raise ValidationError(_("Give the date of the examination as a day, such as 2026-03-14."))
        return day

    def _says_the_same(self) -> bool:
        earlier = self.corrects
        return (
            self.stated() == {name: self._canonical(name, value) for name, value in earlier.facts.items()}
            and self.cleaned_data["examined_on"] == earlier.examined_on
            and self.cleaned_data["report_text"] == earlier.report_text
            and self.cleaned_data["impression"] == earlier.impression
            and self.found_at() == earlier.restaging
        )

    def _canonical(self, name: str, value: Any) -> Any:
        try:
            return self.pathway.facts[name].parse(value).to_json()
        except (FactError, KeyError):  # stated under an older vocabulary
            return value

    def report_as_typed(self) -> str:
        """The report as it would be stored."""
        return self.fields["report_text"].to_python(self["report_text"].value() or "")

    def chosen(self, name: str) -> list[str]:
        """Keys of what was taken over (`taken`) from the report, or put aside (`refused`)."""
        return self.fields[name].clean(self[name].value())

    @cached_property
    def mentions(self) -> list[tuple[str, Mention]]:
        """What was found in the report, with its keys."""
        return keyed(self.report_as_typed(), self.pathway.facts, day_first(self))

    @cached_property
    def text_parts(self) -> list[Part]:
        """The examinations of which the report tells."""
        return read_parts(self.report_as_typed(), timezone.localdate(), day_first=day_first(self))

    def day_of_conversation(self) -> date | None:
        """When the patient said what they want, as it stands in the form; None: on the day in the date box."""
        try:
            return self.fields["said_on"].clean(self["said_on"].value())
        except ValidationError:
            return None

    def findings(self) -> list[OfOneDay]:
        """What makes one finding each, by their days, with the words of the report behind them; after validation."""
        return with_the_box(
            by_day(self, self.stated()), self.cleaned_data["examined_on"], self.cleaned_data["impression"]
        )

    def stated(self) -> dict[str, Any]:
        """The facts: only what was stated."""
        return {name: self.cleaned_data[name] for name in self.facts if self.cleaned_data.get(name) is not None}

    def provisional_facts(self) -> dict[str, Any]:
        """What could be read so far, whether the form is valid or not."""
        read = {}
        for name, field in self.facts.items():
            try:
                stated = field.clean(self.typed(name))
            except ValidationError:
                continue
            if stated is not None:
                read[name] = stated
        return read

    def open_items(self) -> list[OpenItem]:
        """Facts of this discipline that the meeting needs and nobody has stated yet, then what is only assumed."""
        known, language = self.surroundings.known_with(self.provisional_facts()), self.surroundings.language
        facts = self.pathway.facts
        missing = [
            OpenItem(item.label(language), next(name for name in item.facts if self.discipline in facts[name].owners))
            for item in self.pathway.required
            if any(self.discipline in facts[name].owners for name in item.facts) and not known.intersection(item.facts)
        ]
        assumed = [
            OpenItem(_("%(fact)s (to confirm)") % {"fact": facts[name].label(language)}, name)
            for name in ([] if self.case.is_sealed else self.case.to_confirm)
            if self.discipline in facts[name].owners and name not in known
        ]
        return missing + assumed
