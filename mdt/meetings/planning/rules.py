"""The house rules of planning, read from house_rules.toml or from the hospital's own copy of it."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SHIPPED = Path(__file__).with_name("house_rules.toml")
COUNTED = ("contradictions", "systems_part", "options_undetermined", "lesions", "restaged")


@dataclass(frozen=True)
class Addition:
    """Minutes for each of something found beyond the first `beyond`, at the most `most`."""

    what: str
    minutes: float
    most: float
    label: dict[str, str]
    beyond: int = 0
    is_yes_or_no: bool = False

    def minutes_for(self, count: int) -> float:
        return min(self.most, self.minutes * max(0, count - self.beyond))


@dataclass(frozen=True)
class HouseRules:
    """All of it; `weight` by urgency, `late` times as much after the target date."""

    base: int
    least: int
    most: int
    additions: tuple[Addition, ...]
    weight: dict[str, int]
    late: int
    beyond_days: int
    facts_days: int
    most_cases: int
    break_from: int
    break_minutes: int


@lru_cache
def read_rules(path: str) -> HouseRules:
    """Read one file. Raises ImproperlyConfigured, naming it, for one that lacks something or counts what is unknown."""
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        minutes, places, pause = table["minutes"], table["places"], table["break"]
        additions = tuple(Addition(**row) for row in minutes.get("add", []))
        unknown = {addition.what for addition in additions} - set(COUNTED)
        if unknown:
            raise ValueError(f"what is counted is not known: {', '.join(sorted(unknown))}")
        return HouseRules(
            base=minutes["base"],
            least=minutes["least"],
            most=minutes["most"],
            additions=additions,
            weight={name: places[name] for name in ("routine", "urgent", "emergency")},
            late=places["late"],
            beyond_days=places["beyond_days"],
            facts_days=places["facts_days"],
            most_cases=places["most_cases"],
            break_from=pause["from_minutes"],
            break_minutes=pause["minutes"],
        )
    except (OSError, ValueError, TypeError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ImproperlyConfigured(f"The planning rules {path} cannot be used: {error!r}") from None


def house_rules() -> HouseRules:
    return read_rules(str(settings.PLANNING_RULES or SHIPPED))
