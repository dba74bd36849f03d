"""The lock files: what ./test installs includes exactly what ./run installs."""

import re

import pytest
from django.conf import settings


def locked(name: str) -> dict[str, str]:
    lines = (settings.BASE_DIR / name).read_text().splitlines()
    return dict(re.match(r"([\w.-]+(?:\[[\w,]+\])?)==(\S+)", line).groups() for line in lines if line[:1].isalnum())


def test_the_development_lock_holds_the_running_systems_versions():
    assert locked("requirements.txt").items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "scripts/uv.txt"])
def test_every_package_is_locked_by_hash(name):
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (settings.BASE_DIR / name).read_text())
    assert all("--hash=sha256:" in block for block in blocks if not block.startswith("#"))
