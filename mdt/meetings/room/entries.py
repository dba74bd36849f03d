"""What a desk holds, as plain texts: read from what was typed, from a draft or from a recorded version, and written
back. So two of them can be laid side by side, part by part."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict

from mdt.meetings.forms.decision import TEXTS, initial_of
from mdt.meetings.models import Decision

Rows = list[dict[str, str]]
Entries = dict[str, Any]

SINGLE = ("category", "responsible", "amendment_reason", *TEXTS)
ROWS = {"steps": "next_steps", "dissents": "dissents", "conditions": "condition_rows"}
PER_FIELD = ("rejected_", "check_")
NOT_TYPED = {"csrfmiddlewaretoken", "proposal", "based_on", "conflict_with"}
MOST_ROWS = 20


def of_data(data: QueryDict) -> Entries:
    """What was typed, right or wrong."""
    options = data.getlist("options")
    return {
        **{name: data.get(name, "").strip() for name in SINGLE},
        "options": {
            "chosen": sorted(options, key=lambda name: (_rank(data.get(f"rank_{name}", "")), options.index(name))),
            "other": data.get("other", "").strip(),
        },
        **{name: data[name].strip() for name in data if name.startswith(PER_FIELD) and data[name].strip()},
        **{prefix: _rows(data, prefix) for prefix in ROWS},
    }


def of_initial(initial: Mapping[str, Any]) -> Entries:
    """A form's first values: of a recorded version, or of an empty desk."""
    chosen = list(initial.get("options", ()))
    return {
        **{name: _text(initial.get(name)).strip() for name in SINGLE},
        "options": {"chosen": chosen, "other": _text(initial.get("other")).strip()},
        **{name: _text(value) for name, value in initial.items() if name.startswith(PER_FIELD) and value},
        **{prefix: [_row(row) for row in initial.get(name) or ()] for prefix, name in ROWS.items()},
    }


def as_initial(entries: Entries) -> dict[str, Any]:
    """A form's first values."""
    chosen = entries["options"]["chosen"]
    return {
        **{name: value for name, value in entries.items() if name not in (*ROWS, "options")},
        "options": chosen,
        "other": entries["options"]["other"],
        **{f"rank_{name}": place for place, name in enumerate(chosen, start=1)},
        **{name: entries[prefix] for prefix, name in ROWS.items()},
    }


def as_data(entries: Entries, like: QueryDict) -> QueryDict:
    """As a browser would send it; hidden fields as in `like`."""
    data = QueryDict(mutable=True)
    for name in NOT_TYPED & set(like):
        data[name] = like[name]
    for name, value in as_initial(entries).items():
        if name == "options":
            data.setlist("options", value)
        elif name not in ROWS.values():
            data[name] = str(value)
    for prefix in ROWS:
        rows = entries[prefix]
        data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), "0"
        for number, row in enumerate(rows):
            for name, value in row.items():
                data[f"{prefix}-{number}-{name}"] = value
    return data


def as_query(typed: Mapping[str, list[str]]) -> QueryDict:
    """A draft as it was sent."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def _rank(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 100


def _rows(data: QueryDict, prefix: str) -> Rows:
    """Rows in which anything is typed; the select of a trigger alone says nothing."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if total.isdecimal() and len(total) < 4 else 0
    rows = []
    for number in range(count):
        start = f"{prefix}-{number}-"
        row = {name.removeprefix(start): data[name].strip() for name in data if name.startswith(start)}
        if any(value for name, value in row.items() if name != "trigger"):
            rows.append(_row(row))
    return rows


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in sorted(row.items()) if _text(value)}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def of_version(decision: Decision) -> Entries:
    """A recorded version."""
    return of_initial({**initial_of(decision), "amendment_reason": decision.amendment_reason})
