"""`manage.py cut_icons`: the icons that pages use, cut out of Bootstrap Icons: a tenth of its font and style sheet.

They are made at set-up, like the compiled catalogues, and not committed. Cut again when a page uses an icon that is not
among them yet.
"""

import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.management.base import BaseCommand

RULE = re.compile(r"\.bi-([a-z0-9-]+)::before\{content:\"\\([0-9a-f]+)\"\}")
# In markup by its class, or by its name alone where the class is put together: in templates, scripts and Python.
BY_CLASS = re.compile(r"\bbi-([a-z0-9]+(?:-[a-z0-9]+)*)")
BY_BRANCH = re.compile(r"%\}([a-z0-9]+(?:-[a-z0-9]+)*)(?=\{%)")  # bi-{% if … %}bell-fill{% else %}bell{% endif %}
BY_NAME = re.compile(r"[\"']([a-z0-9]+(?:-[a-z0-9]+)*)[\"']")
READ = (("templates", "*.html"), ("static/js", "*.js"), ("mdt", "*.py"), ("cases", "*.py"))


def package() -> Path:
    """The font as the wheel brings it."""
    found = importlib.util.find_spec("js_lib_bootstrap_icons")
    return Path(found.submodule_search_locations[0]) / "static/bootstrap-icons/font"


def all_icons() -> dict[str, int]:
    """Name → code point of every icon there is."""
    sheet = (package() / "bootstrap-icons.min.css").read_text(encoding="utf-8")
    return {name: int(code, 16) for name, code in RULE.findall(sheet)}


def used_icons() -> set[str]:
    """Names of the icons that any page may show. A word that happens to be an icon's name counts too."""
    known, used = set(all_icons()), set()
    for folder, pattern in READ:
        for path in (settings.BASE_DIR / folder).rglob(pattern):
            text = path.read_text(encoding="utf-8")
            used |= known & {*BY_CLASS.findall(text), *BY_BRANCH.findall(text), *BY_NAME.findall(text)}
    return used


def kept_icons() -> set[str]:
    """Names of the icons that were cut out; none before the first time."""
    sheet = _folder() / "icons.css"
    return {name for name, _code in RULE.findall(sheet.read_text(encoding="utf-8"))} if sheet.exists() else set()


def cut_icons() -> int:
    """Cut out what pages use, unless all of it is there. Returns the number of icons that were cut, or 0."""
    used = used_icons()
    if used <= kept_icons():
        return 0
    from fontTools import subset  # half a second, and needed once

    codes = all_icons()
    options = subset.Options(flavor="woff2", layout_features=[], name_IDs=[], notdef_outline=True, hinting=False)
    with subset.load_font(str(package() / "fonts/bootstrap-icons.woff2"), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[codes[name] for name in used])
        cutter.subset(font)
        font["head"].modified = font["head"].created  # the same icons give the same bytes
        _write("icons.woff2", lambda aside: subset.save_font(font, str(aside), options))
    frame = RULE.sub("", (package() / "bootstrap-icons.min.css").read_text(encoding="utf-8"))
    frame = re.sub(r"src:url\([^;}]*", 'src:url("icons.woff2") format("woff2")', frame)
    rules = "\n".join(f'.bi-{name}::before{{content:"\\{codes[name]:x}"}}' for name in sorted(used))
    _write("icons.css", lambda aside: aside.write_text(f"{frame.strip()}\n{rules}\n", encoding="utf-8"))
    return len(used)


def _folder() -> Path:
    return settings.BASE_DIR / "static/icons"


def _write(name: str, save: Callable[[Path], object]) -> None:
    """Whole or not at all, also when several processes cut at once."""
    _folder().mkdir(exist_ok=True)
    aside = _folder() / f"{name}.{token_hex(4)}"
    save(aside)
    aside.replace(_folder() / name)


class Command(BaseCommand):
    help = "Cut the icons that pages use out of the icon font."
    requires_system_checks = []

    def handle(self, *args: object, **options: object) -> None:
        number = cut_icons()
        if number and options["verbosity"]:
            self.stdout.write(f"{number} icons cut out")
