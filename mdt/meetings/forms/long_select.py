"""A list to choose from, written at once: Django renders two templates for each entry, and the desk has 1,400."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mdt.people.pinyin import keys


class LongSelect(forms.Select):
    """Like `forms.Select`, for choices without groups and entries without attributes."""

    def render(self, name: str, value: Any, attrs: Mapping | None = None, renderer: Any = None) -> SafeString:
        written = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        pairs = tuple(("" if code is None else str(code), str(label)) for code, label in self.choices)
        entries = _entries(pairs, tuple(self.format_value(value)))
        return format_html("<select{}>\n{}\n</select>", flatatt(written), entries)


@lru_cache(maxsize=256)
def _entries(pairs: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> SafeString:
    """Remembered: the desk asks forty times why an option was rejected."""
    rows = (
        (
            code,
            SafeString(" selected") if code in chosen else "",
            _sound(label),
            label,
        )  # static/js/app.js finds it by that
        for code, label in pairs
    )
    return format_html_join("\n", '<option value="{}"{}{}>{}</option>', rows)


def _sound(label: str) -> str:
    sound = keys(label)
    return format_html(' data-sound="{}"', sound) if sound else ""
