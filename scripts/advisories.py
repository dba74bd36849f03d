"""`python -m scripts.advisories`: are weaknesses known of the locked packages? Asks an advisory service by pip-audit.

Where that cannot be done, on a machine without the internet or without pip-audit, it says so loudly and ends with 0;
with MDT_REQUIRE_ADVISORIES=1 it ends with 1. A known weakness always ends with 1.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.txt"
PATIENCE_SECONDS = 120


def ask() -> tuple[list[str], str]:
    """What is known, one line each, and why nothing could be asked ("" where it was)."""
    program = shutil.which("pip-audit")
    if program is None:
        return [], "pip-audit is not installed (pip install pip-audit, in an environment of its own)"
    command = [program, "--require-hashes", "--disable-pip", "--format", "json", "--requirement", str(LOCK)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return [], "the advisory service did not answer"
    return [
        f"{package['name']} {package['version']}: {each['id']}, mended in {', '.join(each['fix_versions']) or '–'}"
        for package in packages
        for each in package.get("vulns", [])
    ], ""


def main() -> int:
    known, trouble = ask()
    if trouble:
        bar = "!" * 78
        print(f"{bar}\nNOT CHECKED for known weaknesses: {trouble}.\n{bar}", file=sys.stderr)
        return int(os.environ.get("MDT_REQUIRE_ADVISORIES", "0") not in ("", "0"))
    print("\n".join(known) or "No weakness is known of the locked packages.")
    return int(bool(known))


if __name__ == "__main__":
    sys.exit(main())
