"""What the annual report prints, as plain data, in the language that is active."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from mdt.audit.figures import series
from mdt.audit.models import AnnualReport
from mdt.audit.pictures import over_time
from mdt.audit.pictures.course import flow_picture
from mdt.audit.pictures.delays import delay_picture
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.reasons import departures_picture, not_done_picture
from mdt.audit.pictures.series_drawn import series_picture
from mdt.audit.pictures.shapes import words_width
from mdt.audit.registry import FIGURES
from mdt.audit.scope import Scope
from mdt.audit.survival.figures import caveats, concordance_picture, type_picture
from mdt.audit.tables import Cell, Table
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import capital, date_parts
from mdt.people.templatetags.looks import day

STYLE = Path(__file__).parent / "templates" / "picture.css"


def _chart(scope: Scope, key: str) -> Picture:
    return series_picture(scope, series.series_of(scope, key))


PICTURES: dict[str, Callable[[Scope], Picture]] = {
    "flow-proposed-confirmed": flow_picture,
    "over-time": over_time.concordance_picture,
    "days": delay_picture,
    "reasons-departed": departures_picture,
    "reasons-not-done": not_done_picture,
    "survival-type": type_picture,
    "survival-concordance": concordance_picture,
    **{f"chart-{key}": partial(_chart, key=key) for key in series.KEYS},
}
"""By the key of the table before which it stands."""
SMALL = "*"


def scope_of(report: AnnualReport) -> Scope:
    return Scope((report.team_id,), report.first_on, report.last_on)


def steps_of(report: AnnualReport) -> Iterator[dict[str, Any]]:
    """Each table of the audit as it is printed, the picture that belongs to it before it; one at a time."""
    scope = scope_of(report)
    for figure in FIGURES:
        draw = PICTURES.get(figure.key)
        picture = _picture(draw(scope) if draw else None)
        yield {"page": figure.page, "picture": picture, "table": _table(figure.build(scope))}


def number_of_steps() -> int:
    return len(FIGURES)


def report_data(report: AnnualReport, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Everything that the template prints. `parts` are those of `steps_of`."""
    scope, title = scope_of(report), _("Annual report of the tumour board")
    period = scope.period
    return printable_data(
        {
            "lang": report.language.partition("-")[0],
            "title": f"{title} · {period}",
            "author": report.team.hospital,
            "date": date_parts(report.asked_at),
            "draft": "",
            "notices": [],
            "head": {
                "title": title,
                "subtitle": period,
                "sender": [report.team.hospital, report.team.name],
            },
            "identity": [
                [_("Made on"), day(report.asked_at, "time"), _("Report asked for by"), report.asked_by.display_name],
                [_("Editions in force"), _editions(scope), _("Counted up to"), _log_lines(report)],
            ],
            "running": {
                "head": f"{report.team.name} · {title}",
                "side": period,
                "foot": report.team.hospital,
                "pages": _("page {page} of {pages}"),
            },
            "style": STYLE.read_text(encoding="utf-8"),
            "reading": {"label": _("How to read this"), "lines": _how_to_read(scope)},
            "sections": _sections(parts),
            "how": _("How this is counted:"),
            "end": [
                _("Figures change as follow-up comes in: this paper holds what was known when it was made."),
                _("A proposal by rules supports, and does not replace, the decision of the meeting."),
            ],
        }
    )


def _sections(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    titles = {
        "audit": _("Decisions"),
        "audit-indicators": _("Indicators"),
        "audit-attendance": _("Attendance and standards"),
        "audit-pictures": _("From proposal to treatment"),
        "audit-survival": _("Overall survival after the decision"),
    }
    sections: dict[str, dict[str, Any]] = {}
    for part in parts:
        title = titles.get(part["page"], _("Further tables"))
        section = sections.setdefault(part["page"], {"title": title, "parts": []})
        table, before = part["table"], section["parts"][-1:]
        is_said = any(each["how"] == table["how"] for each in before)  # tables of one kind follow each other
        section["parts"].append({"picture": part["picture"], "how": table["how"], "table": table})
        if is_said:
            section["parts"][-1]["table"] = table | {"how": ""}
    return list(sections.values())


def _how_to_read(scope: Scope) -> list[str]:
    return [
        _("Shares stand with their 95 % interval in brackets. An asterisk marks a share of fewer than 20 cases, which "
          "says little: read the cases. A dash means that nothing is known, or that there is nothing to divide by."),
        *caveats(scope),
    ]  # fmt: skip


def _editions(scope: Scope) -> str:
    found = scope.rows().exclude(edition="").order_by("edition").values_list("edition", flat=True).distinct()
    return ", ".join(found) or _("none")


def _log_lines(report: AnnualReport) -> str:
    if report.counted_from == report.counted_until:
        return _("line %(line)d of the event log") % {"line": report.counted_until}
    return _("lines %(first)d to %(last)d of the event log: it went on while this was counted") % {
        "first": report.counted_from,
        "last": report.counted_until,
    }


def _picture(picture: Picture | None) -> dict[str, Any]:
    """The SVG without what shows only under a pointer; empty where nothing is drawn."""
    if picture is None or not picture.drawing.marks:
        return {"svg": "", "alt": "", "width": 0}
    marks = tuple(replace(mark, note="") if getattr(mark, "note", "") else mark for mark in picture.drawing.marks)
    bare = replace(picture, drawing=replace(picture.drawing, marks=marks))
    return {
        "svg": str(bare.svg),
        "alt": f"{picture.title}. {picture.description}",
        "width": 100 if picture.layout else 76,
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "head": [capital(str(column.title)) for column in table.columns],
        "widths": [_room(table, place) for place in range(len(table.columns))],
        "rows": [_row(row) for row in table.rows],
        "foot": _row(table.foot) if table.foot else [],
        "none": _("Nothing in this period."),
        "notes": [str(note) for note in table.notes if note],
        "how": table.how_counted,
    }


def _room(table: Table, place: int) -> float:
    """How wide a column is beside the others: as its longest text asks, but none so narrow or wide that it is odd."""
    longest = max((words_width(row[place].shown) for row in table.rows), default=0)
    return round(min(max(longest / 60, 1.0), 5.0), 2)


def _row(row: tuple[Cell, ...]) -> list[list[str]]:
    """Each cell as the lines that it prints."""
    return [[cell.shown + (f" {SMALL}" if cell.is_small else ""), cell.interval] for cell in row]
