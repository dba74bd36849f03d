"""Markup that is the same for everybody who reads the same content in one language: rendered once, then kept.

What it is kept under is the content itself, so that nothing old is ever shown. A template that is rendered so may read
nothing but its content, the language, the clock's zone and today's date: no person, no request, no token.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 6000  # pieces: about 12 MB in each process
_kept: dict[bytes, SafeString] = {}


def rendered(template: str, content: Mapping[str, Any]) -> SafeString:
    """The template with this content. Raises TypeError for content that is not plain: text, numbers, lists, days."""
    key = _key(template, content)
    markup = _kept.get(key)
    if markup is None:
        markup = get_template(template).render(dict(content))
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = markup
    return markup


def _key(template: str, content: Mapping[str, Any]) -> bytes:
    around = (template, get_language(), timezone.get_current_timezone_name(), timezone.localdate().isoformat())
    text = json.dumps((around, content), ensure_ascii=False, default=_plain)
    return blake2b(text.encode(errors="surrogatepass"), digest_size=20).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be told from another by its content")
