"""A database of the test's own: a copied file, or a database on DATABASE_URL's server."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """Address of a migrated, empty database of the test's own."""
    if not migrated.server():
        migrated.copy_to_file(tmp_path / "services.sqlite3")
        yield f"sqlite:///{tmp_path / 'services.sqlite3'}"
        return
    name = f"services_{uuid.uuid4().hex[:12]}"
    migrated.copy_on_server(name)
    yield migrated.beside(migrated.server(), name)
    migrated.drop(name)
