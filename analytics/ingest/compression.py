"""Compressed bytes as plain ones, in bounded time: what is no honest compression is refused."""

import bz2
import gzip
import struct
import zipfile
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO, cast

from analytics.errors import UnreadableFileError

DAMAGED = "the compressed file is damaged or cut off"

_MOST_LAYERS = 3
_START = 300  # bytes that tell what a file is
_FREE = 1 << 28  # bytes that may come of anything
_MOST_RATIO = 250  # beyond them: X12 shrinks to a tenth, one claim repeated to a hundredth
FAULTS = (
    EOFError,
    ValueError,  # of zipfile, as is the next
    NotImplementedError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
)
_OPENERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open}
_FOREIGN = (  # what begins so, and what to do about it
    (0, b"PK", "a zip archive or Office document from which no file can be taken"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (0, b"\xfd7zXZ\0", "compressed with xz: unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (0, b"Rar!", "a RAR archive: unpack it first"),
    (257, b"ustar", "a tar archive: unpack it first"),
    (0, b"-----BEGIN PGP", "encrypted or signed with PGP: decrypt it first"),
    (0, b"%PDF", "a PDF, not X12"),
    (0, b"\xd0\xcf\x11\xe0", "an Office document, not X12"),
)


def room(stored: int) -> int:
    """The bytes that may come of so many stored ones."""
    return max(_FREE, _MOST_RATIO * stored)


def is_bomb(size: int, compressed: int) -> bool:
    """Whether so many bytes from so few are more than data gives."""
    return size > _FREE and size > _MOST_RATIO * max(compressed, 1)


@contextmanager
def faults_said() -> Generator[None]:
    """Raise UnreadableFileError for whatever a decompressor finds wrong."""
    try:
        yield
    except FAULTS:
        raise UnreadableFileError(DAMAGED) from None
    except OSError as error:
        if error.errno is not None:  # of the disk, not of gzip or bzip2
            raise
        raise UnreadableFileError(DAMAGED) from None


class _Guarded:
    """A stream that is decompressed as it is read."""

    def __init__(self, stream: BinaryIO, stored: BinaryIO | None) -> None:
        self._stream, self._stored, self._count = stream, stored, 0

    def read(self, size: int = -1) -> bytes:
        with faults_said():
            block = self._stream.read(size)
            self._count += len(block)
            if self._stored and is_bomb(self._count, self._stored.tell()):
                raise UnreadableFileError(
                    f"it expands to more than {_MOST_RATIO} times its size: no X12 does"
                )
        return block

    def seek(self, place: int) -> None:
        with faults_said():
            self._stream.seek(place)
            self._count = place

    def tell(self) -> int:
        return self._count


def guarded(stream: BinaryIO) -> BinaryIO:
    """A stream whose faults come as UnreadableFileError."""
    return cast("BinaryIO", _Guarded(stream, None))


def expanded(stored: BinaryIO) -> BinaryIO:
    """The bytes without gzip or bzip2 around them.

    Raises UnreadableFileError, also later while they are read, for what is damaged, expands
    beyond measure, or is an archive or a document of another kind.
    """
    stream = stored
    for _ in range(_MOST_LAYERS + 1):
        start = stream.read(_START)
        stream.seek(0)
        opener = next((o for mark, o in _OPENERS.items() if start.startswith(mark)), None)
        if opener is None:
            _refuse_foreign(start)
            return stream
        stream = cast("BinaryIO", _Guarded(cast("BinaryIO", opener(stream)), stream))
    raise UnreadableFileError(f"it is compressed more than {_MOST_LAYERS} times over")


def _refuse_foreign(start: bytes) -> None:
    for place, mark, words in _FOREIGN:
        if start[place:].startswith(mark):
            raise UnreadableFileError(f"this is {words}")
