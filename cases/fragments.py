"""Small pieces of markup that many rows of a list share, rendered once and remembered.

Each is a partial of templates/ with its own context, so that a list and a page show the same thing; what differs from
row to row is an argument, and the language always is one.
"""

import json
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override

from cases.pictures.lesions import COUNTED_AS
from cases.templatetags.cases_display import ticks, types
from mdt.people.templatetags.looks import day, state

REMEMBERED = 8192


@lru_cache(maxsize=REMEMBERED)
def badge_markup(kind: str, words: str) -> SafeString:
    """A state as icon, word and colour."""
    return render_to_string("_state.html", state(kind, words))


@lru_cache(maxsize=REMEMBERED)
def ticks_markup(states: tuple[str, ...], language: str) -> SafeString:
    """One bar for each required item."""
    with override(language):
        return render_to_string("_ticks.html", ticks(states))


@lru_cache(maxsize=REMEMBERED)
def chips_markup(
    categories: tuple[str, ...], possible: str, provisional: str, confirmed: str, language: str
) -> SafeString:
    """The chips of a pathway's categories (I, II, III) from the typed columns of a case."""
    with override(language):
        return render_to_string("_types.html", types(_states_of(categories, possible, provisional), confirmed))


def _states_of(categories: tuple[str, ...], possible: str, provisional: str) -> list[dict]:
    """Categories as an outcome lists them, from the two columns ("II III", "II")."""
    could, rests = possible.split(), provisional.split()
    return [
        {
            "id": category,
            "state": "ruled_out" if category not in could else "only" if len(could) == 1 else "possible",
            "provisional": rests == [category],
        }
        for category in categories
    ]


def thumb_markup(liver: dict, counted: str, language: str) -> SafeString:
    """The small liver of a row; the page needs cases/_liver_defs.html once.

    `counted` is what the pathway calls a lesion that counts, "" for a metastasis.
    """
    return _thumb(json.dumps({**liver, COUNTED_AS: counted}, sort_keys=True), language)


@lru_cache(maxsize=REMEMBERED)
def _thumb(liver: str, language: str) -> SafeString:
    facts = json.loads(liver)
    with override(language):
        return render_to_string(
            "cases/_liver_thumb.html", {"lesions": facts.pop("liver_lesions", None), "liver_facts": facts}
        )


@lru_cache(maxsize=REMEMBERED)
def address(name: str, *arguments: str) -> str:
    """`reverse`, remembered."""
    return reverse(name, args=arguments)


@lru_cache(maxsize=REMEMBERED)
def weekday(moment, language: str) -> str:
    """Day of the week and date, short, as the language writes them."""
    with override(language):
        return day(moment, "weekday")
