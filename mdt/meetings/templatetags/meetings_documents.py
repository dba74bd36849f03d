"""What a page says about the papers of a meeting."""

from django import template

from mdt.meetings.documents.glyphs import code_point
from mdt.meetings.documents.glyphs import unprintable as lacking

register = template.Library()


@register.inclusion_tag("meetings/_unprintable.html")
def unprintable(*texts: str) -> dict[str, str]:
    """A warning where names hold characters that the printing fonts lack; nothing where they can be printed."""
    return {"characters": ", ".join(code_point(char) for char in lacking("".join(texts)))}
