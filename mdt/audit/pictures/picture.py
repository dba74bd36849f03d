"""A picture with what belongs to it: never without its name, its description and its table."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from mdt.audit.pictures.rendering import as_svg
from mdt.audit.pictures.shapes import Drawing
from mdt.audit.tables import Table


@dataclass(frozen=True)
class Picture:
    """`description` says in words what the drawing shows; the figures stand in `tables`, at least one."""

    key: str
    title: str
    description: str
    drawing: Drawing
    tables: tuple[Table, ...]
    layout: str = ""
    """Empty: half a page, and its one table; "wide": the whole width, and its tables below."""

    @property
    def svg(self) -> SafeString:
        return as_svg(self.drawing, key=f"p-{self.key}", title=self.title, description=self.description)
