"""Colours keep their contrast in light and dark; templates keep to the content security policy."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/app.css").read_text(encoding="utf-8")
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

# What is written on what, and the contrast that it needs (WCAG 2.2: 7 is AAA, 4.5 AA for text, 3 for parts).
PAIRS = [
    ("ink", "surface", 7),
    ("ink", "canvas", 7),
    ("ink-2", "surface", 7),
    ("ink-2", "canvas", 7),
    ("ink-3", "surface", 4.5),
    ("ink-3", "canvas", 4.5),
    ("ink-3", "hover", 4.5),
    ("accent", "surface", 4.5),
    ("accent-ink", "accent", 4.5),
    ("accent-strong", "accent-soft", 4.5),
    ("ready", "ready-soft", 4.5),
    ("wait", "wait-soft", 4.5),
    ("late", "late-soft", 4.5),
    ("split", "split-soft", 4.5),
    ("doubt", "doubt-soft", 4.5),
    ("lesion", "liver-r", 3),
    ("lesion", "liver-l", 3),
    ("liver-ink", "liver-r", 4.5),
    ("line-strong", "surface", 3),
    ("focus", "surface", 3),
]


def tokens(theme: str) -> dict[str, str]:
    block = re.search(r'\[data-bs-theme="' + theme + r'"\] \{(.*?)\}', CSS, re.S)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "needed"), PAIRS)
def test_contrast(theme, text, ground, needed):
    found = tokens(theme)
    lighter, darker = sorted((luminance(found[text]), luminance(found[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= needed


def test_the_style_sheet_loads_nothing_from_outside():
    assert not re.search(r"@import|url\((?!#)", CSS)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_templates_hold_nothing_inline(path: Path):
    text = re.sub(r"\{% comment.*?endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle=", text), "inline style"
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text), "inline style sheet or script"
    assert not re.search(r"\son[a-z]+=|hx-on|hx-vals=.js:", text), "inline handler"
    assert not re.search(r"(?:src|<link[^>]*href)=.https?:", text), "from another host"
