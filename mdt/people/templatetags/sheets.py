"""``{% style_sheets as sheets %}`` in the frame of every page: which it loads follows from the page's template."""

from django import template
from django.template import Context

from mdt.style_sheets import sheets_of

register = template.Library()


@register.simple_tag(takes_context=True)
def style_sheets(context: Context) -> list[str]:
    """Sheets of the page that is made: of the template that was asked for, whatever it extends (mdt.style_sheets)."""
    return sheets_of(context.template_name or "")
