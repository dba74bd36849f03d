"""The liver of one case, drawn to scale from the facts: what the template needs, as coordinates and words.

Pure: facts in, frozen dataclasses out. Words come in the reader's language.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from cases.pictures import words
from cases.pictures.geometry import Box, Geometry, Point, liver_geometry
from cases.pictures.labels import PAGE, ROOM, Label, Sizes, lay_out
from cases.pictures.lesions import COUNTED_AS, Lesion, read_lesions
from cases.pictures.places import Circle, place

_NUMBER_FITS: Final = 14.0  # a circle at least this large carries its number
_LOBE_CENTRES: Final[dict[str, tuple[Point, ...]]] = {
    "right": ((190, 215),),
    "left": ((470, 150),),
    "both": ((190, 215), (470, 150)),
}
_SCALE_MM: Final = 50
BARE_FRAME: Final = "-2 -8 676 476"


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle as the template draws it."""

    number: int
    look: str
    x: float
    y: float
    r: float
    is_clipped: bool
    carries_number: bool

    @property
    def number_class(self) -> str:
        return "lv-on" if self.look == "met" else "lv-un"

    @property
    def number_y(self) -> float:
        return round(self.y + (6 if self.look == "met" else 4.5), 1)


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text in the picture."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Contact:
    """A triangle where a lesion touches or invades a vessel."""

    path: str
    is_invasion: bool


@dataclass(frozen=True, slots=True)
class LiverPicture:
    """Everything that templates/cases/_liver.html draws and says."""

    name: str
    geometry: Geometry
    view_box: str
    is_large: bool
    is_bare: bool
    spots: tuple[Spot, ...]
    labels: tuple[Label, ...]
    contacts: tuple[Contact, ...]
    notes: tuple[Word, ...]
    sides: tuple[Word, ...]
    questions: tuple[Word, ...]
    scale_path: str
    scale_word: Word
    is_diffuse: bool
    title: str
    description: str
    statements: tuple[str, ...]
    unplaced: tuple[Lesion, ...]
    lesions: tuple[Lesion, ...]
    counted_as: str

    @property
    def looks(self) -> frozenset[str]:
        """The signs that the legend has to explain."""
        return frozenset(
            {spot.look for spot in self.spots}
            | {"invades" if contact.is_invasion else "touch" for contact in self.contacts}
        )


@dataclass(frozen=True, slots=True)
class LiverThumbnail:
    """The same liver at the size of a postage stamp, for lists."""

    spots: tuple[Spot, ...]
    questions: tuple[Word, ...]
    is_diffuse: bool
    label: str


def draw_liver(
    facts: Mapping[str, Any] | None, *, name: str = "liver", is_large: bool = False, is_bare: bool = False
) -> LiverPicture:
    """The picture for a case; ``facts`` uses the names of the vocabulary (``liver_lesions``, ``liver_lobes``, …).

    ``name`` begins all ids, so that a page may hold several pictures. ``is_large`` sets bigger, shorter labels,
    for the screen of the meeting room. ``is_bare``: organ and lesions alone, in a frame that no label moves, for the
    form, where a table beside says the rest.
    """
    facts = facts or {}
    geometry = liver_geometry()
    lesions = read_lesions(_listed(facts), facts.get(COUNTED_AS) or "")
    circles = place(lesions)
    sizes = ROOM if is_large else PAGE
    notes = () if is_large or is_bare else _notes()
    sides = _sides(sizes)
    labels = () if is_bare else lay_out(circles, _texts(circles, is_short=is_large), sizes, _taken(notes, sides, sizes))
    bottom = max([geometry.height - 4, *(label.box.bottom for label in labels)]) + 26
    top = min([-2, *(label.box.top for label in labels), *(note.y - sizes.note for note in notes)]) - 6
    return LiverPicture(
        name=name,
        geometry=geometry,
        view_box=BARE_FRAME if is_bare else f"-2 {top:.0f} {sizes.right + 4:.0f} {bottom + 14 - top:.0f}",
        is_large=is_large,
        is_bare=is_bare,
        spots=_spots(circles),
        labels=labels,
        contacts=tuple(_contact(circle, geometry) for circle in circles if circle.lesion.touches_vessel),
        notes=notes,
        sides=sides,
        questions=() if circles or is_bare else _questions(facts),
        scale_path=_scale_path(bottom, geometry),
        scale_word=_scale_word(bottom, geometry),
        is_diffuse=facts.get("liver_diffuse") is True,
        title=gettext("Liver, seen from the front, with lesions to scale"),
        description=words.description(lesions, facts),
        statements=words.statements(lesions, facts),
        unplaced=tuple(lesion for lesion in lesions if not lesion.segments),
        lesions=lesions,
        counted_as=facts.get(COUNTED_AS) or "",
    )


