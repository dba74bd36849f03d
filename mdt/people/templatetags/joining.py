"""What stands between texts of a template: ``{% gap %}``, ``{% colon %}``, ``{% comma %}``; built in, never loaded."""

from django import template
from django.utils.translation import pgettext

from mdt.people import joining

register = template.Library()


@register.simple_tag
def gap() -> str:
    """A blank in English; nothing in Chinese (mdt.people.joining)."""
    return joining.gap()


@register.simple_tag
def colon() -> str:
    """What stands between a word and its explanation: in English a colon and a blank, in Chinese a wide colon."""
    return pgettext("between a word and its explanation", ": ")


@register.simple_tag
def comma() -> str:
    """What stands between the parts of one description: in English a comma and a blank, in Chinese a wide comma."""
    return pgettext("between the parts of one description", ", ")
