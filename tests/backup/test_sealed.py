"""The sealed stream of a backup: what went in comes out, and anything else is refused."""

import io

import pytest

from mdt.backup.sealed import MAGIC, PIECE, SALT, TAG, Opened, Sealing, Unreadable

KEY = b"k" * 32


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    target = io.BytesIO()
    sealing = Sealing(target, key)
    for begin in range(0, len(content), 700_001):
        sealing.write(content[begin : begin + 700_001])
    sealing.finish()
    return target.getvalue()


def opened(text: bytes, key: bytes = KEY) -> bytes:
    return Opened(io.BytesIO(text), key).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5])
def test_what_went_in_comes_out(size):
    content = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(content[:size])) == content[:size]


def test_nothing_of_the_content_is_to_be_seen_and_no_two_files_are_alike():
    one, two = sealed(b"Wang Meihua" * 1000), sealed(b"Wang Meihua" * 1000)
    assert b"Meihua" not in one
    assert one[len(MAGIC) + SALT :] != two[len(MAGIC) + SALT :]


HEAD = len(MAGIC) + SALT
WHOLE = sealed(b"x" * (2 * PIECE + 100))


@pytest.mark.parametrize(
    "damaged",
    [
        WHOLE[: HEAD + PIECE + TAG],  # cut off after a whole piece
        WHOLE[:-1],
        WHOLE[:HEAD],
        WHOLE + b"x",
        WHOLE[:HEAD] + WHOLE[HEAD + PIECE + TAG :],  # a piece left out
        WHOLE[:HEAD] + WHOLE[HEAD + PIECE + TAG : HEAD + 2 * (PIECE + TAG)] + WHOLE[HEAD:],  # one moved
        WHOLE[: HEAD + 5] + b"!" + WHOLE[HEAD + 6 :],
        WHOLE[: len(MAGIC)] + b"s" * SALT + WHOLE[HEAD:],
        b"something else",
        b"",
    ],
    # the bytes differ from process to process, and processes that share the suite must know tests by the same names
    ids=[
        "cut after a piece",
        "cut",
        "head only",
        "longer",
        "piece left out",
        "piece moved",
        "byte changed",
        "other salt",
        "something else",
        "nothing",
    ],
)
def test_anything_else_is_refused(damaged):
    with pytest.raises(Unreadable):
        opened(damaged)


def test_another_key_is_refused():
    with pytest.raises(Unreadable, match="another key"):
        opened(WHOLE, b"o" * 32)
