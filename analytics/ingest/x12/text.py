"""A byte stream as blocks of UTF-8 text, whatever encoding it came in."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

_LOOK = 64  # bytes enough to see how a file without a byte order mark is encoded
_BOMS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, ""),
)
# Where the letter stands among the bytes of an ASCII character.
_WIDE = {(2, 0): "utf-16-le", (2, 1): "utf-16-be", (4, 0): "utf-32-le", (4, 3): "utf-32-be"}
_ESCAPED = 0xDC00  # what surrogateescape adds to a byte that is no UTF-8


def blocks(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """The stream in blocks of about `size` bytes: valid UTF-8, without byte order marks."""
    block = stream.read(max(size, _LOOK))
    decode = _decoder(block)
    while block:
        following = stream.read(size)
        if text := decode(block, final=not following):
            yield text
        block = following


class _Decoder:
    """Decodes blocks one after the other; keeps part of a character for the next block."""

    def __init__(self, encoding: str, skip: int) -> None:
        self._wide = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        self._skip = skip
        self._kept = b""

    def __call__(self, block: bytes, *, final: bool) -> bytes:
        block, self._skip = self._kept + block[self._skip :], 0
        if self._wide:
            block = self._wide.decode(block).encode("utf-8")  # half a character at the end is none
        elif block.isascii():
            self._kept = b""
            return block
        else:
            block = self._valid(block, final=final)
        # Files put behind one another bring each their own mark.
        return block.replace(codecs.BOM_UTF8, b"")

    def _valid(self, block: bytes, *, final: bool) -> bytes:
        """The block as UTF-8; a byte that is none is read as Latin-1, where each is a letter."""
        text, used = codecs.utf_8_decode(block, "surrogateescape", final)
        self._kept = block[used:]
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
            is_byte = (points >= _ESCAPED) & (points < _ESCAPED + 0x100)
            return (
                np.where(is_byte, points - _ESCAPED, points).tobytes().decode("utf-32-le").encode()
            )


def _decoder(start: bytes) -> _Decoder:
    """How to decode a file that starts so: by its mark, or by the NULs of wide characters."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return _Decoder(encoding, len(mark))
    look = start[:_LOOK]
    for (width, place), encoding in _WIDE.items():
        letters = look[place::width]
        is_wide = letters and len(letters) * width == len(look) and 0 not in letters
        if is_wide and look.count(0) == len(look) - len(letters):
            return _Decoder(encoding, 0)
    return _Decoder("", 0)
