"""Blanks where Chinese has none: between two Chinese characters, or beside a Chinese mark, on a rendered page."""

import re
from html.parser import HTMLParser

_INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "i",
    "kbd",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
}
_UNREAD = {"script", "style", "svg", "template", "textarea", "pre"}
_VOID = {"br", "hr", "img", "input", "link", "meta", "use", "wbr", "col", "source", "circle", "path", "rect", "stop"}
_READ_OUT = ("aria-label", "title", "placeholder", "alt", "data-label", "data-empty")
_HAN = "\u2160-\u216b\u4e00-\u9fff"
# A weekday stands after its date with a blank; so does whatever else is parted by one from Latin letters and digits.
_IN_A_TEXT = re.compile(
    rf"(?<=[{_HAN}，。；：、！？）”》]) (?!星期)(?=[{_HAN}（“《，。；：、！？])|(?<=[，。；：、！？]) (?=[A-Za-z0-9])"
)
# Across tags only what a sentence goes on with: a chip or a source stands apart on purpose.
_ACROSS = re.compile(rf"[，。；：、！？]\x00* [\x00 ]*(?=[{_HAN}（“《])")


class _Runs(HTMLParser):
    """Texts that stand on one line: parted by tags that begin a new one; "\\0" where an inline tag stands."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = [""]
        self._unread: list[str] = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        is_foreign = not (named.get("lang") or "zh").startswith("zh") or named.get("lang") == ""
        if self._unread or ((tag in _UNREAD or is_foreign) and tag not in _VOID):
            if tag not in _VOID:
                self._unread.append(tag)
            return
        is_chip = tag == "span" and "class" in named
        self.runs[-1:-1] = [value for name in _READ_OUT if (value := named.get(name))]
        self._end() if tag not in _INLINE or is_chip else self._mark()

    def handle_endtag(self, tag):
        if self._unread:
            if tag == self._unread[-1]:
                self._unread.pop()
            return
        self._end() if tag not in _INLINE or tag == "span" else self._mark()

    def handle_data(self, data):
        if not self._unread:
            self.runs[-1] += data

    def _end(self) -> None:
        self.runs.append("")

    def _mark(self) -> None:
        self.runs[-1] += "\x00"


def in_text(text: str) -> list[str]:
    """Each blank of a plain text that Chinese would not have, with what stands around it."""
    return [text[max(0, found.start() - 20) : found.end() + 15] for found in _IN_A_TEXT.finditer(text)]


def on_page(html: str) -> list[str]:
    """The same of a page as it was rendered."""
    reader = _Runs()
    reader.feed(html)
    blanks = []
    for run in reader.runs:
        line = re.sub(r"[ \t\r\n]+", " ", run)
        for piece in line.split("\x00"):
            blanks += in_text(piece)
        blanks += [
            line[max(0, found.start() - 20) : found.end() + 15].replace("\x00", "|")
            for found in _ACROSS.finditer(line)
            if "\x00" in found[0]
        ]
    return blanks
