"""A stream of bytes, encrypted and authenticated in pieces, so that a file of any size is written and read in little
memory, and a piece that was changed, moved, left out or cut off at the end is refused.

AES-256-GCM under a key of the file's own (HKDF from the installation's backup key and a random salt). The nonce of a
piece is its number and whether it is the last one: the STREAM construction, as in age and Tink.
"""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"MDT-BACKUP-1\n"
SALT, PIECE, TAG = 32, 1 << 20, 16


class Unreadable(Exception):
    """The file is no backup, is damaged or cut off, or is for another key."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=MAGIC).derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealing(io.RawIOBase):
    """Write into it what is to be encrypted into `target`; only `close` writes the last piece."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT)
        self.target, self.cipher, self.number, self.waiting = target, _cipher(key, salt), 0, bytearray()
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.waiting += data
        while len(self.waiting) > PIECE:  # a whole piece waits, since it may be the last one
            self._seal(bytes(self.waiting[:PIECE]), is_last=False)
            del self.waiting[:PIECE]
        return len(data)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self.target.write(self.cipher.encrypt(_nonce(self.number, is_last), piece, None))
        self.number += 1

    def finish(self) -> None:
        """Write the last piece. Without it the file is refused as cut off."""
        self._seal(bytes(self.waiting), is_last=True)
        self.waiting.clear()


class Opened(io.RawIOBase):
    """Read what was encrypted. Raises Unreadable for anything that is not whole; nothing unchecked is ever returned."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        if source.read(len(MAGIC)) != MAGIC:
            raise Unreadable("This is no backup of the MDT case manager.")
        self.source, self.cipher, self.number, self.ready = source, _cipher(key, source.read(SALT)), 0, b""
        self.piece = source.read(PIECE + TAG)
        self.is_at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self.ready and not self.is_at_end:
            following = self.source.read(PIECE + TAG)
            try:
                self.ready = self.cipher.decrypt(_nonce(self.number, not following), self.piece, None)
            except InvalidTag:
                raise Unreadable("The backup is damaged or cut off, or it is for another key.") from None
            self.piece, self.is_at_end = following, not following
            self.number += 1
        count = min(len(buffer), len(self.ready))
        buffer[:count], self.ready = self.ready[:count], self.ready[count:]
        return count
