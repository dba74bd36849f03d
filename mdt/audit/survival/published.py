"""What others published, read from published.toml once: figures with their source, in the reader's language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language


@dataclass(frozen=True)
class Group:
    """Patients of one category ("": all), and the shares that survived by months; empty: the source states none."""

    category: str
    patients: int
    survival: tuple[tuple[int, float], ...]

    def at(self, months: int) -> float | None:
        return dict(self.survival).get(months)


@dataclass(frozen=True)
class Study:
    key: str
    pathway: str
    citation: str
    names: tuple[tuple[str, str], ...]
    about_in: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        return _in_language(self.names)

    @property
    def about(self) -> str:
        return _in_language(self.about_in)


def _in_language(words: tuple[tuple[str, str], ...]) -> str:
    texts = dict(words)
    return texts.get((get_language() or "en").partition("-")[0], texts["en"])


@cache
def studies() -> tuple[Study, ...]:
    """All of them. Raises KeyError or TypeError for a file that lacks a part."""
    found = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
    return tuple(
        Study(
            each["key"],
            each["pathway"],
            each["citation"],
            tuple(each["name"].items()),
            tuple(each["about"].items()),
            tuple(
                Group(
                    group["category"],
                    group["patients"],
                    tuple((point["months"], point["share"]) for point in group["survival"]),
                )
                for group in each["group"]
            ),
        )
        for each in found["study"]
    )


def studies_of(pathways: set[str]) -> list[Study]:
    """Studies of the pathways whose cases are shown: a figure of another disease stands beside nothing."""
    return [study for study in studies() if study.pathway in pathways]
