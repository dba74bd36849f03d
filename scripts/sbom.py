"""The software bill of materials: every package that the running system needs, as CycloneDX 1.6 JSON.

    .venv/bin/python -m scripts.sbom > sbom.json

From requirements.txt, which names each package with version and hashes, and from what the installed packages say of
their licence.
"""

import json
import re
import sys
from importlib import metadata

from mdt.settings import BASE_DIR, VERSION

PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def components() -> list[dict]:
    """One component for each locked package, with its hashes; its licence where it is installed here."""
    found: list[dict] = []
    for line in (BASE_DIR / "requirements.txt").read_text().splitlines():
        if match := PACKAGE.match(line):
            name, version = match.groups()
            purl = f"pkg:pypi/{name.lower()}@{version}"
            found.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
            found[-1] |= {"licenses": licences(name), "hashes": []}
        elif digest := re.search(r"--hash=sha256:([0-9a-f]{64})", line):
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest[1]})
    return found


def licences(name: str) -> list[dict]:
    """What the package says of its licence; nothing where it says nothing, or is not installed."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    text = said.get("License-Expression") or (said.get("License") or "").partition("\n")[0]
    return [{"license": {"name": text[:200]}}] if text else []


def bill() -> dict:
    root = {"type": "application", "name": "mdt-case-manager", "version": VERSION}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": root},
            "components": components()}  # fmt: skip


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
