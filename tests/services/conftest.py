"""A database of the test's own: a copied file, or a database on DATABASE_URL's server."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.services.site import migrate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database to copy for each test: a file's path, or a name on DATABASE_URL's server."""
    folder, server = tmp_path_factory.mktemp("services"), os.environ.get("DATABASE_URL")
    environment = os.environ | {"MDT_DATA_DIR": str(folder)}
    if not server:
        migrate(environment)
        yield str(folder / "mdt.sqlite3")
        return
    name = f"services_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        migrate(environment | {"DATABASE_URL": beside(server, name)})
        yield name
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def beside(server: str, name: str) -> str:
    """Address of another database on the same server."""
    return server.replace(f"/{conninfo_to_dict(server)['dbname']}?", f"/{name}?", 1)


@pytest.fixture
def database_url(tmp_path: Path, migrated: str) -> Iterator[str]:
    """Address of a database of the test's own."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        copy = shutil.copy(migrated, tmp_path / "services.sqlite3")
        yield f"sqlite:///{copy}"
        return
    name = f"{migrated}_copy"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
        yield beside(server, name)
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")
