"""What was taken over from words that no longer stand in the report: asked about once, never dated by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cases.forms.report_words import stands
from mdt.people.joining import listed
from mdt.reading.mention import PARTS

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm


def lost_keys(form: FindingsForm) -> list[str]:
    """Keys of what was taken over whose words the text does not say any more."""
    known = {key for key, _mention in form.mentions}
    return [key for key in dict.fromkeys(form.chosen("taken")) if key not in known]


def lost_words(form: FindingsForm, stated: dict[str, Any]) -> Iterator[tuple[None, str]]:
    """The refusal to record what has lost its words, with its facts by name; said once, for who reads it decides.

    A correction is of one day, which nobody loses. What is said elsewhere in the text as well has its words there.
    """
    lost = [] if form.corrects else lost_keys(form)
    if not lost:
        return
    taken, names = set(form.chosen("taken")), {key.split("-")[0] for key in lost}
    kept = {
        mention.fact
        for key, mention in form.mentions
        if key in taken and mention.fact not in PARTS and stands(form.pathway.facts, mention, stated.get(mention.fact))
    }
    form.data = form.data.copy()
    form.data.setlist("taken", [key for key in form.chosen("taken") if key not in lost])
    labels = [str(form.facts[name].label) for name in stated if name in names - kept]
    if labels:
        said = _(
            "The text does not say any more: %(facts)s. Check what stands in the form. Take it over from the text "
            "again, or record once more: it then counts as typed, of the day in the date box."
        )
        yield None, said % {"facts": listed(labels)}
