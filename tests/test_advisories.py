"""Known weaknesses of locked packages fail the check; not being able to ask is said loudly, and fails where it must."""

# tests/recorded: pip-audit.json is the answer that pip-audit's own documentation shows, for a flask of known
# weaknesses; pip-audit-skipped.json is what pip-audit printed on a machine that reaches no advisories. It ended with 0,
# and with the words "No known vulnerabilities found".

import json
import re
import stat

import pytest
from django.conf import settings

from scripts import advisories

CLEAN = {"dependencies": [{"name": "django", "version": "5.2.19", "vulns": []}]}
FOUND = [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.19"]}]
WEAK = {"dependencies": [{"name": "django", "version": "5.2.1", "vulns": FOUND}]}


@pytest.fixture
def pip_audit(tmp_path, monkeypatch):
    """A stand-in that answers as pip-audit does: its JSON, or an error of the network. The lock pins Django alone."""
    lock = tmp_path / "requirements.txt"
    lock.write_text("django==5.2.19 \\\n    --hash=sha256:00\n")
    monkeypatch.setattr(advisories, "LOCK", lock)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.delenv("MDT_REQUIRE_ADVISORIES", raising=False)

    def answers(output, code):
        program = tmp_path / "pip-audit"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{output}\nEND\nexit {code}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    return answers


def test_nothing_known_passes(pip_audit, capsys):
    pip_audit(json.dumps(CLEAN), 0)
    assert advisories.main([]) == 0
    assert "no weakness is known of the 1 locked packages" in capsys.readouterr().err


def test_a_known_weakness_fails_and_says_where_it_is_mended(pip_audit, capsys):
    pip_audit(json.dumps(WEAK), 1)
    assert advisories.main([]) == 1
    assert "django 5.2.1: PYSEC-2026-1, mended in 5.2.19" in capsys.readouterr().out


@pytest.mark.parametrize("output", ["", "ERROR: connection refused", "{}"])
def test_where_nobody_answers_it_is_said_loudly(pip_audit, capsys, monkeypatch, output):
    pip_audit(output, 1)
    assert advisories.main([]) == 0
    assert "NOT CHECKED" in capsys.readouterr().err
    monkeypatch.setenv("MDT_REQUIRE_ADVISORIES", "1")
    assert advisories.main([]) == 1


def test_without_the_program_it_is_said_loudly(pip_audit, capsys):
    assert advisories.main([]) == 0
    assert "pip-audit is not installed" in capsys.readouterr().err


def test_a_recorded_answer_about_vulnerable_pins_fails_and_names_each(pip_audit, capsys, tmp_path, monkeypatch):
    recorded = (settings.BASE_DIR / "tests" / "recorded" / "pip-audit.json").read_text()
    packages = json.loads(recorded)["dependencies"]
    (tmp_path / "requirements.txt").write_text("".join(f"{each['name']}=={each['version']}\n" for each in packages))
    pip_audit(recorded, 1)
    assert advisories.main([str(tmp_path / "verdict")]) == 1
    said = capsys.readouterr()
    known = [(each["name"], one["id"]) for each in packages for one in each["vulns"]]
    assert len(known) == 2
    assert all(re.search(rf"^{name} .*{number}", said.out, re.MULTILINE) for name, number in known)
    assert "KNOWN WEAKNESSES" in (tmp_path / "verdict").read_text()


@pytest.mark.parametrize(
    "answer",
    [
        {"dependencies": []},
        {"dependencies": [{"name": "django", "skip_reason": "not found on the index"}]},
        {"dependencies": [{"name": "other", "version": "1", "vulns": []}]},
    ],
)
def test_an_answer_that_leaves_a_package_out_is_not_taken_for_a_clean_one(pip_audit, capsys, monkeypatch, answer):
    pip_audit(json.dumps(answer), 0)
    assert advisories.main([]) == 0
    assert "NOT CHECKED" in capsys.readouterr().err
    monkeypatch.setenv("MDT_REQUIRE_ADVISORIES", "1")
    assert advisories.main([]) == 1


def test_packages_that_were_skipped_are_not_taken_for_clean_ones(pip_audit, capsys, tmp_path):
    (tmp_path / "requirements.txt").write_text("flask==0.5\njinja2==2.10\n")
    pip_audit((settings.BASE_DIR / "tests" / "recorded" / "pip-audit-skipped.json").read_text(), 0)
    assert advisories.main([]) == 0
    assert "NOT CHECKED for known weaknesses: nothing was said of flask, jinja2" in capsys.readouterr().err


def test_the_verdict_is_the_last_line_of_the_whole_run(pip_audit, tmp_path):
    assert advisories.main([str(tmp_path / "verdict")]) == 0
    assert (tmp_path / "verdict").read_text().startswith("ADVISORIES: NOT CHECKED")
    script = (settings.BASE_DIR / ".ci" / "run").read_text()
    assert script.rstrip().splitlines()[-1] == 'say "$(cat "$private/advisories")"'


def test_every_package_of_the_real_lock_is_asked_about():
    names = advisories.locked()
    assert {"django", "celery", "cryptography"} <= names
    everywhere = set(re.findall(r"^([a-z0-9-]+)==[^;]+$", advisories.LOCK.read_text(), re.MULTILINE))
    assert everywhere <= names
    assert len(names) > 40
