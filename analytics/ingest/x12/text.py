"""A byte stream as blocks of UTF-8 text, whatever encoding and line wrapping it came in."""

import codecs
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from analytics.errors import UnreadableFileError

_SAMPLE = 1 << 16  # enough to see how a file is encoded and wrapped
_SHORTEST_WRAP = 20  # no one wraps at fewer bytes; shorter lines are short segments


def blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The stream in blocks of about `size` bytes: valid UTF-8, no BOM, hard wraps undone."""
    block = _read(stream, size)
    decode = _decoder(block)
    unwrap = is_wrapped(decode(block[:_SAMPLE], final=False)) if block else False
    decode = _decoder(block)
    while block:
        following = _read(stream, size)
        text = decode(block, final=not following)
        yield text.translate(None, b"\r\n") if unwrap else text
        block = following


def _read(stream: BinaryIO, size: int) -> bytes:
    """The next bytes of a stream that may be compressed.  Raises UnreadableFileError."""
    try:
        return stream.read(size)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise UnreadableFileError("the compressed file is damaged or cut off") from error


def is_wrapped(text: bytes) -> bool:
    """Whether line ends stand at a fixed width, inside values, and so are not part of the data."""
    lines = [line.rstrip(b"\r") for line in text.rstrip(b"\r\n \0\x1a").split(b"\n")]
    *full, last = lines  # the last line is as long as the text is
    if len(full) < 2 or not _SHORTEST_WRAP <= len(full[0]) >= len(last):
        return False
    same_width = all(len(line) == len(full[0]) for line in full)
    # Segments of one width each on its own line would end alike, with the terminator.
    return same_width and len({line[-1:] for line in full}) > 1


class _Decoder:
    """Decodes blocks one after the other; keeps half a character for the next block."""

    def __init__(self, encoding: str, skip: int) -> None:
        self._utf16 = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._skip = skip
        self._kept = b""

    def __call__(self, block: bytes, *, final: bool) -> bytes:
        block, self._skip = self._kept + block[self._skip :], 0
        if self._utf16:
            block = self._utf16.decode(block, final).encode("utf-8")
            return block.replace(codecs.BOM_UTF8, b"")
        self._kept = b""
        if block.isascii():
            return block
        # Files put behind one another bring each their own BOM.
        return self._valid(block, final=final).replace(codecs.BOM_UTF8, b"")

    def _valid(self, block: bytes, *, final: bool) -> bytes:
        """The block as UTF-8; what is not, is read as Latin-1, in which every byte is a letter."""
        try:
            used = codecs.utf_8_decode(block, "strict", final)[1]
        except UnicodeDecodeError:
            return block.decode("latin-1").encode("utf-8")
        self._kept = block[used:]
        return block[:used]


def _decoder(start: bytes) -> _Decoder:
    """How to decode a file that starts so: by its BOM, or by the NULs of UTF-16 without one."""
    if start.startswith(codecs.BOM_UTF8):
        return _Decoder("", 3)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _Decoder("utf-16-le" if start[0] == 0xFF else "utf-16-be", 2)
    if start[1:2] == b"\0" and start[3:4] == b"\0":
        return _Decoder("utf-16-le", 0)
    if start[:1] == b"\0" and start[2:3] == b"\0":
        return _Decoder("utf-16-be", 0)
    return _Decoder("", 0)
