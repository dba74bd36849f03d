"""``{% gap %}`` between two sentences of a template; built in, so that no template has to load it."""

from django import template

from mdt.people import joining

register = template.Library()


@register.simple_tag
def gap() -> str:
    """A blank in English; nothing in Chinese (mdt.people.joining)."""
    return joining.gap()
