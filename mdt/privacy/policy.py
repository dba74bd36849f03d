"""How long what is kept, read from retention.toml or from the hospital's own copy of it."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

SHIPPED = Path(__file__).with_name("retention.toml")
KINDS = ("record", "copies", "drafts", "log", "accounts", "backups", "forms")
OF_THE_PROGRAM = ("forms",)
"""How long these are kept is fixed in the program: a hospital's own policy need not say it."""
COUNTED_FROM = {"record": "last_entry", "copies": "made_at", "drafts": "saved_at"}
MOST_YEARS = 200

Words = dict[str, str]


def said(words: Words) -> str:
    """In the reader's language, else in English."""
    return words.get(get_language() or "en", words["en"])


@dataclass(frozen=True)
class KindOfRecord:
    """One kind: `years` None: the hospital has not said, and nothing of it falls due."""

    code: str
    words: Words
    ground_words: Words
    decided_by_words: Words
    is_erasable: bool
    years: int | None = None
    at_least_months: int | None = None

    @property
    def label(self) -> str:
        return said(self.words)

    @property
    def ground(self) -> str:
        return said(self.ground_words)

    @property
    def decided_by(self) -> str:
        return said(self.decided_by_words)


@dataclass(frozen=True)
class Exempting:
    """An exception of the law by which something is kept though its erasure was asked for."""

    code: str
    words: Words

    @property
    def label(self) -> str:
        return said(self.words)


@dataclass(frozen=True)
class Policy:
    """The whole policy, and the digest by which a decision names it."""

    version: str
    digest: str
    kinds: tuple[KindOfRecord, ...]
    exceptions: tuple[Exempting, ...]

    def kind(self, code: str) -> KindOfRecord:
        return next(kind for kind in self.kinds if kind.code == code)

    def exception_labels(self, codes: list[str]) -> list[str]:
        """Labels of these exceptions; of one that the policy no longer has, its code."""
        known = {each.code: each.label for each in self.exceptions}
        return [known.get(code, code) for code in codes]


@lru_cache
def read_policy(path: str) -> Policy:
    """Read one file. Raises ImproperlyConfigured, naming it and the place, for one that cannot be meant."""
    try:
        raw = Path(path).read_bytes()
        table = tomllib.loads(raw.decode())
        shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["kind"]
        table["kind"] = {code: shipped[code] for code in OF_THE_PROGRAM} | table["kind"]
        if set(table["kind"]) != set(KINDS):
            raise ValueError(f"the kinds must be exactly {', '.join(KINDS)}")
        kinds = tuple(_kind(code, table["kind"][code]) for code in KINDS)
        exceptions = tuple(Exempting(row["code"], _words(row["label"])) for row in table["exception"])
        if len({each.code for each in exceptions}) != len(exceptions):
            raise ValueError("two exceptions have one code")
        return Policy(str(table["version"]), hashlib.sha256(raw).hexdigest(), kinds, exceptions)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImproperlyConfigured(f"The policy of retention {path} cannot be used: {error!r}") from None


def _kind(code: str, row: dict) -> KindOfRecord:
    years, months = row.get("years"), row.get("at_least_months")
    if years is not None and not (type(years) is int and 0 < years <= MOST_YEARS):
        raise ValueError(f"{code}: years must be a whole number from 1 to {MOST_YEARS}, or absent")
    if months is not None and not (type(months) is int and months > 0):
        raise ValueError(f"{code}: at_least_months must be a whole number, or absent")
    if type(row["erasable"]) is not bool or row["erasable"] != (code in COUNTED_FROM):
        raise ValueError(f"{code}: erasable is what the program can do, and not to be changed")
    if row["erasable"] and row["counted_from"] != COUNTED_FROM[code]:
        raise ValueError(f"{code}: counted_from must be {COUNTED_FROM[code]}")
    if years is not None and not row["erasable"]:
        raise ValueError(f"{code}: the program erases nothing of this kind: years would promise it")
    words = [_words(row[name]) for name in ("label", "ground", "decided_by")]
    return KindOfRecord(code, *words, is_erasable=row["erasable"], years=years, at_least_months=months)


def _words(row: dict) -> Words:
    if not row["en"].strip() or not all(isinstance(text, str) for text in row.values()):
        raise ValueError("a text is empty")
    return row


def policy() -> Policy:
    return read_policy(str(settings.RETENTION_POLICY or SHIPPED))
