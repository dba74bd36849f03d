"""Which characters the printing fonts can draw, read from the fonts' own tables.

A name that loses a character on paper is worse than one with a visible gap: whatever the fonts lack is printed as its
Unicode number, and the document says so at its foot.
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pylopdf_fonts_zh_cn import sans_path, serif_path

FONT_FOLDER = sans_path().parent

# What the two fonts lack and Libertinus Serif has, which Typst carries in itself: Polish and other Latin letters,
# Greek with accents, Cyrillic, fixed spaces, raised and lowered digits ("10⁹/L"), fractions. A test prints them all.
_LIBERTINUS = (
    (0x0104, 0x02E4), (0x0384, 0x038A), (0x038E, 0x0390), (0x03AA, 0x03CE), (0x0400, 0x0477), (0x1E00, 0x1EFF),
    (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F), (0x2070, 0x2071), (0x2075, 0x208E), (0x2153, 0x215F),
)  # fmt: skip

# No ink of their own, or they turn the order of what stands around them: left out of print.
_INVISIBLE = {*range(0xFE00, 0xFE10), 0x00AD}


def _records(table: bytes) -> Iterator[tuple[int, int]]:
    """First and last code point of every mapped stretch in a format 12 subtable of a font's `cmap`."""
    count = struct.unpack_from(">H", table, 2)[0]
    for index in range(count):
        _platform, _encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * index)
        if struct.unpack_from(">H", table, offset)[0] == 12:
            groups = struct.unpack_from(">I", table, offset + 12)[0]
            for group in range(groups):
                first, last, _glyph = struct.unpack_from(">III", table, offset + 16 + 12 * group)
                yield first, last


def _code_points(font: Path) -> Iterator[int]:
    with font.open("rb") as file:
        tables = struct.unpack(">4xH6x", file.read(12))[0]
        directory = [struct.unpack(">4s4xII", file.read(16)) for _ in range(tables)]
        offset, length = next((offset, length) for tag, offset, length in directory if tag == b"cmap")
        file.seek(offset)
        table = file.read(length)
    for first, last in _records(table):
        yield from range(first, last + 1)


@cache
def printable() -> frozenset[int]:
    """Code points that at least one of the fonts can draw."""
    more = (code for first, last in _LIBERTINUS for code in range(first, last + 1))
    return frozenset(more).union(_code_points(sans_path()), _code_points(serif_path()))


def _is_invisible(char: str) -> bool:
    return ord(char) in _INVISIBLE or unicodedata.category(char) in ("Cf", "Cc")


def unprintable(text: str) -> list[str]:
    """The characters of a text that cannot be printed, each once, in order. For a warning on a page."""
    known = printable()
    lacking = (char for char in text if not _is_invisible(char) and ord(char) not in known)
    return list(dict.fromkeys(lacking))


def code_point(char: str) -> str:
    """`U+20BB7`: how a character that cannot be drawn is named."""
    return f"U+{ord(char):04X}"


def _printed(text: str, lacking: set[str]) -> str:
    known = printable()
    out = []
    for char in text.replace("\r\n", "\n").replace("\t", " "):
        if char == "\n":
            out.append(char)
        elif _is_invisible(char):
            continue
        elif ord(char) in known:
            out.append(char)
        else:
            lacking.add(char)
            out.append(f"[{code_point(char)}]")
    return "".join(out)


def replace_unprintable(data: Any) -> tuple[Any, list[str]]:
    """The same nested data with every text made printable, and the characters that were replaced by their number."""
    lacking: set[str] = set()

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return _printed(value, lacking)
        if isinstance(value, dict):
            return {key: walk(entry) for key, entry in value.items()}
        if isinstance(value, Iterable):
            return [walk(entry) for entry in value]
        return value

    return walk(data), sorted(lacking)
