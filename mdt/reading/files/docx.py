"""The text of a DOCX, in the child only: paragraphs and tables of its main part, without what was struck out, moved
away or hidden.

A sign that has no letter here (a symbol of a font, a formula) stands as � and is counted: a lost "<" turns a bound
into a measure.
"""

import encodings.cp437  # noqa: F401 - names in a zip are written in it; nothing can be loaded later
import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

from child import MOST_CHARACTERS, Found, RefusedError

LARGEST_PART_BYTES = 20 * 1024 * 1024
MAIN_PART = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
MATH = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
    "{http://purl.oclc.org/ooxml/officeDocument/math}",
)
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says again what stands before it
SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "\ufffd"}
LEFT_OUT = {"del", "moveFrom", FALLBACK}
NOT_TO_BE_SEEN = ("vanish", "strike", "dstrike")
NUMBER = re.compile(r"[-−–+]?\d")
OFF = {"0", "false", "off", "none"}


def read(content: bytes) -> Found:
    """The text. The number of pages is known only to who lays it out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            name = _main_part(parts)
            document = _part(parts, name)
        return _text(document)
    except KeyError:
        raise RefusedError("unknown") from None  # some other kind of zip
    except (zipfile.BadZipFile, ElementTree.ParseError, EOFError, OSError, ValueError, NotImplementedError):
        raise RefusedError("broken") from None
    except (RuntimeError, RecursionError):
        raise RefusedError("locked") from None


class _NoDoctype(ElementTree.TreeBuilder):
    """No word processor writes a DOCTYPE; with one, a few bytes may mean gigabytes. So reading ends there."""

    def doctype(self, *_said: object) -> None:
        raise RefusedError("broken")


def _part(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with parts.open(name) as part:
        content = part.read(LARGEST_PART_BYTES + 1)
    if len(content) > LARGEST_PART_BYTES:
        raise RefusedError("too-large")
    return ElementTree.fromstring(content, ElementTree.XMLParser(target=_NoDoctype()))


def _main_part(parts: zipfile.ZipFile) -> str:
    """As the package names it; some programs call it document2.xml."""
    try:
        relations = _part(parts, "_rels/.rels")
    except KeyError:
        return MAIN_PART
    for each in relations:
        if each.get("Type", "").endswith("/officeDocument"):
            return posixpath.normpath(each.get("Target", "")).lstrip("/")
    return MAIN_PART


def _name(tag: Any) -> str:
    """`t` of Word in either of its two namespaces, `m:t` of a formula; of others the whole name."""
    if not isinstance(tag, str):  # a comment
        return ""
    for space, short in ((WORD, ""), (STRICT, ""), *((space, "m:") for space in MATH)):
        if tag.startswith(space):
            return short + tag.removeprefix(space)
    return tag


def _value(element: ElementTree.Element | None, otherwise: str = "1") -> str:
    if element is None:
        return otherwise
    return next((value for name, value in element.attrib.items() if _name(name) == "val"), "1")


def _child(element: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    return next((each for each in element if _name(each.tag) == name), None) if element is not None else None


@dataclass
class _Cell:
    """Lines that are being gathered: of the document, or of one cell; and the cells of the row that is read in it."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: list[list[str]] = field(default_factory=list)


def _text(root: ElementTree.Element) -> Found:
    """One line for each paragraph; of a table see `_row`. Without recursion: depth is the file's to choose."""
    if _name(root.tag) != "document":
        raise RefusedError("unknown")
    cells = [_Cell()]
    length = unread = 0
    is_raised = was_raised = False
    waiting: list[ElementTree.Element | str] = [root]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            is_raised = is_raised and each != "/r"
            if each == "/p":
                cells[-1].lines.append("")
            elif each == "/tc" and len(cells) > 1:
                lines = cells.pop().lines
                cells[-1].row.append("\n".join(lines).rstrip().split("\n"))
            elif each == "/tr":
                cells[-1].lines[-1:] = [*filter(None, cells[-1].lines[-1:]), *_row(cells[-1].row), ""]
                cells[-1].row = []
            continue
        name = _name(each.tag)
        if name in LEFT_OUT or (name == "r" and _is_unseen(each)):
            continue
        if name == "r":
            is_raised = _value(_child(_child(each, "rPr"), "vertAlign"), "") == "superscript"
        said = _said(each, name)
        if said:
            if is_raised != was_raised and cells[-1].lines[-1][-1:].isdigit() and NUMBER.match(said):
                cells[-1].lines[-1] += " "  # 5² is not 52, nor is 10³5 1035
            cells[-1].lines[-1] += said
            unread += said.count("\ufffd")
            was_raised = is_raised
            length += len(said)
            if length > MOST_CHARACTERS:
                raise RefusedError("too-long")
        if name == "tc":
            cells.append(_Cell())
        inside: list[ElementTree.Element | str] = list(each)
        waiting += reversed([*inside, f"/{name}"] if name in {"p", "r", "tr", "tc"} else inside)
    return Found("\n".join(line.rstrip() for line in cells[0].lines), None, unread)


def _said(element: ElementTree.Element, name: str) -> str:
    if name == "t":
        return element.text or ""
    if name == "m:t":
        return "\ufffd" * bool((element.text or "").strip())
    if name == "checkBox":
        ticked = _value(_child(element, "checked"), _value(_child(element, "default"), "0"))
        return "☐" if ticked in OFF else "☑"
    return SIGNS.get(name, "")


def _is_unseen(run: ElementTree.Element) -> bool:
    """Hidden or struck through. What a named style hides or strikes is taken for text: styles are not read."""
    how = _child(run, "rPr")
    return any(_value(_child(how, name), "0") not in OFF for name in NOT_TO_BE_SEEN)


def _row(cells: list[list[str]]) -> list[str]:
    """A row as lines. Cells of equally many lines stand line by line beside each other, as they are seen; otherwise
    the lines of each cell follow those of the one before. Two paragraphs never become one line."""
    if len({len(cell) for cell in cells if any(cell)}) <= 1:
        return ["\t".join(line).rstrip() for line in zip_longest(*cells, fillvalue="")]
    lines = [""]
    for cell in cells:
        lines[-1] = f"{lines[-1]}\t{cell[0]}" if lines[-1] else cell[0]
        lines += cell[1:]
    return lines
