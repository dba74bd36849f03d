"""From marks to SVG: attributes and classes only, as the content security policy of the pages asks."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from mdt.audit.pictures.shapes import Drawing


def as_svg(drawing: Drawing, *, key: str, title: str, description: str) -> SafeString:
    """The drawing with its name and description, which a screen reader speaks; "" where there is nothing to draw.

    `key` makes the ids of both, and is used once on a page.
    """
    if not drawing.marks:
        return SafeString("")
    context = {"drawing": drawing, "key": key, "title": title, "description": description}
    return render_to_string("audit/pictures/picture.svg", context)
