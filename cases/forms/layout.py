"""How the findings form is laid out: panels of fields by group, the lesion table, and the report beside them.

Layout objects for crispy-forms; each renders a template of templates/cases/findings/.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout, LayoutObject
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.forms.fact_fields import FactField, Typed
from cases.forms.lesions_field import LesionsField
from cases.forms.liver_picker import drawn, segment_buttons
from cases.forms.report_days import asks_conversation
from cases.forms.report_found import found_in
from cases.forms.report_words import as_controls
from classification.facts import SEGMENTS
from mdt.people import alike

if TYPE_CHECKING:
    from cases.forms.findings import FindingsForm

FOLDER = "cases/findings"
LARGE = 1_000_000  # an upper limit that only catches slips of the keyboard is not worth showing


class FactRow(LayoutObject):
    """One fact: label and hint, its control, and how it now stands."""

    def __init__(self, name: str):
        self.name, self.fields = name, []

    def render(self, form: FindingsForm, context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        field = form.facts[self.name]
        typed = form.typed(self.name)
        errors = list(form.errors.get(self.name, ())) if form.is_bound else []
        base = form.surroundings.base(field)
        return alike.rendered(
            f"{FOLDER}/_field_{field.kind}.html",
            {
                "field": {"label": field.label, "kind": field.kind},
                "fact": {limit: getattr(field.fact, limit) for limit in ("type", "min", "max", "above")},
                "name": self.name,
                "typed": typed,
                "errors": errors,
                "hint": field.fact.help(field.language),
                "unit": field.fact.unit_label(field.language),
                "limits": short_limits(field),
                "chips": [(code, label, code in typed.values) for code, label in field.choices],
                "is_either": field.kind == "choice" and len(typed.values) > 1,
                "apart": apart_chips(field, typed),
                "kept": kept_words(form, field, typed.kept),
                "base": base,
                "stand": form.surroundings.stand(field, typed),
                "so_far": form.surroundings.so_far(base),
                "is_typed": not typed.is_empty,
                "last": last_value(form, field),
                **(
                    lesion_context(form, field) | {"draft_url": form.draft_url, "more_rows": form.spare_rows + 6}
                    if isinstance(field, LesionsField)
                    else {}
                ),
                **(site_context(form, field) if field.kind == "sites" else {}),
            },
        )


def last_value(form: FindingsForm, field: FactField) -> dict[str, str] | None:
    """The value that holds in the case, in words and as controls, with person and date; for one key."""
    others = form.surroundings.statements(field.fact.name) if form.offers_last_value else ()
    if not others:
        return None
    try:
        typed = field.typed(others[0]["value"])
    except (KeyError, TypeError, ValueError):  # stated under an older vocabulary
        return None
    return {"fill": json.dumps(as_controls(field, typed, adds=False), ensure_ascii=False)}


def short_limits(field: FactField) -> str:
    """The range beside the box: "0–100", "> 0", "≤ 400"; nothing where only slips are excluded."""
    fact = field.fact
    if field.kind != "amount":
        return ""
    is_open = fact.max is None or fact.max >= LARGE
    if fact.above is not None:
        if is_open:
            return f"> {fact.above:g}"
        return f"> {fact.above:g}, ≤ {fact.max:g}" if fact.above else f"≤ {fact.max:g}"
    if fact.min is None:
        return ""
    return f"≥ {fact.min:g}" if is_open else f"{fact.min:g}–{fact.max:g}"


def apart_chips(field: FactField, typed: Any) -> list[tuple[str, str, bool]]:
    """What stands apart from the values, with its words."""
    words = {"none": _("looked for, none"), "one_of": _("only one of these"), "not_applicable": _("does not apply")}
    return [(token, words[token], token in typed.apart) for token in field.apart]


def kept_words(form: FindingsForm, field: FactField, kept: str) -> str:
    """A kept value in words; empty where there is none or it cannot be read."""
    if not kept:
        return ""
    try:
        stated = field.clean(Typed(kept=kept))
    except ValidationError:
        return ""
    return form.surroundings.in_words(field.fact.name, stated)


def lesion_context(form: FindingsForm, field: LesionsField) -> dict[str, Any]:
    """Rows of the table: those with something in them, then empty ones for a browser without scripts."""
    wrong = wrong_cells(form, field)
    rows = [
        lesion_row(field, number, row, wrong.get(number, {}))
        for number, row in enumerate(form.typed(field.fact.name).rows, 1)
    ]
    listed = len(rows)
    spare = [lesion_row(field, listed + 1 + extra, {}, {}) for extra in range(form.spare_rows)]
    return {
        "rows": rows,
        "spare": spare,
        "blank": lesion_row(field, "__n__", {}, {}),
        "derived": form.surroundings.derived(form.provisional_facts()),
        "drawn": drawn(form, field) if form.draws_lesions else None,
        "segment_buttons": segment_buttons(),
    }


def wrong_cells(form: FindingsForm, field: FactField) -> dict[int, dict[str, str]]:
    """Row number → part → message, from the codes of cases.forms.lesions_field.RowError."""
    cells: dict[int, dict[str, str]] = {}
    if form.is_bound:
        for error in form.errors.as_data().get(field.fact.name, ()):
            kind, number, part = (f"{error.code}--".split("-"))[:3]
            if kind == "row" and number.isdigit():
                cells.setdefault(int(number), {})[part] = "".join(error.messages)
    return cells


def lesion_row(field: LesionsField, number: Any, row: dict, wrong: dict) -> dict[str, Any]:
    def first(part: str) -> str:
        values = row.get(part, ())
        return values[0] if values else ""

    def options(groups: list, chosen: str) -> list:
        offered = {code for _group, choices in groups for code, _label in choices}
        extra = [] if chosen in offered else [("", [(chosen, _("as recorded"))])]
        return [
            (group, [(code, label, code == chosen) for code, label in choices]) for group, choices in groups + extra
        ]

    return {
        "number": number,
        "prefix": f"{field.fact.name}-{number}",
        "segments": [(segment, segment in row.get("segments", ())) for segment in SEGMENTS],
        "diameter": first("diameter"),
        "natures": options([("", field.natures)], first("nature")),
        "vessels": options(field.vessels, first("vessel")),
        "wrong": wrong,
        "is_listed": isinstance(number, int) and not any(row.values()) and bool(row),
    }


def site_context(form: FindingsForm, field: FactField) -> dict[str, Any]:
    typed = form.typed(field.fact.name)
    details = {row["site"][0]: row for row in typed.rows}
    wrong = wrong_cells(form, field)
    organs = []
    for place, (code, label) in enumerate(field.choices, 1):
        row = details.get(code, {})
        side = (row.get("side") or ("",))[0]
        offered = field.sides if side in dict(field.sides) else [*field.sides, (side, _("as recorded"))]
        organs.append(
            {
                "code": code,
                "label": label,
                "is_chosen": code in typed.values,
                "prefix": f"{field.fact.name}-{code}",
                "count": (row.get("count") or ("",))[0],
                "sides": [(value, words, value == side) for value, words in offered],
                "wrong": wrong.get(place, {}),
            }
        )
    return {"organs": organs}


class Folding(LayoutObject):
    """A panel that stands open among the discipline's own, and folds among the others."""

    key: str
    is_open = True

    def folds(self) -> dict[str, bool]:
        return {"is_own": self.key.startswith("own-"), "is_open": self.is_open}

    def open_if_used(self, form: FindingsForm) -> None:
        self.is_open = any(not form.typed(row.name).is_empty for row in self.fields)


