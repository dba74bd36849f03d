"""`GET /health/`: whether this instance can serve. For load balancers, supervisors and ./run."""

import logging
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mdt import disks

log = logging.getLogger(__name__)


class MigrationsPending(Exception):
    """The database is older than the program."""


@cache
def require_migrated() -> None:
    """Raise MigrationsPending unless every migration is applied. Success is remembered."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsPending


def require_database() -> None:
    """Raise DatabaseError unless the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated; else 503 with the name of the part that fails."""
    try:
        require_database()
        require_migrated()
    except DatabaseError as error:
        log.error("health: the database does not answer: %s", type(error).__name__)
        return _failing("database")
    except MigrationsPending:
        return _failing("migrations")
    short = disks.short()  # it serves all the same: a balancer leaves it in, whoever watches is told
    warnings = {"warnings": [f"disk of the {name}: hardly any room, or read-only" for name in short]} if short else {}
    return JsonResponse({"status": "ok", "version": settings.VERSION, **warnings})


def _failing(part: str) -> JsonResponse:
    return JsonResponse({"status": "failing", "failing": part, "version": settings.VERSION}, status=503)
