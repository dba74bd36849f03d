"""Colours keep their contrast in light and dark; templates keep to the content security policy."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from mdt.help.parts import defined

SHEETS = sorted((settings.BASE_DIR / "static/css").glob("*.css"))
CSS = "\n".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))

FROM_LIBRARIES = {"asteriskField"}  # crispy forms write it

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


LONGEST_SHEET, LONGEST_LINE = 350, 170
"""As long as a module may be; and a line that a window of an editor shows."""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_read_in_one_sitting(sheet: Path):
    lines = sheet.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("/* "), "say what it is for"
    assert len(lines) <= LONGEST_SHEET
    assert [number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE] == []


def rules_of(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Conditions and selector of each rule of a sheet."""
    found, conditions, at = [], [], 0
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for part in re.finditer(r"([^{}]*)([{}])", text):
        head = " ".join(part[1].split())
        if part[2] == "{":
            conditions.append(head)
        elif conditions:
            if at == len(conditions):
                found.append((tuple(conditions[:-1]), conditions[-1]))
            conditions.pop()
        at = len(conditions)
    return [(condition, selector) for condition, selector in found if not selector.startswith("@")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_rule_stands_twice_in_a_sheet(sheet: Path):
    counts = Counter(rules_of(sheet.read_text(encoding="utf-8")))
    assert [rule for rule, count in counts.items() if count > 1] == []


def test_the_conditions_of_a_rule_are_part_of_it():
    text = "a { b: c } @media print { a { b: d } a { e: f } }"
    assert rules_of(text) == [((), "a"), (("@media print",), "a"), (("@media print",), "a")]


def test_no_class_is_defined_in_vain():
    """Templates, Python and scripts name every class, whole or, as in "state-KIND", by how it begins."""
    folders = ("templates", "mdt", "cases", "classification", "static/js")
    files = [path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*")]
    text = "\n".join(path.read_text("utf-8") for path in files if path.suffix in {".html", ".svg", ".py", ".js"})
    words = set(re.findall(r"[a-zA-Z][\w-]*", text))
    begun = tuple(re.findall(r"([a-z]+-|\bln)(?=\{|%|\$)", text))
    vain = {name for name in defined() if name not in words and not name.startswith(begun)}
    assert vain - FROM_LIBRARIES == set()
