"""A skipped test is printed; where the environment says that it must run, the whole run fails."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.long
@pytest.mark.parametrize(("required", "code"), [("0", 0), ("1", 1)])
def test_a_skip_is_loud_and_fails_where_it_is_forbidden(required, code):
    dropped = {"MDT_REDIS_URL", "DJANGO_SETTINGS_MODULE"}  # the inner run is to set the latter itself, late enough
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/services/test_worker.py", "-k", "redis and wakes"],
        cwd=settings.BASE_DIR,
        env=environment | {"MDT_REQUIRE_SERVICES": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stdout
    assert "NOT TESTED" in ended.stdout
    assert "no Redis: set MDT_REDIS_URL" in ended.stdout
