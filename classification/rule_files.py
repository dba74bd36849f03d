"""Reading rule files from a folder that nobody vouches for.

A file is data of a limited size: nothing in it is run, no file outside its folder is read, and nothing in it may take
unlimited time or hide from the eye of whoever reads the rules.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import re
import stat
import tomllib
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

FILE_LIMIT = 400_000
"""Bytes; the longest file that ships has an eighth of that."""
ENTRY_LIMIT = 200
"""Entries of one folder."""
DEPTH_LIMIT = 12
TEXT_LIMIT = 2000
DOT_LIMIT = 200
"""In one line: the time for reading a dotted key grows with the square of its dots."""
NUMBER_LIMIT = 10**12
YEARS = range(1900, 2201)
MESSAGE_LIMIT = 600
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.toml")


class RulebookError(ValueError):
    """A rule file that cannot be used. The text names the file, the row and what is wrong."""

    def __init__(self, file: str, row: str, message: str) -> None:
        self.file, self.row, self.message = _shown(file, 120), _shown(row, 120), _shown(message, MESSAGE_LIMIT)
        super().__init__(": ".join(part for part in (self.file, self.row, self.message) if part))


def _shown(text: object, most: int) -> str:
    """What a file says, short and without signs that a page or a terminal would obey."""
    text = str(text)
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def entries_of(folder: Path) -> list[Path]:
    """What a folder holds, by name. Raises ``RulebookError`` for one that cannot be read or holds too much."""
    try:
        found = list(islice(folder.iterdir(), ENTRY_LIMIT + 1))
    except OSError as error:
        raise RulebookError(folder.name, "", f"cannot be read: {error.strerror}") from None
    if len(found) > ENTRY_LIMIT:
        raise RulebookError(folder.name, "", f"holds more than {ENTRY_LIMIT} entries")
    return sorted(found)


def toml_files(folder: Path) -> list[Path]:
    """The rule files of a folder, by name. Raises ``RulebookError`` for a name that cannot be shown safely."""
    files = [path for path in entries_of(folder) if path.name.endswith(".toml")]
    for path in files:
        if not FILE_NAME.fullmatch(path.name):
            raise RulebookError(path.name, "", "its name may hold letters, digits, dots, dashes and underscores only")
    return files


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.resolve().is_relative_to(path.parent.resolve()):
            raise RulebookError(path.name, "", "leads out of its folder")
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for ever
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise RulebookError(path.name, "", "is not a regular file")
            raw = file.read(FILE_LIMIT + 1)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise RulebookError(path.name, "", f"cannot be read: {getattr(error, 'strerror', error)}") from None
    if len(raw) > FILE_LIMIT:
        raise RulebookError(path.name, "", f"is longer than {FILE_LIMIT} bytes")
    for number, line in enumerate(raw.splitlines(), 1):
        if line.count(b".") > DOT_LIMIT:
            raise RulebookError(path.name, f"line {number}", f"holds more than {DOT_LIMIT} dots")
    return raw


def read_toml(path: Path) -> tuple[dict[str, Any], str]:
    """The content of a file and its SHA-256 in hexadecimal. Raises ``RulebookError``."""
    raw = _read_bytes(path)
    try:
        table = tomllib.loads(raw.decode("utf-8"))
    except RecursionError:
        raise RulebookError(path.name, "", f"is nested more than {DEPTH_LIMIT} deep") from None
    except ValueError as error:  # also a number with thousands of digits, which Python refuses to read
        raise RulebookError(path.name, "", f"is not valid TOML: {error}") from None
    for row, reason in _objections(table):
        raise RulebookError(path.name, row, reason)
    return table, hashlib.sha256(raw).hexdigest()


def _objections(table: dict) -> Iterator[tuple[str, str]]:
    """Row and reason for everything that no rule file needs. Walks without recursion."""
    waiting: list[tuple[tuple[str, ...], Any]] = [((), table)]
    while waiting:
        at, value = waiting.pop()
        row = ".".join(at)
        if len(at) > DEPTH_LIMIT:
            yield row, f"is nested more than {DEPTH_LIMIT} deep"
        elif isinstance(value, dict):
            for key, inner in value.items():
                if reason := _text_objection(key):
                    yield row, f"a key {reason}"
                waiting.append(((*at, key), inner))
        elif isinstance(value, list):
            waiting += [((*at, str(number)), inner) for number, inner in enumerate(value, 1)]
        elif reason := _value_objection(value):
            yield row, reason


def _value_objection(value: Any) -> str:
    if isinstance(value, str):
        return _text_objection(value)
    # infinity is a limit of numbers that may be beyond counting
    if isinstance(value, int | float) and not (abs(value) <= NUMBER_LIMIT or value in (math.inf, -math.inf)):
        return f"is not a number up to {NUMBER_LIMIT}"
    if isinstance(value, dt.date) and value.year not in YEARS:
        return f"is a date outside the years {YEARS.start} to {YEARS.stop - 1}"
    return ""


def _text_objection(text: str) -> str:
    if len(text) > TEXT_LIMIT:
        return f"is longer than {TEXT_LIMIT} characters"
    for sign in "" if text.isprintable() else text:
        # control signs, and those that turn the direction of writing or show nothing: two texts could look alike
        if sign != "\n" and unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
            return f"holds the invisible sign U+{ord(sign):04X}"
    return ""
