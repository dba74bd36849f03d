"""Signed ends of the log, one line each, to be kept where nobody can rewrite them: in a mailbox, on paper, elsewhere.

    mdt-checkpoint 1 NUMBER DIGEST TIME PUBLIC-KEY SIGNATURE

Ed25519 over everything before the signature. A log that was cut off, or rewritten with all its digests, no longer has
the line NUMBER with this DIGEST.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mdt.events.models import Checkpoint, Event

FORM = "mdt-checkpoint 1"


class CheckpointError(ValueError):
    """A line that is no checkpoint."""


@dataclass(frozen=True)
class Signed:
    """One checkpoint as it is kept outside."""

    number: int
    digest: str
    at: str
    key: str
    signature: str

    @property
    def message(self) -> str:
        return f"{FORM} {self.number} {self.digest} {self.at} {self.key}"

    def __str__(self) -> str:
        return f"{self.message} {self.signature}"

    @property
    def is_signed(self) -> bool:
        """Whether the signature is by the key that the line names."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.message.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def of_row(row: Checkpoint) -> Signed:
    return Signed(row.number, row.digest, _as_text(row.at), row.key, row.signature)


def read(line: str) -> Signed:
    """A line as it was printed. Raises CheckpointError for anything else."""
    words = line.split()
    if " ".join(words[:2]) != FORM or len(words) != 7 or not words[2].isdecimal():
        raise CheckpointError(f"no checkpoint: {line[:60]!r}")
    return Signed(int(words[2]), *words[3:])


def read_all(text: str) -> list[Signed]:
    """All checkpoints in a text, a mail for instance; other lines are passed over."""
    lines = (line[line.index(FORM) :] for line in text.splitlines() if FORM in line)
    return [read(line) for line in lines]


def sign(number: int, digest: str, at: datetime) -> Signed:
    """A checkpoint of this moment, by the installation's own key."""
    unsigned = Signed(number, digest, _as_text(at), public_key(), "")
    return Signed(**{**vars(unsigned), "signature": _private_key().sign(unsigned.message.encode()).hex()})


def public_key() -> str:
    """The key that checkpoints of this installation are checked with; to be written down elsewhere as well."""
    return _private_key().public_key().public_bytes_raw().hex()


def _private_key() -> Ed25519PrivateKey:
    """The deployment's own key, else one made at first need and kept in the data folder, for its owner only."""
    given = settings.SIGNING_KEY or _kept_key(settings.DATA_DIR / "signing_key")
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(given))
    except ValueError:
        raise ImproperlyConfigured("The signing key must be 64 hexadecimal digits (MDT_SIGNING_KEY).") from None


def _kept_key(path: Path) -> str:
    if not path.exists():
        private = Ed25519PrivateKey.generate().private_bytes_raw().hex()
        whole = path.with_name(f"{path.name}.{os.getpid()}")
        whole.touch(mode=0o600)
        whole.write_text(private)
        try:
            os.link(whole, path)  # only one of two that start at once makes the key, and never a half of it
        except FileExistsError:
            pass
        finally:
            whole.unlink()
    return path.read_text().strip()


def _as_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def publish() -> None:
    """Append to the file of checkpoints whatever it does not have yet."""
    path = Path(settings.CHECKPOINT_FILE)
    there = set(path.read_text().splitlines()) if path.exists() else set()
    missing = [line for line in map(str, map(of_row, Checkpoint.objects.order_by("pk"))) if line not in there]
    if missing:
        with path.open("a") as file:
            file.writelines(f"{line}\n" for line in missing)
            file.flush()
            os.fsync(file.fileno())


def kept() -> list[Signed]:
    """What this installation has itself: in the database and in its file."""
    path = Path(settings.CHECKPOINT_FILE)
    in_file = read_all(path.read_text()) if path.exists() else []
    return list(dict.fromkeys([*map(of_row, Checkpoint.objects.order_by("pk")), *in_file]))


def faults_of(signed: Iterable[Signed], keys: Iterable[str]) -> Iterator[str]:
    """In words, each checkpoint that does not fit: not signed by one of `keys`, or not what the log says today."""
    trusted = set(keys)
    for each in signed:
        name = f"checkpoint of line {each.number}"
        if not each.is_signed:
            yield f"{name}: the signature is wrong"
        elif each.key not in trusted:
            yield f"{name}: signed by another key, {each.key}"
        elif each.number:
            digest = Event.objects.filter(number=each.number).values_list("digest", flat=True).first()
            if digest is None:
                yield f"{name}: the log has no such line: it was cut off or rewritten"
            elif digest != each.digest:
                yield f"{name}: the log has another line there: it was rewritten"
