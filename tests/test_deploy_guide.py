"""The deployment guide names every environment variable that the program reads."""

import re

from django.conf import settings


def test_every_variable_is_in_the_table():
    read = set()
    for path in (settings.BASE_DIR / "mdt").rglob("*.py"):
        read |= set(
            re.findall(r"environment\.(?:text|flag|integer|words)\(\"(\w+)\"", path.read_text(encoding="utf-8"))
        )
    rows = re.findall(r"^\|([^|]+)\|", (settings.BASE_DIR / "docs/deploy.md").read_text(encoding="utf-8"), re.MULTILINE)
    described = set(re.findall(r"`(\w+)`", " ".join(rows)))
    assert read
    assert read - described == set()
