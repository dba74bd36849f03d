"""Style sheets and scripts as they travel: WhiteNoise, with the compressed forms kept in the data folder.

WhiteNoise sends a compressed form that lies beside a file. Most of ours lie in installed packages, where nothing may be
written; so the forms are made once for each content, when a process first meets it, and found by its digest: a file
that changed has another name, and no stale form can be sent.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

# What pages ask for; the packages bring dozens of files more that nobody loads.
SENT = ("css/", "js/", "img/", "icons/", "vendor/bootstrap/css/bootstrap.min.css", "django_htmx/django-htmx.js")
SENT_HTMX = "django_htmx/htmx-2.min.js"
MADE = {"br": Compressor.compress_brotli, "gzip": Compressor.compress_gzip}
LEAST_BYTES = 500
"""A smaller file fits into one packet as it is."""


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise that also knows the compressed forms of what pages load."""

    def get_static_file(self, path: str, url: str, stat_cache: dict | None = None) -> StaticFile:
        found = super().get_static_file(path, url, stat_cache)
        name = url.removeprefix(self.static_prefix)
        if not settings.PRESS_STATIC or not name.startswith((*SENT, SENT_HTMX)) or name.endswith(".woff2"):
            return found
        if os.path.getsize(path) < LEAST_BYTES:
            return found
        _encoding, _path, headers = found.alternatives[-1]
        kept = [(key, value) for key, value in headers if key not in ("Content-Length", "Content-Encoding", "Vary")]
        return StaticFile(path, kept, encodings={key: str(form) for key, form in pressed(Path(path)).items()})


def pressed(path: Path) -> dict[str, Path]:
    """Encoding → file with the compressed form of exactly this content, made if nobody has made it yet."""
    content = path.read_bytes()
    folder = settings.PRESSED_DIR
    folder.mkdir(parents=True, exist_ok=True)
    forms = {}
    for encoding, compress in MADE.items():
        form = folder / f"{hashlib.sha256(content).hexdigest()[:32]}.{encoding}"
        if not form.exists():
            _write(form, compress(content))
        forms[encoding] = form
    return forms


def _write(form: Path, content: bytes) -> None:
    """Whole or not at all, also when several processes start at once."""
    handle, half = tempfile.mkstemp(dir=form.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(half, form)
