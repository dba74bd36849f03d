"""How an answer is kept: every language as a JSON file of its own, in one ZIP archive.

An answer of thirty systems and forty options takes a third of a megabyte in each language, most of it the same gates
and citations again; packed it takes a tenth. A page unpacks only the language that it shows.
"""

import io
import zipfile
from typing import Any

import orjson


def packed(outcome: dict[str, Any]) -> bytes:
    """Language → answer, as the bytes of a ZIP archive. The same outcome gives the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for language, answer in outcome.items():
            entry = zipfile.ZipInfo(f"{language}.json")  # without the time of day
            archive.writestr(entry, orjson.dumps(answer), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def unpacked(kept: bytes) -> dict[str, Any]:
    """All languages."""
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        return {name.removesuffix(".json"): orjson.loads(archive.read(name)) for name in archive.namelist()}


def unpacked_in(kept: bytes, language: str) -> dict[str, Any]:
    """One language; English if it was not kept in that one."""
    with zipfile.ZipFile(io.BytesIO(kept)) as archive:
        name = f"{language}.json"
        return orjson.loads(archive.read(name if name in archive.namelist() else "en.json"))
