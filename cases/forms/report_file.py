"""A report that came as a file, in words: what was read out of it, or why nothing was."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from mdt.reading.files import (
    BROKEN,
    BUSY,
    EMPTY,
    LOCKED,
    NO_TEXT,
    OLD_WORD,
    PICTURE,
    TOO_HARD,
    TOO_LARGE,
    TOO_LONG,
    TOO_MANY_PAGES,
    UNKNOWN,
    FileText,
    NotReadError,
    text_of,
)

WHY_NOT = {
    EMPTY: gettext_lazy("Nothing was taken: no file was chosen, or it is empty."),
    UNKNOWN: gettext_lazy("Nothing was taken: this is neither a PDF nor a Word document (DOCX)."),
    TOO_LARGE: gettext_lazy("Nothing was taken: the file is larger than 10 MB. Open it, copy its text, and paste it."),
    TOO_MANY_PAGES: gettext_lazy(
        "Nothing was taken: the file has more than 100 pages. Copy out the part that is the report, and paste it."
    ),
    TOO_LONG: gettext_lazy(
        "Nothing was taken: the file has more than 100,000 characters. Copy out the report alone, and paste it."
    ),
    LOCKED: gettext_lazy(
        "Nothing was taken: the file is protected by a password. Open it, copy its text, and paste it."
    ),
    PICTURE: gettext_lazy("Nothing was taken: this PDF is a picture; type or paste the text."),
    NO_TEXT: gettext_lazy("Nothing was taken: this file holds no text. Type or paste it."),
    OLD_WORD: gettext_lazy(
        "Nothing was taken: the file is protected by a password or in an older Word format. Open it, copy its text, "
        "and paste it."
    ),
    BUSY: gettext_lazy("Nothing was taken: other files are being read just now. Try again in a moment."),
    BROKEN: gettext_lazy(
        "Nothing was taken: the file is damaged or incomplete. Fetch it again, or type or paste the text."
    ),
    TOO_HARD: gettext_lazy(
        "Nothing was taken: reading the file took too much time or memory. Open it, copy its text, and paste it."
    ),
}


def read_file(file: UploadedFile | None) -> FileText:
    """What stands in the file. Raises NotReadError."""
    if file is None:
        raise NotReadError(EMPTY)
    return text_of(file.read())


def said_of(reason: str) -> str:
    return str(WHY_NOT[reason])


MISSING = (
    (
        "picture_pages",
        ngettext_lazy(
            "%(count)s page is a picture or empty: nothing of it is here.",
            "%(count)s pages are pictures or empty: nothing of them is here.",
            "count",
        ),
    ),
    (
        "pictured_pages",
        ngettext_lazy(
            "%(count)s page holds a large picture that was not read.",
            "%(count)s pages hold a large picture that was not read.",
            "count",
        ),
    ),
    (
        "unseen",
        ngettext_lazy(
            "%(count)s letter that cannot be seen on the page was left out.",
            "%(count)s letters that cannot be seen on the page were left out.",
            "count",
        ),
    ),
    (
        "unread",
        ngettext_lazy(
            "%(count)s sign could not be read and stands as �.",
            "%(count)s signs could not be read and stand as �.",
            "count",
        ),
    ),
)
"""What a file holds and its text does not, by what `FileText` counts."""


def words_about(read: FileText) -> str:
    """How much was read, and everything that is known to be missing."""
    said = [_("Read from the file.")]
    if read.pages is not None:
        pages = ngettext("Read from the file: %(pages)s page.", "Read from the file: %(pages)s pages.", read.pages)
        said = [pages % {"pages": read.pages}]
    said += [text % {"count": count} for name, text in MISSING if (count := getattr(read, name))]
    said.append(_("Compare it with the file before you record it."))
    return " ".join(said)


def with_text(entries: dict[str, list[str]], text: str) -> dict[str, list[str]]:
    """The entries with the text below what stands in the report's box."""
    stood = "".join(entries.get("report_text", [])).rstrip()
    return {**entries, "report_text": [f"{stood}\n\n{text}" if stood else text]}
