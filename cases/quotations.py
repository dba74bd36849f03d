"""The words of a report behind the facts of a case, for its pages."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.models import Case, Quotation
from mdt.reading import STATED


def marked(report: str, passages: Sequence[Any]) -> SafeString:
    """The report with the words of every mention or quotation marked; words of several are marked once."""
    parts, at = [], 0
    for passage in sorted(passages, key=lambda each: (each.start, -each.end)):
        if passage.end <= at:
            continue
        start = max(passage.start, at)
        mark = "<mark>{}</mark>" if getattr(passage, "certainty", STATED) == STATED else '<mark class="may">{}</mark>'
        parts += [format_html("{}", report[at:start]), format_html(mark, report[start : passage.end])]
        at = passage.end
    parts.append(format_html("{}", report[at:]))
    return mark_safe("".join(parts))


def by_fact(quotations: Iterable[Quotation]) -> dict[str, list[str]]:
    """The words behind each fact, in quotation marks."""
    words: dict[str, list[str]] = {}
    for quotation in quotations:
        words.setdefault(quotation.fact, []).append(_("“%(words)s”") % {"words": quotation.words})
    return words


def by_finding(case: Case) -> dict[int, dict[str, list[str]]]:
    """For each finding of a case that quotes its report: the words behind each fact."""
    grouped: dict[int, list[Quotation]] = {}
    for quotation in Quotation.objects.filter(finding__case=case).select_related("finding"):
        grouped.setdefault(quotation.finding_id, []).append(quotation)
    return {finding: by_fact(quotations) for finding, quotations in grouped.items()}
