"""Explanations beside words: by pointer, keyboard or touch, the first time that a page holds the word."""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from mdt.help.words import Word, found_in, words

register = template.Library()


@register.simple_tag(takes_context=True)
def explained(context: template.Context, text: str) -> SafeString:
    """A text in which each word of the glossary is explained at its first place on the page.

    A bracket that opens before such a word goes with it: a line would else end in the bracket alone.
    """
    shown, bracket = [], ""
    for piece, entry in found_in(str(text)):
        if entry is None:
            bracket = piece[-1:] if piece.endswith(("(", "（")) else ""
            shown.append(conditional_escape(piece.removesuffix(bracket)))
            continue
        term = _shown(context, piece, entry)
        shown.append(format_html('<span class="unparted">{}{}</span>', bracket, term) if bracket else term)
        bracket = ""
    return format_html_join("", "{}", ((part,) for part in (*shown, bracket)))


@register.simple_tag(takes_context=True)
def word(context: template.Context, name: str, label: str = "") -> SafeString:
    """One word of the glossary by its id, under its own name or as the sentence has it."""
    entry = words()[name]
    return _shown(context, str(label) or entry.name, entry)


@register.inclusion_tag("help/_words_here.html", takes_context=True)
def words_here(context: template.Context, *names: str) -> dict:
    """A line that names the words a page is about to use, each with its explanation."""
    return {"entries": [_shown(context, words()[name].name, words()[name]) for name in names]}


def _shown(context: template.Context, text: str, entry: Word | None) -> SafeString:
    told = _told(context)
    if entry is None or told is None or entry.id in told:
        return conditional_escape(text)
    told.add(entry.id)
    return format_html(
        '<span class="term"><button class="termword" type="button" aria-describedby="word-{}">{}</button>'
        '<span class="termtip" role="tooltip" id="word-{}">{}</span></span>',
        entry.id,
        text,
        entry.id,
        entry.meaning,
    )


def _told(context: template.Context) -> set[str] | None:
    """The words explained so far; None where nothing is to be explained.

    A part that is rendered once for many readers keeps its own (`explained_words`). One that is swapped in does not
    know what the page around it has explained already.
    """
    if "explained_words" in context:
        return context["explained_words"]
    request = context.get("request")
    if request is None or getattr(request, "htmx", False):
        return None
    return request.__dict__.setdefault("explained_words", set())
