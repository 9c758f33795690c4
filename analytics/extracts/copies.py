"""A file where DuckDB's readers can read it: itself, or a copy that is gone when it is closed.

A copy is made of what is compressed, inside an archive, in another encoding than UTF-8, or has
lines that end in two ways.  On Linux it has no name, so that nothing stays of it after a crash.
"""

import codecs
import re
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from analytics.errors import UnreadableFileError
from analytics.ingest.files import Paths, Source, find

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED = (b"\x1f\x8b", b"BZh")
_GLOB = re.compile(r"[*?\[\]{}]")
_OPEN_FILES = Path("/proc/self/fd")
_LF, _CR = 10, 13
_BLANK_LINES = re.compile(rb"\n[ \t]*(?=\n)")


@contextmanager
def readable(
    source: Source, encoding: str | None = None, *, even_after: int | None = None
) -> Generator[str]:
    """The path of the file, as text in UTF-8, or of a copy.

    `even_after`: a copy whose lines all end in the same way and, after so many, none is blank.
    Raises `UnreadableFileError` for bytes that are none of the encoding, or OSError.
    """
    with source.open_stored() as stream:
        head = stream.read(4)
    encoding = encoding or next((name for bom, name in _BOMS if head.startswith(bom)), None)
    is_utf8 = encoding is None or codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    is_here = not source.places and not head.startswith(_PACKED)
    if is_here and is_utf8 and even_after is None and not _GLOB.search(str(source.path)):
        yield str(source.path)
        return
    with _nameless() as (copy, path):
        with source.open() if _is_text(source) else source.open_stored() as stream:
            blocks = _blocks(stream)
            blocks = blocks if is_utf8 else _in_utf8(blocks, str(encoding))
            for block in blocks if even_after is None else _evened(blocks, even_after):
                copy.write(block)
        copy.flush()
        yield path


def folders_read(paths: Paths) -> list[Path]:
    """The folders that DuckDB reads extracts from: theirs, and those of copies of them."""
    folders = {source.path.parent for source in find(paths)}
    return [*folders, Path(tempfile.gettempdir()), _OPEN_FILES]


def is_plain(path: str, delimiter: str, quote: str = '"') -> bool:
    """Whether a text has letters of ASCII alone, and cells that begin and end in spaces at most."""
    end = b"\n"
    with Path(path).open("rb") as stream:
        for block in _blocks(stream):
            if not block.isascii() or (delimiter != "\t" and b"\t" in block):
                return False
            text = end + block
            if _has_broken_end(text, delimiter, quote):
                return False
            end = text[-2:]
    return not _has_broken_end(end + b"\n", delimiter, quote)


def _has_broken_end(text: bytes, delimiter: str, quote: str) -> bool:
    """Whether a cell in quotes begins or ends with the end of a line."""
    if not quote or quote.encode() not in text:
        return False
    # A look at each byte and its neighbours takes a fifth of the time of a search for each pair.
    byte = np.frombuffer(text, np.uint8)
    breaks = (byte == _LF) | (byte == _CR) if b"\r" in text else byte == _LF
    beside = breaks[:-2] | breaks[2:]
    quotes = np.flatnonzero((byte[1:-1] == ord(quote)) & beside) + 1
    ends = breaks | (byte == ord(delimiter))
    broken = (breaks[quotes - 1] & ends[quotes + 1]) | (ends[quotes - 1] & breaks[quotes + 1])
    return bool(broken.any())


def _is_text(source: Source) -> bool:
    return source.kind not in (".xlsx", ".xlsm")


@contextmanager
def _nameless() -> Generator[tuple[BinaryIO, str]]:
    """A file to write to, and the path to read it by."""
    if _OPEN_FILES.is_dir():
        with tempfile.TemporaryFile() as copy:
            yield copy, str(_OPEN_FILES / str(copy.fileno()))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "extract")
        with path.open("wb") as copy:
            yield copy, str(path)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _in_utf8(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Text of another encoding.  Raises UnreadableFileError where bytes are none of it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise UnreadableFileError(
            f"its bytes are no text in {encoding}: is it another encoding?"
        ) from None


def _evened(blocks: Iterator[bytes], head: int) -> Iterator[bytes]:
    """The same with lines that end in a line feed and, after the first `head`, no blank ones.

    The last of these has the names; quotes above it go, as one would make a line of several.
    """
    rest = b""
    for block in blocks:
        whole = rest + block
        # What ends a block may go on in the next one, and a blank line have its end there.
        cut = len(whole[: max(whole.rfind(b"\n"), 0)].rstrip(b"\r\n\t "))
        ended, rest = _ends(whole[:cut]), whole[cut:]
        if head:
            lines = ended.split(b"\n", head)
            above, names = lines[: head - 1], lines[head - 1 : head]
            yield b"\n".join([*(each.replace(b'"', b"") for each in above), *names])
            ended = b"\n" + lines[head] if len(lines) > head else b""
            head = max(head - len(lines) + 1, 0)
        yield _BLANK_LINES.sub(b"", ended)
    yield _BLANK_LINES.sub(b"", _ends(rest))


def _ends(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
