"""GET /health/: one answer for each thing that can be wrong."""

import pytest
from django.db import DatabaseError

from mdt import disks, health


@pytest.fixture(autouse=True)
def _forget_migrations():
    health.require_migrated.cache_clear()
    yield
    health.require_migrated.cache_clear()


@pytest.mark.django_db
def test_it_answers_without_sign_in(client):
    response = client.get("/health/")
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert response.json()["version"]


@pytest.mark.django_db
def test_it_looks_for_migrations_once(client, django_assert_num_queries):
    client.get("/health/")
    with django_assert_num_queries(1):
        client.get("/health/")


def test_it_names_a_database_that_does_not_answer(client, monkeypatch):
    def broken() -> None:
        raise DatabaseError("password of the database")

    monkeypatch.setattr(health, "require_database", broken)
    response = client.get("/health/")
    assert (response.status_code, response.json()["failing"]) == (503, "database")
    assert b"password" not in response.content


@pytest.mark.django_db
def test_it_names_migrations_that_wait(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: ["0002_waiting"])
    response = client.get("/health/")
    assert (response.status_code, response.json()["failing"]) == (503, "migrations")


@pytest.mark.django_db
def test_it_only_reads(client):
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_it_serves_on_and_warns_where_the_disk_has_hardly_any_room(client, monkeypatch):
    assert "warnings" not in client.get("/health/").json()
    monkeypatch.setattr(disks, "free_bytes", lambda folder: 1000)
    response = client.get("/health/")
    assert (response.status_code, response.json()["warnings"]) == (
        200,
        ["disk of the data: hardly any room, or read-only"],
    )
