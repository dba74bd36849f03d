"""From plain data to a PDF. Data travels as JSON beside the template: no text that a person typed is ever markup."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from mdt.meetings.documents.glyphs import FONT_FOLDER, code_point, replace_unprintable

TEMPLATES = Path(__file__).parent / "templates"
ROOT = Path(__file__).parents[2]
"""Templates elsewhere in the project may import those of this folder."""


def as_json(data: Any) -> str:
    """One spelling for the same data, whatever the order in which it was put together."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@cache
def _templates_digest() -> str:
    parts = [path.name.encode() + path.read_bytes() for path in sorted(TEMPLATES.glob("*.typ"))]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def source_digest(data: dict[str, Any]) -> str:
    """SHA-256 of what is printed and of the templates that print it: the same digest, the same PDF."""
    return hashlib.sha256(f"{_templates_digest()}\n{as_json(data)}".encode()).hexdigest()


def printable_data(data: dict[str, Any]) -> dict[str, Any]:
    """The data as the fonts can print it, with a sentence in `glyph_note` where characters had to be replaced.

    Call it in the document's language.
    """
    printed, lacking = replace_unprintable(data)
    printed["glyph_note"] = ""
    if lacking:
        printed["glyph_note"] = _(
            "The printing font lacks %(characters)s; the number stands in place of the character. Check names against "
            "the record."
        ) % {"characters": ", ".join(code_point(char) for char in lacking)}
    return printed


def typeset(template: str | Path, data: dict[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA-1) of A4 pages, by a template of this folder, or by the path of another one.

    The same data gives the same bytes: nothing in it comes from the clock.

    Raises typst.TypstError if the template does not accept the data.
    """
    return typst.compile(
        str(TEMPLATES / template),
        root=str(ROOT),
        font_paths=[str(FONT_FOLDER)],
        ignore_system_fonts=True,
        sys_inputs={"data": as_json(data)},
        pdf_standards="ua-1",
    )
