"""Two people wrote at once: what each wrote, side by side; mine, theirs or both is taken of each part, none is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from mdt.conflicts import BOTH, MINE, THEIRS, Conflict, Part
from mdt.meetings.forms.decision import DecisionForm
from mdt.meetings.models import Decision
from mdt.meetings.room.entries import ROWS, SINGLE, Entries, as_data, of_data, of_initial, of_version

JOINED = ("reason_text", "conditions", "rationale", "quorum_reason", "preference", "comorbidity", "amendment_reason")


@dataclass(frozen=True)
class DeskConflict(Conflict):
    """What `theirs` recorded while somebody else was typing."""

    theirs: Decision
    has_new_findings: bool = False


def conflict_between(
    *, data: QueryDict, theirs: Decision, base: Decision | None, empty: dict[str, Any], form: DecisionForm
) -> DeskConflict:
    """What differs. A part that only one of the two changed since `base` (None: the empty desk) is theirs to keep."""
    mine, other = of_data(data), of_version(theirs)
    before = of_version(base) if base is not None else of_initial(empty)
    is_answered = data.get("conflict_with") == str(theirs.version)
    differences = []
    for name in _parts(mine, other):
        if _said(mine, name) == _said(other, name):
            continue
        can_join = name in (*JOINED, *ROWS, "options") and bool(_said(mine, name)) and bool(_said(other, name))
        asked = data.get(f"take_{name}", "") if is_answered else ""
        taken = asked if asked in (MINE, THEIRS, BOTH) and (can_join or asked != BOTH) else ""
        suggested = _suggested(_said(mine, name), _said(other, name), _said(before, name), can_join)
        differences.append(
            Part(
                name=name,
                label=_label(form, name),
                mine=words_of(form, name, _said(mine, name)),
                theirs=words_of(form, name, _said(other, name)),
                can_join=can_join,
                taken=taken or suggested,
                is_open=is_answered and not taken,
            )
        )
    return DeskConflict(str(theirs.version), differences, theirs)


def merged(data: QueryDict, conflict: DeskConflict) -> QueryDict:
    """The desk with what was taken of each part, resting on the version that the others recorded."""
    mine, other = of_data(data), of_version(conflict.theirs)
    result: Entries = dict(mine)
    for difference in conflict.differences:
        name = difference.name
        if difference.taken == THEIRS:
            for field in (name, name.replace("rejected_", "rejected_text_", 1)):
                result[field] = other.get(field, "")
        elif difference.taken == BOTH:
            result[name] = _joined(mine[name], other[name])
    joined = as_data(result, like=data)
    joined["based_on"] = str(conflict.theirs.version)
    joined.pop("conflict_with", None)
    return joined


def _parts(mine: Entries, other: Entries) -> Iterable[str]:
    """In the order of the desk; fields of single options and of the checklist after the texts."""
    fixed = ["category", "reason", "reason_text", "options", "intent", "responsible", "preference", "comorbidity"]
    rest = [name for name in SINGLE if name not in fixed]
    single = [name for name in (*mine, *other) if name not in (*SINGLE, *ROWS, "options")]
    words = [name for name in single if not name.startswith("rejected_text_")]
    return dict.fromkeys([*fixed, *words, *ROWS, *rest])


def _said(entries: Entries, name: str) -> Any:
    """The value of a part; a rejected option together with its words; nothing as an empty one."""
    if name == "options":
        options = entries["options"]
        return (*options["chosen"], options["other"]) if options["chosen"] or options["other"] else ()
    if name.startswith("rejected_"):
        option = name.removeprefix("rejected_")
        said = (entries.get(name, ""), entries.get(f"rejected_text_{option}", ""))
        return said if any(said) else ()
    return entries.get(name) or ""


def _suggested(mine: Any, theirs: Any, before: Any, can_join: bool) -> str:
    if theirs == before:
        return MINE
    if mine == before:
        return THEIRS
    return BOTH if can_join else ""


def _joined(mine: Any, theirs: Any) -> Any:
    if isinstance(mine, str):
        return f"{mine}\n{theirs}"
    if isinstance(mine, list):
        return [*theirs, *(row for row in mine if row not in theirs)]
    others = [text for text in (mine["other"], theirs["other"]) if text]
    return {
        "chosen": list(dict.fromkeys([*mine["chosen"], *theirs["chosen"]])),
        "other": "; ".join(dict.fromkeys(others)),
    }


def _label(form: DecisionForm, name: str) -> str:
    if name in ROWS:
        return {"steps": _("Next steps"), "dissents": _("Dissent"), "conditions": _("Conditions that run")}[name]
    if name.startswith("rejected_"):
        option = form.option_label(name.removeprefix("rejected_"))
        return _("Considered and rejected: %(option)s") % {"option": option}
    return str(form.fields[name].label) if name in form.fields else name


def words_of(form: DecisionForm, name: str, value: Any) -> str:
    """A part as the two read it, one line for each of its entries."""
    if not value:
        return ""
    if name == "options":
        *chosen, other = value
        labels = [form.option_label(option) for option in chosen]
        return "\n".join([*(f"{place}. {label}" for place, label in enumerate(labels, start=1)), other]).strip()
    if name.startswith("rejected_"):
        reason, text = value
        return "\n".join(filter(None, [_chosen(form, name, reason), text]))
    if name in ROWS:
        row_form = form.row_sets_by_prefix[name].empty_form
        return "\n".join(" · ".join(_chosen(row_form, field, text) for field, text in row.items()) for row in value)
    return _chosen(form, name, value)


def _chosen(form: Any, name: str, value: str) -> str:
    """The words of a choice; any other text as it is."""
    field = form.fields.get(name)
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value))
