"""The parts of the visual language, read from templates and style sheets: which class is used where."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.conf import settings

STYLE_SHEETS = Path("static/css")
STYLE_PAGE = ("style", "style.html")
_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")


def classes_in(text: str) -> set[str]:
    """Every class named in the text of a template or a page."""
    return {name for value in re.findall(r'class="([^"]*)"', text) for name in _TAGS.sub(" ", value).split()}


@cache
def defined() -> frozenset[str]:
    """Classes that the house's style sheets know; Bootstrap's others are not the house's parts."""
    return frozenset[str]().union(*(defined_in(sheet) for sheet in (settings.BASE_DIR / STYLE_SHEETS).glob("*.css")))


@cache
def defined_in(sheet: Path) -> frozenset[str]:
    """Classes that one style sheet has a rule for."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    return frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"\{[^{}]*\}", "{}", text)))


@cache
def used() -> dict[str, frozenset[str]]:
    """Class → folders of templates ("frame" for the pages' frame) that use it, but for the style page's own."""
    found: dict[str, set[str]] = defaultdict(set)
    folder = settings.BASE_DIR / "templates"
    for path in folder.rglob("*.html"):
        parts = path.relative_to(folder).parts
        if parts[0] in STYLE_PAGE:
            continue
        room = parts[0] if len(parts) > 1 else "frame"
        for name in classes_in(path.read_text(encoding="utf-8")) & defined():
            found[name].add(room)
    return {name: frozenset(rooms) for name, rooms in found.items()}


def of_one_room() -> list[tuple[str, list[str]]]:
    """Room and the classes that it alone uses."""
    rooms: dict[str, list[str]] = defaultdict(list)
    for name, where in sorted(used().items()):
        if len(where) == 1:
            rooms[next(iter(where))].append(name)
    return sorted(rooms.items())
