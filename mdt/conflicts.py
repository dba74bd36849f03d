"""Two people had the same form open: what each wrote stands side by side, and the later one says what stays of each.

Any form that is built on the stored row will do. A form that was refused as stale gets its `conflict`; the template
`_conflict.html` shows it; what comes back is read with `settled`, and nothing is stored until every part is answered.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from mdt.people.templatetags.looks import day

MINE, THEIRS, BOTH = "mine", "theirs", "both"
MULTIPLE = (forms.MultipleChoiceField, forms.TypedMultipleChoiceField)


@dataclass(frozen=True)
class Part:
    """One field that differs, in words, and what is to be taken of it."""

    name: str
    label: str
    mine: str
    theirs: str
    can_join: bool
    taken: str
    is_open: bool = False

    @property
    def field(self) -> str:
        return f"take_{self.name}"

    @property
    def answers(self) -> list[tuple[str, str]]:
        words = [(MINE, _("mine")), (THEIRS, _("theirs"))]
        return [*words, (BOTH, _("both"))] if self.can_join else words


@dataclass(frozen=True)
class Conflict:
    """What differs between a form and what was stored since it was opened. `version`: of what is stored."""

    version: str
    differences: list[Part]

    @property
    def open(self) -> list[Part]:
        return [each for each in self.differences if each.is_open]


def conflict_of(form: forms.BaseForm, *, version: Any, asks: bool = False) -> Conflict:
    """What differs. `form` is bound, and its initial values are those that are stored now. `asks`: the person was shown
    exactly this and has answered. Fields that the form names in `about_the_change`, a reason say, are one's own."""
    parts = []
    for name in form.changed_data:
        bound = form[name]
        if bound.is_hidden or name in getattr(form, "about_the_change", ()):
            continue
        taken = str(form.data.get(f"take_{name}", "")) if asks else ""
        mine, theirs = _words(bound.field, bound.data), _words(bound.field, _stored(bound))
        can_join = bool(mine and theirs) and _can_join(bound.field)
        taken = taken if taken in (MINE, THEIRS) or (taken == BOTH and can_join) else ""
        parts.append(Part(name, str(bound.label), mine, theirs, can_join, taken, is_open=asks and not taken))
    return Conflict(str(version), parts)


def settled(
    make: Callable[[QueryDict | None], forms.BaseForm], posted: QueryDict | None, *, version: Any
) -> forms.BaseForm:
    """The form as posted; or, where the person has said which of two texts stands, with that, on what is stored now.

    `posted`: what mdt.sent.sent_in says, None where the page is only opened. `make` builds the form on the stored row.
    With parts left open the form has a `conflict` and is not to be kept.
    """
    form = make(posted)
    form.conflict = None
    if not posted or posted.get("conflict_with") != str(version):
        return form
    conflict = conflict_of(form, version=version, asks=True)
    if conflict.open:
        form.conflict = conflict
        return form
    data = posted.copy()
    data["version"] = str(version)
    for part in conflict.differences:
        if part.taken != MINE:
            data.setlist(form.add_prefix(part.name), _taken(form[part.name], part.taken))
    form = make(data)
    form.conflict = None
    return form


def not_stored(why: object, *texts: str) -> dict[str, Any]:
    """For `_not_stored.html`: what somebody typed into a form that is not there any more, because another was first."""
    return {"not_stored": {"why": str(why), "texts": [text for text in texts if text.strip()]}}


def _stored(bound: forms.BoundField) -> Any:
    return bound.field.prepare_value(bound.initial)


def _can_join(field: forms.Field) -> bool:
    return isinstance(field, MULTIPLE) or isinstance(field.widget, forms.Textarea)


def _taken(bound: forms.BoundField, answer: str) -> list[str]:
    """What a browser would send for the stored value, or for both."""
    stored, field = _stored(bound), bound.field
    if isinstance(field, MULTIPLE):
        listed = [str(each) for each in stored or ()]
        return listed if answer == THEIRS else list(dict.fromkeys([*listed, *bound.data]))
    if isinstance(field, forms.BooleanField):
        return ["on"] if stored else []
    text = field.widget.format_value(stored)
    text = "" if text is None else text[0] if isinstance(text, list | tuple) else str(text)
    return [text if answer == THEIRS else f"{text}\n{bound.data}"]


def _words(field: forms.Field, value: Any) -> str:
    """A value as people read it: the words of a choice, a day, a text as it is."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    if isinstance(field, forms.DateField | forms.DateTimeField) and not isinstance(value, date):
        try:
            value = field.to_python(value)
        except forms.ValidationError:
            return str(value)
    if isinstance(value, datetime):
        return day(value, "long_time")
    if isinstance(value, date):
        return day(value, "long")
    labels = _labels(getattr(field, "choices", ()))
    if isinstance(value, list | tuple | set):
        return "\n".join(labels.get(str(each), str(each)) for each in value)
    said = "" if value is None else str(value)
    return labels.get(said, said) if said else ""


def _labels(choices: Iterable) -> Mapping[str, str]:
    """Value → label, those of groups too."""
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, list | tuple):
            found |= _labels(label)
        else:
            found[str(value)] = str(label)
    return found
