"""One form field for each type of fact: from what was typed to the JSON of classification.facts, and back.

A field is posted under the fact's name. What stands apart from its values comes as `NAME-as` (`none` looked for and
none, `one_of` not sure which, `not_applicable`), and a stored value that the controls cannot show as `NAME-kept`, in
JSON, so that a correction never loses what it does not touch. Only what was stated comes out: None means unknown.
"""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from classification.facts import Fact, FactError

NOT_APPLICABLE = {"not_applicable": True}
KEPT_LIMIT = 20_000
SHOWN = 40  # characters of a wrong entry that a message repeats


@dataclass(frozen=True)
class Typed:
    """What stands in the controls of one fact, right or wrong."""

    values: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    kept: str = ""
    rows: tuple[dict[str, tuple[str, ...]], ...] = ()

    @property
    def text(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def is_empty(self) -> bool:
        return not (any(value.strip() for value in self.values) or self.apart or self.kept or self.rows)


class FactWidget(forms.Widget):
    """Collects the posted names of one fact. Drawing is the layout's work (cases.forms.layout)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Typed:
        kept = data.getlist(f"{name}-kept")
        values = tuple(value for value in data.getlist(name) if value.strip())
        return Typed(values, tuple(data.getlist(f"{name}-as")), kept[0] if kept else "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


def shown(value: str) -> str:
    """A wrong entry as messages repeat it."""
    plain = " ".join(value.split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


class FactField(forms.Field):
    """Base of all. `read` and `write` are the type's own part; here is what every type shares."""

    widget = FactWidget
    kind = ""
    apart: tuple[str, ...] = ("not_applicable",)

    def __init__(self, fact: Fact):
        self.fact = fact
        self.language = get_language() or "en"
        super().__init__(required=False, label=fact.label(self.language))

    def owns(self, posted: str) -> bool:
        """Whether a posted name belongs to this field."""
        return posted in (self.fact.name, f"{self.fact.name}-as", f"{self.fact.name}-kept")

    def prepare_value(self, value: Any) -> Typed:
        return value if isinstance(value, Typed) else self.typed(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != self.prepare_value(data)

    def typed(self, stated: Any) -> Typed:
        """What the controls show for a stored value."""
        if stated is None:
            return Typed()
        if stated == NOT_APPLICABLE:
            return Typed(apart=("not_applicable",))
        typed = self.write(stated)
        return typed if self._reads_back(typed, stated) else Typed(kept=json.dumps(stated, ensure_ascii=False))

    def _reads_back(self, typed: Typed, stated: Any) -> bool:
        try:
            return self.clean(typed) == self.fact.parse(stated).to_json()
        except (ValidationError, FactError):
            return False

    def clean(self, value: Typed) -> Any:
        """The stated JSON value, or None. Raises ValidationError that names the values allowed."""
        stated = self._read_apart(value)
        if stated is None:
            return None
        try:
            return self.fact.parse(stated, timezone.localdate()).to_json()
        except FactError:
            raise ValidationError(self.allowed()) from None

    def _read_apart(self, typed: Typed) -> Any:
        for token in typed.apart:
            if token not in self.apart:
                raise ValidationError(self.not_one_of(token))
        alone = [token for token in ("none", "not_applicable") if token in typed.apart]
        filled = bool(typed.rows) or any(value.strip() for value in typed.values)
        if len(alone) + filled + bool(typed.kept) > 1:
            raise ValidationError(_("These exclude each other: keep only one of them."))
        if typed.kept:
            return self._read_kept(typed.kept)
        if alone:
            return NOT_APPLICABLE if alone == ["not_applicable"] else []
        return self.read(typed)

    def _read_kept(self, kept: str) -> Any:
        try:
            if len(kept) > KEPT_LIMIT:
                raise ValueError
            return json.loads(kept)
        except (ValueError, RecursionError):
            raise ValidationError(self.allowed()) from None

    def read(self, typed: Typed) -> Any:
        raise NotImplementedError

    def write(self, stated: Any) -> Typed:
        raise NotImplementedError

    def allowed(self) -> str:
        """What may be entered, as a sentence."""
        raise NotImplementedError

    def not_one_of(self, value: str) -> str:
        return _("“%(value)s” cannot be chosen here. %(allowed)s") % {"value": shown(value), "allowed": self.allowed()}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Codes and labels of the chips, in order."""
        return [(value, self.fact.value_label(value, self.language)) for value in self.fact.values]

    def _names(self) -> str:
        return _(", ").join(label for _code, label in self.choices)


class ChoiceField(FactField):
    """Chips: one chosen is known, two or more are "one of these", none is unknown."""

    kind = "choice"

    def read(self, typed: Typed) -> Any:
        known = [code for code, _label in self.choices]
        for value in typed.values:
            if value not in known:
                raise ValidationError(self.not_one_of(value))
        chosen = [self.decode(code) for code in known if code in typed.values]
        return chosen[0] if len(chosen) == 1 else {"one_of": chosen} if chosen else None

    def write(self, stated: Any) -> Typed:
        chosen = stated.get("one_of", ()) if isinstance(stated, dict) else (stated,)
        return Typed(tuple(self.encode(value) for value in chosen))

    def decode(self, code: str) -> Any:
        return code

    def encode(self, value: Any) -> str:
        return str(value)

    def allowed(self) -> str:
        return _("Choose among: %(values)s. Two mean “one of these”; none means unknown.") % {"values": self._names()}


class YesNoField(ChoiceField):
    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(self.encode(answer), self.fact.value_label(answer, self.language)) for answer in (False, True)]

    def decode(self, code: str) -> bool:
        return code == "yes"

    def encode(self, value: Any) -> str:
        return "yes" if value is True else "no" if value is False else ""


class SetField(FactField):
    """Chips of which several may be true at once; "looked for, none" and "not sure which of these" stand apart."""

    kind = "set"
    apart = ("none", "one_of", "not_applicable")

    def read(self, typed: Typed) -> Any:
        for value in typed.values:
            if value not in self.fact.values:
                raise ValidationError(self.not_one_of(value))
        chosen = [value for value in self.fact.values if value in typed.values]
        if "one_of" in typed.apart:
            if len(chosen) < 2:
                raise ValidationError(
                    _("“Only one of these” needs two or more of: %(values)s.") % {"values": self._names()}
                )
            return {"one_of": [[value] for value in chosen]}
        return chosen or None

    def write(self, stated: Any) -> Typed:
        if isinstance(stated, dict):
            options = stated.get("one_of", ())
            return Typed(tuple(option[0] for option in options if option), ("one_of",))
        return Typed(tuple(stated)) if stated else Typed(apart=("none",))

    def allowed(self) -> str:
        return _("Choose any of: %(values)s; or “looked for, none”.") % {"values": self._names()}
