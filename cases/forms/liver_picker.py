"""The liver beside the lesion table: the rows as they are typed, drawn, and a button in each segment that adds one."""

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError

from cases.forms.fact_fields import Typed
from cases.forms.lesions_field import LesionsField
from cases.pictures.geometry import liver_geometry
from cases.pictures.lesions import COUNTED_AS
from cases.pictures.liver import LiverPicture, draw_liver
from cases.reasoning import counted_lesion

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm

_BUTTON: Final = 44  # side of a button in drawing units
_BUTTON_AT: Final = {"1": (384, 156), "4a": (333, 108)}  # elsewhere than the names, which would let these two overlap


def lesions_of(form: "FindingsForm") -> LesionsField | None:
    """The field of the lesion table; None where the pathway has none."""
    return next((field for field in form.facts.values() if isinstance(field, LesionsField)), None)


def drawn(form: "FindingsForm", field: LesionsField) -> LiverPicture:
    """The rows of the table as a picture. A row of which something cannot be read is drawn by its segments."""
    lesions = [_readable(field, row) for row in form.typed(field.fact.name).rows]
    counted = counted_lesion(form.case.pathway, form.surroundings.language)
    return draw_liver({"liver_lesions": lesions, COUNTED_AS: counted}, name="typed", is_bare=True)


def _readable(field: LesionsField, row: dict[str, Any]) -> dict[str, Any]:
    for parts in (row, {part: row.get(part, ()) if part == "segments" else () for part in row}):
        try:
            read = field.clean(Typed(rows=(parts,)))
        except ValidationError:
            continue
        if read:
            return read[0]
    return {}


def segment_buttons() -> list[dict[str, Any]]:
    """Where the button of each segment lies, in the order in which they are counted."""
    half = _BUTTON / 2
    return [
        {
            "name": segment.name,
            "path": segment.path,
            "x": round(x - half, 1),
            "y": round(y - half - 4, 1),
            "side": _BUTTON,
        }
        for segment in sorted(liver_geometry().segments.values(), key=lambda segment: segment.name)
        for x, y in [_BUTTON_AT.get(segment.name, segment.name_at)]
    ]
