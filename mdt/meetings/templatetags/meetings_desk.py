"""The rows of the desk: conditions, next steps, dissents."""

from collections.abc import Iterable

from django import template
from django.forms import BaseFormSet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

NUMBER = "__prefix__"
"""What Django writes for the number of a row that does not exist yet."""


@register.filter
def folded(rows: Iterable[dict]) -> list[dict]:
    """Of the options those that the rules reject and nobody chose."""
    return [row for row in rows if row["is_folded"]]


@register.simple_tag
def desk_rows(rows: BaseFormSet, row_template: str) -> SafeString:
    """Rows that say something, blank ones for a browser without scripts, and the blank that scripts copy.

    Blank rows differ by their number alone: one is rendered for all of them.
    """
    blank = render_to_string(row_template, {"row": rows.empty_form})
    filled = len(rows.forms) if rows.is_bound else rows.initial_form_count()
    markup = [render_to_string(row_template, {"row": form}) for form in rows.forms[:filled]]
    markup += [blank.replace(NUMBER, str(number)) for number in range(filled, len(rows.forms))]
    return format_html("{}<template>{}</template>", SafeString("".join(markup)), blank)