class Panel(Folding):
    """A group of facts under its heading."""

    def __init__(self, key: str, label: str, names: list[str]):
        self.key, self.label = key, label
        self.fields = [FactRow(name) for name in names]

    def render(self, form: FindingsForm, context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            f"{FOLDER}/_panel.html",
            {"key": self.key, "label": self.label, "inner": inner, **self.folds()},
        )


class LesionPanel(Folding):
    """The lesion table with what belongs to it."""

    def __init__(self, key: str, name: str, following: list[str]):
        self.key, self.name = key, name
        self.fields = [FactRow(name), *(FactRow(other) for other in following)]

    def render(self, form: FindingsForm, context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        field = form.facts[self.name]
        return render_to_string(
            f"{FOLDER}/_panel.html",
            {
                "key": self.key,
                "label": field.label,
                "note": field.fact.help(field.language),
                "inner": inner,
                "adds_rows": True,
                **self.folds(),
            },
        )


class Columns(LayoutObject):
    """The coded fields on the left; the report and the impression on the right, and staying in sight."""

    def __init__(self, own: list, others: list, other_names: list[str]):
        self.fields, self.others, self.other_names = own, others, other_names

    def render(self, form: FindingsForm, context: Any, template_pack: str = "", **kwargs: Any) -> SafeString:
        is_open = any(not form.typed(name).is_empty for name in self.other_names)
        for panel in self.others if is_open else ():  # whoever opens all of them by hand finds each of them open
            panel.open_if_used(form)
        others = "".join(panel.render(form, context, template_pack, **kwargs) for panel in self.others)
        day = form["examined_on"].value()
        return render_to_string(
            f"{FOLDER}/_columns.html",
            {
                "form": form,
                "own": self.get_rendered_fields(form, context, template_pack, **kwargs),
                "others": SafeString(others),
                "others_open": is_open,
                "corrects": form.corrects,
                "begins_here": not (form.is_bound or form.corrects or context.get("restored") or context.get("newer")),
                "examined_on": day.isoformat() if isinstance(day, date) else day or "",
                "said_on": "" if form.corrects else form["said_on"].value() or "",
                "report": found_in(form),
                "asks_conversation": asks_conversation(form),
            },
        )


def _panels(form: FindingsForm, prefix: str, key: str, label: str, names: list[str]) -> list:
    """One panel, or three where the group holds the lesion table."""
    for place, name in enumerate(names):
        if form.facts[name].kind == "lesions":
            before = [Panel(f"{prefix}-{key}", label, names[:place])] if place else []
            return [*before, LesionPanel(f"{prefix}-{name}", name, names[place + 1 :])]
    return [Panel(f"{prefix}-{key}", label, names)] if names else []


def findings_layout(form: FindingsForm) -> Layout:
    """The discipline's own sections in the pathway's order, then every other fact by group, folded away."""
    language, pathway = form.surroundings.language, form.pathway
    own: list = []
    asked: list[str] = []
    for section in pathway.groups_for(form.discipline):
        names = [fact.name for fact in section.facts if fact.name not in asked]
        asked += names
        own += _panels(form, "own", section.id, section.label(language), names)
    others: list = []
    other_names: list[str] = []
    for group, label in pathway.groups.items():
        names = [name for name, fact in pathway.facts.items() if fact.group == group and name not in asked]
        other_names += names
        others += _panels(form, "more", group, label(language), names)
    return Layout("based_on", Columns(own, others, other_names))