def draw_thumbnail(facts: Mapping[str, Any] | None) -> LiverThumbnail:
    """The postage stamp of a case; where nothing can be placed, a question mark in the lobe that is stated."""
    facts = facts or {}
    lesions = read_lesions(_listed(facts), facts.get(COUNTED_AS) or "")
    circles = place(lesions)
    is_diffuse = facts.get("liver_diffuse") is True
    return LiverThumbnail(
        spots=_spots(circles),
        questions=() if circles or is_diffuse or facts.get("liver_metastasis") == "absent" else _questions(facts),
        is_diffuse=is_diffuse,
        label=words.thumbnail_label(lesions, facts),
    )


def _listed(facts: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    listed = facts.get("liver_lesions")
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list | tuple) else []


def _spots(circles: Sequence[Circle]) -> tuple[Spot, ...]:
    return tuple(
        Spot(
            number=circle.lesion.number,
            look=circle.lesion.look,
            x=circle.x,
            y=circle.y,
            r=circle.r,
            is_clipped=circle.is_clipped,
            carries_number=circle.r >= _NUMBER_FITS,
        )
        for circle in circles
    )


def _texts(circles: Sequence[Circle], *, is_short: bool) -> dict[int, tuple[str, ...]]:
    """The lines of each label. Many lesions get one line each; the table says the rest."""
    texts = {}
    for circle in circles:
        lesion = circle.lesion
        where = () if is_short else (lesion.segments_text,)
        head = " · ".join([str(lesion.number), *where, lesion.size_text])
        remarks = pgettext("between the parts of one description", ", ").join(lesion.remarks)
        texts[lesion.number] = (head, remarks) if remarks and len(circles) <= 10 else (head,)
    return texts


def _notes() -> tuple[Word, ...]:
    cava = gettext("inferior vena cava")
    return (
        Word(cava, 358 - PAGE.width(cava, is_note=True), 20),
        Word(gettext("portal vein"), 402, 420),
        Word(gettext("gallbladder"), 244, 408),
    )


def _sides(sizes: Sizes) -> tuple[Word, ...]:
    return (
        Word(pgettext("right side of the patient", "R"), 16, 170),
        Word(pgettext("left side of the patient", "L"), 650, 100),
    )


def _taken(notes: Sequence[Word], sides: Sequence[Word], sizes: Sizes) -> list[Box]:
    """Boxes where no label may lie: other words, and the vessels that leave the organ."""
    boxes = [Box(334, 300, 400, 414), Box(360, 10, 400, 70)]
    boxes += [
        Box(word.x, word.y - sizes.note, word.x + sizes.width(word.text, is_note=True), word.y + 5) for word in notes
    ]
    boxes += [Box(word.x - sizes.tag * 0.7, word.y - sizes.tag, word.x + sizes.tag * 0.7, word.y + 6) for word in sides]
    return boxes


def _contact(circle: Circle, geometry: Geometry) -> Contact:
    """A triangle on the rim of the circle, towards the vessel that is meant."""
    lines = geometry.vessels[circle.lesion.vessel or "hepatic_vein"]
    corners = (corner for line in lines for corner in line.points)
    nearest = min(corners, key=lambda corner: abs(math.dist(corner, circle.centre) - circle.r))
    angle = math.atan2(nearest[1] - circle.y, nearest[0] - circle.x)
    x, y = circle.x + circle.r * math.cos(angle), circle.y + circle.r * math.sin(angle)
    half = 9 if circle.r >= _NUMBER_FITS else 6
    path = f"M{x - half:.0f} {y + half - 1:.0f}L{x:.0f} {y - half + 1:.0f}L{x + half:.0f} {y + half - 1:.0f}Z"
    return Contact(path, is_invasion=circle.lesion.relation == "invades")


def _questions(facts: Mapping[str, Any]) -> tuple[Word, ...]:
    """Question marks where a lesion is known but not placed."""
    if facts.get("liver_diffuse") is True or facts.get("liver_metastasis") == "absent":
        return ()
    lobes = facts.get("liver_lobes")
    centres = _LOBE_CENTRES.get(lobes, ((330, 225),)) if isinstance(lobes, str) else ((330, 225),)
    return tuple(Word("?", x, y) for x, y in centres)


def _scale_word(y: float, geometry: Geometry) -> Word:
    text = gettext("%(size)s mm") % {"size": _SCALE_MM}
    return Word(text, 36 + _SCALE_MM * geometry.units_per_mm, y + 5)


def _scale_path(y: float, geometry: Geometry) -> str:
    end = 24 + _SCALE_MM * geometry.units_per_mm
    return f"M24 {y - 6:.0f}V{y + 6:.0f}M24 {y:.0f}H{end:.0f}M{end:.0f} {y - 6:.0f}V{y + 6:.0f}"
