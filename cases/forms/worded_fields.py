"""Facts that are written in words: numbers and days as the report gives them, and free text."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.forms.fact_fields import FactField, Typed
from cases.forms.wording import NotUnderstood, read_amount, read_day, write_amount, write_day
from classification.facts import TEXT_LIMIT, Fact


class AmountField(FactField):
    """A number in the report's own words."""

    kind = "amount"

    def read(self, typed: Typed) -> Any:
        try:
            return read_amount(
                typed.text,
                whole=self.fact.type == "integer",
                units=self.units,
                countable=self.fact.uncountable,
                lengths=self.fact.unit == "mm",
            )
        except NotUnderstood as error:
            raise ValidationError(self.refusal(error)) from None

    @property
    def units(self) -> tuple[str, ...]:
        """What may follow the number: the unit up to its explanation ("% of standard liver volume" → "%")."""
        if self.fact.units is None:
            return ()
        whole = (self.fact.units.en, self.fact.units.zh)
        return (*whole, *(re.split(r"[\s（(]", unit)[0] for unit in whole))

    def write(self, stated: Any) -> Typed:
        return Typed((write_amount(stated),))

    def refusal(self, error: NotUnderstood) -> str:
        return amount_refusal(error, self.allowed())

    def limits(self) -> str:
        """The range and unit in short: "0 to 100 %"."""
        return limits_of(self.fact, self.language)

    def allowed(self) -> str:
        kind = _("a whole number") if self.fact.type == "integer" else _("a number")
        limits = self.limits()
        return (
            _("Give %(number)s, %(limits)s, such as %(examples)s; or leave it empty.")
            % {
                "number": kind,
                "limits": limits,
                "examples": self.examples(),
            }
            if limits
            else _("Give %(number)s, such as %(examples)s; or leave it empty.")
            % {
                "number": kind,
                "examples": self.examples(),
            }
        )

    def examples(self) -> str:
        is_small = self.fact.max is not None and self.fact.max <= 10
        one, span, least = ("1", "1–2", "≥1") if is_small else ("12", "10–15", "≥10")
        return _("%(one)s, %(range)s or %(open)s") % {"one": one, "range": span, "open": least}


def limits_of(fact: Fact, language: str) -> str:
    """The allowed range of a number with its unit."""

    def number(limit: float) -> str:
        return f"{limit:,.0f}".replace(",", "\u202f")

    unit = fact.unit_label(language)
    if fact.above is not None:
        said = _("above %(low)s and up to %(high)s") if fact.max is not None else _("above %(low)s")
        said = said % {"low": number(fact.above), "high": number(fact.max or 0)}
    elif fact.min is not None:
        said = _("from %(low)s to %(high)s") if fact.max is not None else _("%(low)s or more")
        said = said % {"low": number(fact.min), "high": number(fact.max or 0)}
    else:
        said = ""
    return f"{said} {unit}".strip()


def amount_refusal(error: NotUnderstood, allowed: str) -> str:
    """Why an amount was not understood, and what may be written."""
    if error.reason == "comma":
        return _("Write the decimals with a point: %(example)s. %(allowed)s") % {
            "example": error.shown,
            "allowed": allowed,
        }
    if error.reason == "open":
        return _("This leaves the limit itself open: write %(example)s, or the next value beyond it. %(allowed)s") % {
            "example": error.shown,
            "allowed": allowed,
        }
    if error.reason == "order":
        return _("The first number is larger than the second. %(allowed)s") % {"allowed": allowed}
    return allowed


class DayField(FactField):
    """A day as far as it is known: "2026-03-14", "2026-03", "2025", a span, or one of two."""

    kind = "day"

    def read(self, typed: Typed) -> Any:
        try:
            return read_day(typed.text, today=timezone.localdate())
        except NotUnderstood as error:
            raise ValidationError(self.refusal(error)) from None

    def write(self, stated: Any) -> Typed:
        return Typed((write_day(stated),))

    def refusal(self, error: NotUnderstood) -> str:
        if error.reason == "future":
            return _("This date lies in the future. %(allowed)s") % {"allowed": self.allowed()}
        if error.reason == "ambiguous":
            return _("Day and month could be mixed up here. %(allowed)s") % {"allowed": self.allowed()}
        if error.reason == "order":
            return _("The first date lies after the second. %(allowed)s") % {"allowed": self.allowed()}
        return self.allowed()

    def allowed(self) -> str:
        return _(
            "Give a date from 1900 to today as %(example)s, or only year and month or year; or leave it empty."
        ) % {"example": timezone.localdate().isoformat()}


class TextField(FactField):
    """Free words."""

    kind = "text"

    def read(self, typed: Typed) -> Any:
        text = typed.text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\x00" in text:
            raise ValidationError(_("The text holds a character that cannot be stored. Write it again."))
        if len(text) > TEXT_LIMIT:
            raise ValidationError(
                _("The text has %(length)s characters; at most %(limit)s are allowed.")
                % {"length": len(text), "limit": TEXT_LIMIT}
            )
        return text or None

    def write(self, stated: Any) -> Typed:
        return Typed((stated,)) if isinstance(stated, str) else Typed()

    def allowed(self) -> str:
        return _("Give a text of up to %(limit)s characters, or leave it empty.") % {"limit": TEXT_LIMIT}
