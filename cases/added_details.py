"""What holds of a list of lesions beyond the list that counts, and by whose word (classification.same_lesions)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mdt.people.joining import listed
from mdt.people.templatetags.looks import day, discipline_label

_DETAILS = {
    "nature": gettext_lazy("nature"),
    "vessel_relation": gettext_lazy("relation to a vessel"),
    "vessel": gettext_lazy("which vessel"),
}


def are_added(statements: Iterable[dict]) -> bool:
    """Whether something holds that the statement that counts does not say."""
    return any(entry.get("adds") for entry in statements)


def value_that_holds(entry: dict, statements: Iterable[dict], facts: dict[str, Any], fact: str) -> Any:
    """What counts of a fact: as the statement says it, or with the details that only others state."""
    return facts.get(fact, entry["value"]) if are_added(statements) else entry["value"]


def added_words(statements: Iterable[dict]) -> list[str]:
    """One line for each statement that adds: "nature as stated by Surgery (Dr Bai Ping, 18 Nov 2026); …"."""
    return [
        _("%(details)s as stated by %(discipline)s (%(person)s, %(day)s); the list itself leaves it open")
        % {
            "details": listed(_DETAILS[name] for name in entry["adds"]),
            "discipline": discipline_label(entry["discipline"]),
            "person": entry["by"],
            "day": day(entry["on"]),
        }
        for entry in statements
        if entry.get("adds")
    ]
