"""The liver lesions: a table with one row each."""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from cases.forms.fact_fields import FactField, FactWidget, Typed, shown
from cases.forms.worded_fields import amount_refusal
from cases.forms.wording import NotUnderstood, read_amount, write_amount
from classification.facts import SEGMENTS, FactError

MOST_ROWS = 200
PARTS = ("segments", "diameter", "nature", "vessel")


class LesionsWidget(FactWidget):
    """Rows `NAME-3-segments`, `NAME-3-diameter`, … in the order of their numbers; gaps do not matter.

    A row counts when something is entered, or when it was listed before (`NAME-3-listed`) and is not removed.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        typed = super().value_from_datadict(data, files, name)
        numbers = set()
        for posted in data:
            if found := re.fullmatch(rf"{re.escape(name)}-(\d{{1,6}})-[a-z]+", posted):
                numbers.add(int(found[1]))
        rows = []
        for number in sorted(numbers):
            row = {part: tuple(filter(None, map(str.strip, data.getlist(f"{name}-{number}-{part}")))) for part in PARTS}
            if f"{name}-{number}-remove" in data:
                continue
            if any(row.values()) or f"{name}-{number}-listed" in data:
                rows.append(row)
        return Typed(typed.values, typed.apart, typed.kept, tuple(rows))


class RowError(ValidationError):
    """A message about one control of one row: `code` is "row-2-diameter" for the second row."""

    def __init__(self, message: str, row: int, part: str):
        super().__init__(message, code=f"row-{row}-{part}")


def _one_of(*values: str) -> dict:
    return {"one_of": list(values)}


class LesionsField(FactField):
    """The table of liver lesions. Every cell may stay empty; a cell that was stated less exactly is kept as it is."""

    kind = "lesions"
    widget = LesionsWidget
    apart = ("none", "not_applicable")

    def owns(self, posted: str) -> bool:
        parts = "|".join((*PARTS, "listed", "remove"))
        return super().owns(posted) or bool(re.fullmatch(rf"{self.fact.name}-\d{{1,6}}-({parts})", posted))

    @cached_property
    def natures(self) -> list[tuple[str, str]]:
        return [
            ("", _("not stated")),
            ("metastasis", self.fact.counted(get_language()) if self.fact.counted else _("metastasis")),
            ("indeterminate", _("indeterminate")),
            ("benign", _("benign")),
            ("second_primary", _("second primary")),
        ]

    @cached_property
    def vessels(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups of relation and vessel as one choice, as a report says it in one breath."""
        named = [
            ("portal_vein", pgettext("abuts or invades the", "portal vein")),
            ("hepatic_vein", pgettext("abuts or invades the", "hepatic vein")),
            ("ivc", pgettext("abuts or invades the", "vena cava")),
            ("bile_duct", pgettext("abuts or invades the", "bile duct")),
        ]
        abuts, invades = _("abuts %(vessel)s"), _("invades %(vessel)s")
        either = json.dumps({"vessel_relation": _one_of("clear", "abuts")})
        contact = json.dumps({"vessel_relation": _one_of("abuts", "invades")})
        return [
            ("", [("", _("not stated")), ("clear", _("clear"))]),
            (
                _("Contact"),
                [
                    ("abuts", _("abuts, vessel not stated")),
                    *((f"abuts {code}", abuts % {"vessel": label}) for code, label in named),
                ],
            ),
            (
                _("Invasion"),
                [
                    ("invades", _("invades, vessel not stated")),
                    *((f"invades {code}", invades % {"vessel": label}) for code, label in named),
                ],
            ),
            (_("Not sure"), [(either, _("not invading, contact not stated")), (contact, _("abuts or invades"))]),
        ]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return []

    def read(self, typed: Typed) -> Any:
        if typed.values:
            raise ValidationError(self.not_one_of(typed.text))
        if len(typed.rows) > MOST_ROWS:
            raise ValidationError(
                _("At most %(limit)s lesions can be listed; say “diffuse” instead.") % {"limit": MOST_ROWS}
            )
        entries, errors = [], []
        for number, row in enumerate(typed.rows, 1):
            entry = {}
            for part in PARTS:
                try:
                    entry |= self._read_cell(number, part, row[part])
                except ValidationError as error:
                    errors.append(error)
            entries.append(entry)
        if errors:
            raise ValidationError(errors)
        return entries or None

    def _read_cell(self, number: int, part: str, values: tuple[str, ...]) -> dict:
        if not values:
            return {}
        read = {
            "segments": self._read_segments,
            "diameter": self._read_diameter,
            "nature": self._read_nature,
            "vessel": self._read_vessel,
        }[part]
        try:
            entry = read(values)
            self.fact.parse([entry])
        except (NotUnderstood, FactError, ValueError, RecursionError) as error:
            raise RowError(self._cell_refusal(number, part, values[0], error), number, part) from None
        return entry

    @staticmethod
    def _read_segments(values: tuple[str, ...]) -> dict:
        if not set(values) <= set(SEGMENTS):
            raise ValueError
        return {"segments": [segment for segment in SEGMENTS if segment in values]}

    @staticmethod
    def _read_diameter(values: tuple[str, ...]) -> dict:
        if values[0].startswith("{"):
            return {"diameter_mm": json.loads(values[0])}
        return {"diameter_mm": read_amount(values[0], lengths=True)}

    @staticmethod
    def _read_nature(values: tuple[str, ...]) -> dict:
        return {"nature": json.loads(values[0]) if values[0].startswith("{") else values[0]}

    @staticmethod
    def _read_vessel(values: tuple[str, ...]) -> dict:
        if values[0].startswith("{"):
            entry = json.loads(values[0])
            if not set(entry) <= {"vessel_relation", "vessel"}:
                raise ValueError
            return entry
        relation, _gap, vessel = values[0].partition(" ")
        return {"vessel_relation": relation} | ({"vessel": vessel} if vessel else {})

    def _cell_refusal(self, number: int, part: str, value: str, error: Exception) -> str:
        return _("Lesion %(number)s, %(part)s: %(message)s") % {
            "number": number,
            "part": self.part_label(part),
            "message": self._why(part, value, error),
        }

    def _why(self, part: str, value: str, error: Exception) -> str:
        if part == "diameter":
            allowed = _("Give a diameter %(limits)s, such as 54, 2–4 or ≥20; or leave it empty.") % {
                "limits": self.diameter_limits()
            }
            return amount_refusal(error, allowed) if isinstance(error, NotUnderstood) else allowed
        if part == "segments":
            names = _(", ").join(SEGMENTS)
        else:
            groups = [("", self.natures)] if part == "nature" else self.vessels
            names = _(", ").join(label for _group, options in groups for _code, label in options)
        return _("“%(value)s” cannot be chosen here. Choose among: %(values)s.") % {
            "value": shown(value),
            "values": names,
        }

    def diameter_limits(self) -> str:
        limit = f"{self.fact.max:.0f} mm" if self.fact.max is not None else ""
        return _("above 0 and up to %(limit)s") % {"limit": limit or "400 mm"}

    @staticmethod
    def part_label(part: str) -> str:
        return {
            "segments": _("segments"),
            "diameter": _("diameter"),
            "nature": _("nature"),
            "vessel": _("vessel"),
        }[part]

    def write(self, stated: Any) -> Typed:
        if not isinstance(stated, list):
            return Typed()
        if not stated:
            return Typed(apart=("none",))
        return Typed(rows=tuple(self._write_row(entry) for entry in stated))

    def _write_row(self, entry: dict) -> dict[str, tuple[str, ...]]:
        diameter = entry.get("diameter_mm")
        is_written = not isinstance(diameter, dict) or "not_applicable" not in diameter
        return {
            "segments": tuple(entry.get("segments", ())),
            "diameter": (
                (write_amount(diameter) if is_written else json.dumps(diameter),) if diameter is not None else ()
            ),
            "nature": cell_of(entry.get("nature")),
            "vessel": self._write_vessel({key: entry[key] for key in ("vessel_relation", "vessel") if key in entry}),
        }

    def _write_vessel(self, entry: dict) -> tuple[str, ...]:
        if not entry:
            return ()
        relation, vessel = entry.get("vessel_relation"), entry.get("vessel")
        code = f"{relation} {vessel}" if vessel else str(relation)
        offered = {value for _group, options in self.vessels for value, _label in options}
        return (code if code in offered else json.dumps(entry),)

    def allowed(self) -> str:
        return _("List the lesions, or choose “looked for, none”; or leave it empty.")


def cell_of(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value if isinstance(value, str) else json.dumps(value),)
