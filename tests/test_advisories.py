"""Known weaknesses of locked packages fail the check; not being able to ask is said loudly, and fails where it must."""

import json
import stat

import pytest

from scripts import advisories

CLEAN = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}
FOUND = [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.19"]}]
WEAK = {"dependencies": [{"name": "django", "version": "5.2.1", "vulns": FOUND}]}


@pytest.fixture
def pip_audit(tmp_path, monkeypatch):
    """A stand-in that answers as pip-audit does: its JSON, or an error of the network."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("MDT_REQUIRE_ADVISORIES", raising=False)

    def answers(output, code):
        program = tmp_path / "pip-audit"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{output}\nEND\nexit {code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return answers


def test_nothing_known_passes(pip_audit, capsys):
    pip_audit(json.dumps(CLEAN), 0)
    assert advisories.main() == 0
    assert "No weakness is known" in capsys.readouterr().out


def test_a_known_weakness_fails_and_says_where_it_is_mended(pip_audit, capsys):
    pip_audit(json.dumps(WEAK), 1)
    assert advisories.main() == 1
    assert "django 5.2.1: PYSEC-2026-1, mended in 5.2.19" in capsys.readouterr().out


@pytest.mark.parametrize("output", ["", "ERROR: connection refused", "{}"])
def test_where_nobody_answers_it_is_said_loudly(pip_audit, capsys, monkeypatch, output):
    pip_audit(output, 1)
    assert advisories.main() == 0
    assert "NOT CHECKED" in capsys.readouterr().err
    monkeypatch.setenv("MDT_REQUIRE_ADVISORIES", "1")
    assert advisories.main() == 1


def test_without_the_program_it_is_said_loudly(pip_audit, capsys):
    assert advisories.main() == 0
    assert "pip-audit is not installed" in capsys.readouterr().err
