from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import NotesOpening, PsychosocialNote


class NoteForm(forms.ModelForm):
    """A note, or the correction of one of one's own."""

    class Meta:
        model = PsychosocialNote
        fields = ["text"]
        labels = {"text": pgettext_lazy("a psychosocial note", "Note")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class OpenNotesForm(forms.ModelForm):
    """Why notes that are not meant for the reader must be read now."""

    reason = forms.CharField(
        label=_("Why you must read them now"),
        min_length=10,
        max_length=NotesOpening._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Auditors and supportive care read this. Name no patient."),
    )

    class Meta:
        model = NotesOpening
        fields = ["reason"]
