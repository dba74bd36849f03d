"""All tables of the audit, named once: pages, exports, the annual report and the tests walk over them."""

from collections.abc import Callable
from dataclasses import dataclass

from mdt.audit.figures import axes
from mdt.audit.scope import Scope
from mdt.audit.tables import Table


@dataclass(frozen=True)
class Figure:
    """A table that can be asked for by its key; `page` is the name of the address that shows it."""

    key: str
    page: str
    build: Callable[[Scope], Table]


FIGURES: tuple[Figure, ...] = (
    Figure("axes", "audit", axes.matrix),
    Figure("listed", "audit", axes.listed_cases),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


def of_page(page: str) -> list[Figure]:
    """The tables of one page, in their order."""
    return [figure for figure in FIGURES if figure.page == page]
