"""Editions and readings as choices of a form: one value names pathway, scheme, edition and reading together."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.alternatives import either
from cases.reasoning import category_label, pathway_label
from cases.replaying import NOT_ASKED, Question, askable
from classification import load_rulebook
from classification.edition import Edition

SEPARATOR = "|"


def named_choices(language: str, pathway: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the pathway that they belong to; only those of one pathway if it is given."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, edition, reading in askable(pathway):
        value = SEPARATOR.join((name, edition.scheme, edition.edition, reading))
        groups.setdefault(pathway_label(name, language), []).append((value, edition_words(edition, reading, language)))
    return list(groups.items())


def edition_words(edition: Edition, reading: str, language: str) -> str:
    """ "C-GCLM, edition 2019, reading A: …", with what the reading takes the wording to mean."""
    words = {"label": edition.labels(language), "edition": edition.edition}
    if not reading:
        return _("%(label)s, edition %(edition)s") % words
    words |= {"reading": reading, "meaning": edition.readings[reading](language)}
    return _("%(label)s, edition %(edition)s, reading %(reading)s: %(meaning)s") % words


def question_of_choice(value: str) -> Question:
    """The question that a value of `named_choices` names. Raises ValueError for other text."""
    pathway, scheme, edition, reading = value.split(SEPARATOR)
    return Question(pathway, scheme, edition, reading or None)


def categories_in_words(pathway: str, scheme: str, text: str, language: str) -> str:
    """A stored set of categories as a reader knows them: "I or II" as their labels, joined."""
    if text == NOT_ASKED:
        return _("not asked then")
    labels = _labels(pathway, scheme, language)
    return either(labels.get(name, name) for name in text.split()) or _("none")


def _labels(pathway: str, scheme: str, language: str) -> dict[str, str]:
    rules = load_rulebook().pathways.get(pathway)
    if rules is None:
        return {}
    if scheme == rules.schemes[0]:
        known: Sequence[str] = {c.id for e in rules.editions if e.scheme == scheme for c in e.categories}
        return {name: category_label(pathway, name, language) or name for name in known}
    return {c.id: c.labels(language) for e in rules.editions if e.scheme == scheme for c in e.categories}
