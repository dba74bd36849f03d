"""The other organs: a chip for each, with number and side beside it."""

import json
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cases.forms.fact_fields import FactField, FactWidget, Typed, shown
from cases.forms.lesions_field import RowError, cell_of
from cases.forms.worded_fields import amount_refusal
from cases.forms.wording import NotUnderstood, read_amount, write_amount
from classification.facts import FactError


class SitesWidget(FactWidget):
    """Organs as chips, with `NAME-lung-count` and `NAME-lung-side` beside each."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        typed = super().value_from_datadict(data, files, name)
        details = {}
        for posted in data:
            if found := re.fullmatch(rf"{re.escape(name)}-([a-z0-9_]+)-(count|side)", posted):
                value = data.get(posted, "").strip()
                if value:
                    details.setdefault(found[1], {"site": (found[1],)})[found[2]] = (value,)
        return Typed(typed.values, typed.apart, typed.kept, tuple(details.values()))


class SitesField(FactField):
    """Other organs: those involved, with number and side where stated; or "looked for, none"."""

    kind = "sites"
    widget = SitesWidget
    apart = ("none", "not_applicable")

    def owns(self, posted: str) -> bool:
        organs = "|".join(map(re.escape, self.fact.values))
        return super().owns(posted) or bool(re.fullmatch(rf"{self.fact.name}-({organs})-(count|side)", posted))

    @cached_property
    def sides(self) -> list[tuple[str, str]]:
        return [
            ("", _("side not stated")),
            ("left", _("left")),
            ("right", _("right")),
            ("both", _("both sides")),
            (json.dumps({"one_of": ["left", "right"]}), _("one side, not stated which")),
        ]

    def read(self, typed: Typed) -> Any:
        for value in typed.values:
            if value not in self.fact.values:
                raise ValidationError(self.not_one_of(value))
        entries, errors = {site: {"site": site} for site in self.fact.values if site in typed.values}, []
        for row in typed.rows:
            site = row["site"][0]
            label = self.fact.value_label(site, self.language)
            if site not in entries:
                errors.append(
                    RowError(
                        _("%(organ)s: choose the organ too, or empty its number and side.") % {"organ": label},
                        self._place(site),
                        "count",
                    )
                )
                continue
            for part, values in row.items():
                if part != "site":
                    try:
                        entries[site] |= self._read_detail(part, values[0])
                        self.fact.parse([entries[site]])
                    except (NotUnderstood, FactError, ValueError, RecursionError) as error:
                        message = self._why(part, values[0], error)
                        errors.append(
                            RowError(
                                _("%(organ)s: %(message)s") % {"organ": label, "message": message},
                                self._place(site),
                                part,
                            )
                        )
        if errors:
            raise ValidationError(errors)
        return list(entries.values()) or None

    def _place(self, site: str) -> int:
        return self.fact.values.index(site) + 1 if site in self.fact.values else 0

    @staticmethod
    def _read_detail(part: str, value: str) -> dict:
        if value.startswith("{"):
            return {"count" if part == "count" else "laterality": json.loads(value)}
        return {"count": read_amount(value, whole=True)} if part == "count" else {"laterality": value}

    def _why(self, part: str, value: str, error: Exception) -> str:
        if part == "count":
            allowed = _("Give a whole number from 1 to 999, such as 2, 2–4 or ≥2; or leave it empty.")
            return amount_refusal(error, allowed) if isinstance(error, NotUnderstood) else allowed
        names = _(", ").join(label for _code, label in self.sides)
        return _("“%(value)s” cannot be chosen here. Choose among: %(values)s.") % {
            "value": shown(value),
            "values": names,
        }

    def write(self, stated: Any) -> Typed:
        if not isinstance(stated, list):
            return Typed()
        if not stated:
            return Typed(apart=("none",))
        rows = []
        for entry in stated:
            count, side = entry.get("count"), entry.get("laterality")
            written = json.dumps(count) if count == {"not_applicable": True} else write_amount(count)
            row = {"site": (entry["site"],)} | ({"count": (written,)} if count is not None else {})
            rows.append(row | ({"side": cell_of(side)} if side is not None else {}))
        return Typed(tuple(entry["site"] for entry in stated), rows=tuple(row for row in rows if len(row) > 1))

    def allowed(self) -> str:
        return _("Choose any of: %(values)s; or “looked for, none”.") % {"values": self._names()}
