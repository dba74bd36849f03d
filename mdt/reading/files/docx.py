"""The text of a DOCX, in the child only: paragraphs and tables of its main part, without what was struck out."""

import encodings.cp437  # noqa: F401 - names in a zip are written in it; nothing can be loaded later
import io
import zipfile
from xml.etree import ElementTree

from child import MOST_CHARACTERS, RefusedError

LARGEST_PART_BYTES = 20 * 1024 * 1024
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # says again what stands before it
BETWEEN = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n"}


def read(content: bytes) -> tuple[str, int, int, int]:
    """Text, and as pages 1, for they are only known to who lays it out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open("word/document.xml") as part:
            document = part.read(LARGEST_PART_BYTES + 1)
        if len(document) > LARGEST_PART_BYTES:
            raise RefusedError("too-large")
        if b"<!DOCTYPE" in document[:4096]:  # no word processor writes one
            raise RefusedError("broken")
        lines = _lines(ElementTree.fromstring(document))
    except KeyError:
        raise RefusedError("unknown") from None  # some other kind of zip
    except (zipfile.BadZipFile, ElementTree.ParseError, EOFError, OSError, ValueError, NotImplementedError):
        raise RefusedError("broken") from None
    except (RuntimeError, RecursionError):
        raise RefusedError("locked") from None
    return "\n".join(lines), 1, 0, 0


def _lines(root: ElementTree.Element) -> list[str]:
    """One line for each paragraph, one for each row of a table. Without recursion: depth is the file's to choose."""
    lines: list[str] = [""]
    length = 0
    waiting: list[ElementTree.Element | str] = [root]
    cells = 0
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            cells += {"row": 1, "/row": -1}.get(each, 0)
            if each in {"/row", "/p"} and not (each == "/p" and cells):
                lines.append("")
            elif each in {"/cell", "/p"}:
                lines[-1] = lines[-1].rstrip() + ("\t" if each == "/cell" else " ")
            continue
        if each.tag == FALLBACK:
            continue
        if each.tag == f"{WORD}t":
            lines[-1] += each.text or ""
            length += len(each.text or "")
            if length > MOST_CHARACTERS:
                raise RefusedError("too-long")
        lines[-1] += BETWEEN.get(each.tag, "")
        around = {f"{WORD}p": ("", "/p"), f"{WORD}tr": ("row", "/row"), f"{WORD}tc": ("", "/cell")}.get(each.tag)
        inside: list[ElementTree.Element | str] = list(each)
        waiting += reversed([around[0], *inside, around[1]] if around else inside)
    return [line.rstrip() for line in lines]
