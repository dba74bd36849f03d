"""`python -m scripts.advisories [FILE]`: are weaknesses known of the locked packages? Asks a service by pip-audit.

Where that cannot be done, on a machine without the internet or without pip-audit, it says so loudly and ends with 0;
with MDT_REQUIRE_ADVISORIES=1 it ends with 1. A known weakness always ends with 1, and so does an answer that leaves a
locked package out where MDT_REQUIRE_ADVISORIES=1. The verdict is one line; FILE gets it as well, so that a long run can
say it again at its end.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).resolve().parent.parent / "requirements.txt"
PATIENCE_SECONDS = 120
PIN = re.compile(r"[A-Za-z0-9][^#]*==[^#\\]*")


def _plain(name: str) -> str:
    """A package's name as an index spells it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> set[str]:
    """Names of all packages of the lock that this Python installs: what a marker leaves out, pip-audit does too."""
    pins = [Requirement(found[0].strip()) for line in LOCK.read_text().splitlines() if (found := PIN.match(line))]
    return {_plain(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate()}


def ask() -> tuple[list[str], str]:
    """What is known, one line each, and why it is not known of all packages ("" where it is)."""
    program = shutil.which("pip-audit")
    if program is None:
        return [], "pip-audit is not installed (pip install pip-audit, in an environment of its own)"
    command = [program, "--require-hashes", "--disable-pip", "--format", "json", "--requirement", str(LOCK)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        return read(done.stdout)
    except subprocess.TimeoutExpired:
        return [], "the advisory service did not answer"


def read(output: str) -> tuple[list[str], str]:
    """The same from what pip-audit printed. A package that it skipped, or does not name, was not asked about."""
    try:
        packages = json.loads(output)["dependencies"]
        known = [
            f"{package['name']} {package['version']}: {each['id']}, mended in {', '.join(each['fix_versions']) or '–'}"
            for package in packages
            for each in package.get("vulns", [])
        ]
        asked = {_plain(package["name"]) for package in packages if "skip_reason" not in package}
    except (ValueError, KeyError, TypeError):
        return [], "the advisory service did not answer"
    missing = sorted(locked() - asked)
    return known, f"nothing was said of {', '.join(missing)}" if missing else ""


def verdict_of(known: list[str], trouble: str) -> str:
    """One line that cannot be taken for another."""
    if known:
        return f"ADVISORIES: {len(known)} KNOWN WEAKNESSES in locked packages"
    if trouble:
        return f"ADVISORIES: NOT CHECKED for known weaknesses: {trouble}"
    return f"ADVISORIES: no weakness is known of the {len(locked())} locked packages"


def main(arguments: list[str]) -> int:
    known, trouble = ask()
    verdict = verdict_of(known, trouble)
    if arguments:
        Path(arguments[0]).write_text(f"{verdict}\n")
    print("\n".join(known), end="\n" if known else "")
    bar = "!" * 78 if known or trouble else ""
    print(f"{bar}\n{verdict}.\n{bar}".strip(), file=sys.stderr)
    must = os.environ.get("MDT_REQUIRE_ADVISORIES", "0") not in ("", "0")
    return int(bool(known) or (bool(trouble) and must))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
