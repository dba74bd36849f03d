"""The small rulebook as the installation's. Imports stand inside: this file is read before Django is set up."""

import pytest


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Loaded once: the loader checks every combination."""
    from tests.rulebook.builders import small_rulebook

    return small_rulebook(tmp_path_factory.mktemp("rules"))


@pytest.fixture
def rulebook(small, monkeypatch):
    from mdt.rulebook import library

    monkeypatch.setattr(library, "rulebook", lambda: small)
    return small


@pytest.fixture
def edition(rulebook):
    from tests.rulebook.builders import edition_of

    return edition_of(rulebook)
