"""The command: see the package."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")

import django
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError

django.setup()  # the address list names the pages

from scripts.screenshots import __doc__ as about  # noqa: E402
from scripts.screenshots import flaws, places, readme, sheets  # noqa: E402
from scripts.screenshots.browser import HEIGHT, chromium, window  # noqa: E402
from scripts.screenshots.demo import own_demo  # noqa: E402

LANGUAGES, WIDTHS, MODES = ("en", "zh-hans"), (1920, 1280, 390), ("light", "dark", "projector")
BETWEEN = (320, 360, 430, 600, 768, 834, 1024, 1180, 1366, 1440, 1536, 2560)
"""Widths that get no picture: what sticks out at them is told all the same."""
PROJECTED = ("room", "case", "meeting", "decision", "audit", "audit-pictures")

SHOW_MODE = """mode => {
  const root = document.documentElement;
  root.setAttribute("data-bs-theme", mode === "dark" ? "dark" : "light");
  if (mode === "projector") root.setAttribute("data-mode", mode); else root.removeAttribute("data-mode");
}"""


def looks(page: Page, name: str, options: argparse.Namespace) -> Iterator[tuple[int, str, list[str]]]:
    """Width, mode and flaws, with the page shown so; what a mode does is asked of axe at one width."""
    for mode in options.modes:
        if mode == "projector" and name.partition("-")[0] not in PROJECTED:
            continue
        page.evaluate(SHOW_MODE, mode)
        for width in options.widths if mode != "projector" else (1920,):
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            found = flaws.of_size(page)
            if options.axe and width in (options.widths[-1], 1280):
                found += flaws.of_access(page)
            yield width, mode, found


def between(page: Page) -> list[str]:
    """What the widths without a picture do to the page: each flaw once, with its widths."""
    widths: dict[str, list[int]] = {}
    for width in BETWEEN:
        page.set_viewport_size({"width": width, "height": HEIGHT[1280]})
        for flaw in dict.fromkeys(flaws.of_size(page)):
            widths.setdefault(flaw, []).append(width)
    return [f"{', '.join(map(str, at))}: {flaw}" for flaw, at in widths.items()]


def take(browser: Browser, base: str, options: argparse.Namespace) -> None:
    """Every page into the folder, with sheets and flaws."""
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "places.json"
    if options.again and kept.exists():
        found = [places.Place(**each) for each in json.loads(kept.read_text())]
    else:
        found = places.of_everybody(browser, base)
        kept.write_text(json.dumps([asdict(place) for place in found], indent=1))
    if options.only:
        found = [place for place in found if any(place.name.startswith(name) for name in options.only)]
    taken: dict[tuple[str, int, str], list[Path]] = {}
    with (folder / "flaws.txt").open("w", encoding="utf-8") as report:
        for language in options.languages:
            for who in dict.fromkeys(place.who for place in found):
                context = window(browser, base, who, language=language)
                for place in (each for each in found if each.who == who):
                    page = context.new_page()
                    said: list[str] = []
                    page.on("console", lambda line, said=said: said.append(line.text) if line.type == "error" else None)
                    page.on("pageerror", lambda error, said=said: said.append(str(error)))
                    page.goto(base + place.path, wait_until="load")
                    with suppress(BrowserError):  # the room never rests
                        page.wait_for_load_state("networkidle", timeout=2500)
                    all_found = [f"browser: {each}" for each in said] + flaws.of_language(page, language)
                    if options.between:
                        all_found += between(page)
                    for width, mode, some in looks(page, place.name, options):
                        all_found += [f"{width} {mode}: {each}" for each in some]
                        path = folder / f"{place.name}.{language}.{width}.{mode}.png"
                        page.screenshot(path=path, full_page=True)
                        taken.setdefault((language, width, mode), []).append(path)
                    for each in dict.fromkeys(all_found):
                        print(f"{place.name} {language} ({place.path}) {each}", file=report, flush=True)
                    page.close()
                context.close()
    for (language, width, mode), pictures in taken.items():
        sheets.make(folder, pictures, title=f"{language}-{width}-{mode}", width=width)
    print(f"{len(found)} pages, {sum(map(len, taken.values()))} pictures in {folder}")


def main() -> None:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--url", help="a demonstration that runs; without it, one is started")
    parser.add_argument("--again", action="store_true", help="the pages that the folder's last run found")
    parser.add_argument("--only", nargs="*", default=[], help="pages whose names begin so")
    parser.add_argument("--languages", nargs="*", default=LANGUAGES)
    parser.add_argument("--widths", nargs="*", type=int, default=WIDTHS)
    parser.add_argument("--modes", nargs="*", default=MODES)
    parser.add_argument("--no-between", dest="between", action="store_false", help="pictured widths only")
    parser.add_argument("--no-axe", dest="axe", action="store_false")
    options = parser.parse_args()
    with (
        nullcontext(options.url) if options.url else own_demo() as base,
        chromium() as browser,
    ):
        if options.folder is None:
            readme.take(browser, base)
        else:
            take(browser, base, options)


if __name__ == "__main__":
    main()
