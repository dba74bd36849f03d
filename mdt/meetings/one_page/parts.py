"""What a section of the page is made of: its items, the words under them, and those for what did not fit.

A section is a heading, a few lines that always stand, and items, the most important first. The template places as many
items as fit, at least `least` where the page allows it, those of a lower `rank` before others, and says how many more
there are: an item counts for as many as it holds.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from mdt.meetings.documents.wording import described
from mdt.people.templatetags.looks import day, discipline_label


def item(text: str = "", *, head: str = "", source: str = "", mark: str = "", count: int = 1) -> dict[str, Any]:
    """`mark` "unknown" is set apart as what nobody stated, "alarm" as what a reader must not miss."""
    return {"head": head, "text": text, "source": source, "mark": mark, "count": count}


def section(label: str, items: list[dict[str, Any]], *, rank: int, least: int, **parts: Any) -> dict[str, Any]:
    """`more`: the words for one and for several that did not fit, with %(count)d in place of the number."""
    one, several = parts.pop("more", None) or (
        _("and %(count)d more: see the case"),
        _("and %(count)d more: see the case"),
    )
    empty = {"tag": "", "lead": [], "quiet": [], "none": "", "picture": None, "table": None, "frame": False}
    more = {"one": one, "several": several}
    return {"label": label, "items": items, "rank": rank, "least": least, "more": more, **empty, **parts}


def said_once(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What follows under the same head does not repeat it: items are only ever left out from the end."""
    heads = [each["head"] for each in items]
    return [
        {**each, "head": "" if position and heads[position - 1] == each["head"] else each["head"]}
        for position, each in enumerate(items)
    ]


def together(words: Iterable[str], most: int) -> Iterator[list[str]]:
    rest = iter(words)
    while some := list(islice(rest, most)):
        yield some


def source_of(said: dict[str, Any]) -> str:
    return described([discipline_label(said["discipline"]), day(said.get("on"))])


def ask_whom(owner: str) -> str:
    return _("ask %(owner)s") % {"owner": discipline_label(owner)}


def counted(what: str) -> tuple[str, str]:
    """Words for what did not fit, for one and for several."""
    return {
        "reason": (_("and %(count)d more reason: see the case"), _("and %(count)d more reasons: see the case")),
        "open": (_("and %(count)d more open fact: see the case"), _("and %(count)d more open facts: see the case")),
        "difference": (
            _("and %(count)d more difference: see the case"),
            _("and %(count)d more differences: see the case"),
        ),
        "fact": (_("and %(count)d more finding: see the case"), _("and %(count)d more findings: see the case")),
        "lesion": (_("and %(count)d more lesion: see the case"), _("and %(count)d more lesions: see the case")),
        "place": (_("and %(count)d more place: see the case"), _("and %(count)d more places: see the case")),
        "option": (_("and %(count)d more option: see the case"), _("and %(count)d more options: see the case")),
    }[what]
