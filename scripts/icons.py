"""The icons that pages use, cut out of Bootstrap Icons: static/icons/, a tenth of the font and of its style sheet.

Needs requirements-dev.txt (fontTools). To be run again when a page uses an icon for the first time, which
tests/test_icons.py notices:

    .venv/bin/python -m scripts.icons
"""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "static/icons"
RULE = re.compile(r"\.bi-([a-z0-9-]+)::before\{content:\"\\([0-9a-f]+)\"\}")
# In markup by its class, or by its name alone where the class is put together: in templates, scripts and Python.
BY_CLASS = re.compile(r"\bbi-([a-z0-9]+(?:-[a-z0-9]+)*)")
BY_NAME = re.compile(r"[\"']([a-z0-9]+(?:-[a-z0-9]+)*)[\"']")


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
    for folder, pattern in (("templates", "*.html"), ("static/js", "*.js"), ("mdt", "*.py"), ("cases", "*.py")):
        for path in (ROOT / folder).rglob(pattern):
            text = path.read_text(encoding="utf-8")
            used |= known & {*BY_CLASS.findall(text), *BY_NAME.findall(text)}
    return used


def kept_icons() -> set[str]:
    """Names of the icons that were cut out."""
    return {name for name, _code in RULE.findall((MADE / "icons.css").read_text(encoding="utf-8"))}


def main() -> None:
    from fontTools import subset

    used, codes = used_icons(), all_icons()
    MADE.mkdir(exist_ok=True)
    options = subset.Options(flavor="woff2", layout_features=[], name_IDs=[], notdef_outline=True, hinting=False)
    font = subset.load_font(str(package() / "fonts/bootstrap-icons.woff2"), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[codes[name] for name in used])
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same icons give the same bytes
    subset.save_font(font, str(MADE / "icons.woff2"), options)
    sheet = (package() / "bootstrap-icons.min.css").read_text(encoding="utf-8")
    frame = RULE.sub("", sheet)
    frame = re.sub(r"src:url\([^;}]*", 'src:url("icons.woff2") format("woff2")', frame)
    rules = "\n".join(f'.bi-{name}::before{{content:"\\{codes[name]:x}"}}' for name in sorted(used))
    (MADE / "icons.css").write_text(f"{frame.strip()}\n{rules}\n", encoding="utf-8")
    print(f"{len(used)} of {len(codes)} icons")


if __name__ == "__main__":
    main()
