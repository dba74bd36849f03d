"""What the picture of the liver says in words: description, what cannot be drawn, label of a thumbnail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from cases.alternatives import either
from cases.pictures.lesions import COUNTED_AS, SEGMENTS, Lesion, plain, size_in_words
from mdt.people.joining import sentences


def description(lesions: Sequence[Lesion], facts: Mapping[str, Any]) -> str:
    """The whole picture for somebody who does not see it."""
    said = [gettext("Front view, patient’s right on the left.")]
    said += [lesion.sentence for lesion in lesions]
    sides = frozenset().union(*(lesion.sides for lesion in lesions))
    if {"left", "right"} <= sides:
        said.append(gettext("Lesions lie on both sides of the Cantlie line."))
    return sentences([*said, *statements(lesions, facts)])


def statements(lesions: Sequence[Lesion], facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What is known about the liver as a whole and cannot be read off the lesions that are drawn."""
    if facts.get("liver_metastasis") == "absent":
        return (gettext("No liver metastasis."),)
    if facts.get("liver_diffuse") is True:
        if facts.get(COUNTED_AS):
            return (gettext("Innumerable lesions in both lobes."),)
        return (gettext("Innumerable metastases in both lobes."),)
    said = []
    count = facts.get("liver_lesion_count")
    if count is not None and count != len(lesions) and (text := count_in_words(count)):
        words = (
            gettext("Number stated: %(count)s.") if facts.get(COUNTED_AS) else gettext("Metastases stated: %(count)s.")
        )
        said.append(words % {"count": text})
    if not lesions:
        said += _aggregates(facts)
    elif facts.get("liver_lesions_complete") is False:
        said.append(gettext("The list does not hold every lesion."))
    if not lesions and not said:
        said.append(gettext("Number, size and place of the lesions are not stated."))
    return tuple(said)


def _aggregates(facts: Mapping[str, Any]) -> list[str]:
    said = []
    size = facts.get("liver_max_diameter_mm")
    if size is not None:
        least, most = (size.get("at_least"), size.get("at_most")) if isinstance(size, Mapping) else (size, size)
        if least is not None or most is not None:
            said.append(gettext("Largest: %(size)s.") % {"size": size_in_words(least, most)})
    lobe = facts.get("liver_lobes")
    if lobe == "left":
        said.append(gettext("Left lobe; segments not stated."))
    elif lobe == "right":
        said.append(gettext("Right lobe; segments not stated."))
    elif lobe == "both":
        said.append(gettext("Both lobes; segments not stated."))
    return said


def count_in_words(count: Any) -> str:
    """A number of lesions as far as it is known: "3", "2 or more", "up to 4", "2–4"."""
    if not isinstance(count, Mapping):
        return plain(float(count)) if isinstance(count, int | float) else ""
    if options := count.get("one_of"):
        return either(options)
    least, most = count.get("at_least"), count.get("at_most")
    if least is not None and most is not None:
        return gettext("%(least)s–%(most)s") % {"least": least, "most": most}
    if least is not None:
        return gettext("%(least)s or more") % {"least": least}
    return gettext("up to %(most)s") % {"most": most} if most is not None else ""


def thumbnail_label(lesions: Sequence[Lesion], facts: Mapping[str, Any]) -> str:
    """One line for the postage stamp."""
    placed = [lesion for lesion in lesions if lesion.segments]
    if not placed:
        return sentences(statements(lesions, facts))
    named = {name for lesion in placed for name in lesion.segments}
    where = gettext(", ").join(name for name in SEGMENTS if name in named)
    if len(lesions) == 1:
        return gettext("One liver lesion, segment %(where)s, %(size)s") % {
            "where": where,
            "size": lesions[0].size_text,
        }
    return ngettext(
        "%(count)d liver lesion, segments %(where)s",
        "%(count)d liver lesions, segments %(where)s",
        len(lesions),
    ) % {"count": len(lesions), "where": where}
