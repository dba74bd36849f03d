"""The liver of the case page for paper: the same drawing, with the colours that its classes have on a light screen."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from cases.pictures.liver import LiverPicture, draw_liver

STYLE = Path(__file__).parent / "templates" / "picture.css"
MOST_LABELS = 8
"""With more lesions the labels would push the organ off the page; the table beside names them all."""


def liver_on_paper(facts: dict[str, Any]) -> tuple[LiverPicture, str]:
    """The picture with its words, and the drawing itself as SVG."""
    is_crowded = len(facts.get("liver_lesions") or []) > MOST_LABELS
    picture = draw_liver(facts, is_large=not is_crowded, is_bare=is_crowded)
    drawn = render_to_string("cases/_liver_svg.html", {"picture": picture}).strip()
    style = f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
    drawn = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace("<title", f"{style}<title", 1)
    return picture, drawn
