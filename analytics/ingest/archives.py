"""The files inside zip archives, and inside archives in them."""

import re
import stat
import zipfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeAlias, cast

from analytics.errors import HostileFileError, UnreadableFileError
from analytics.ingest.compression import faults_said, guarded, is_bomb, room

Places: TypeAlias = tuple[int, ...]  # which entry of the archive, of the archive in it, ...

_MARKS = (b"PK\x03\x04", b"PK\x05\x06")  # with entries, and without any
_MOST_DEPTH = 3
_MOST_INNER = 1 << 28  # bytes of an archive inside another, which is held in memory
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
_DRIVE = re.compile(r"[A-Za-z]:")
_OFFICE = "[Content_Types].xml"  # what a document that is a zip archive has


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive, by its first bytes.  False where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in _MARKS
    except OSError:
        return False


def members(path: Path) -> Iterator[tuple[str, Places]]:
    """Name and places of each file inside, in order; hidden ones and folders are left out.

    Raises HostileFileError for an archive made to do harm, of which nothing is read, and
    UnreadableFileError for one that is damaged or has no files.
    """
    return _members(path, (), _Room(room(path.stat().st_size)))


@dataclass(slots=True)
class _Room:
    """Bytes that all archives within a file may still come to."""

    left: int

    def take(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise HostileFileError("its files together expand beyond measure: no X12 does")


def _members(path: Path, places: Places, left: _Room) -> Iterator[tuple[str, Places]]:
    archive = _archive(path, places, _stamp(path))
    entries = archive.infolist()
    if not entries or any(entry.filename == _OFFICE for entry in entries):
        raise UnreadableFileError("the archive holds no files")
    _refuse_harm(entries, size(path, places) if places else path.stat().st_size)
    left.take(sum(entry.file_size for entry in entries))
    for number, entry in enumerate(entries):
        if not entry.is_dir() and not _is_hidden(entry.filename):
            here = (*places, number)
            inner = list(_inner(path, here, left)) if len(here) < _MOST_DEPTH else []
            for name, further in inner:
                yield f"{entry.filename}/{name}", further
            if not inner:
                yield entry.filename, here


def _inner(path: Path, places: Places, left: _Room) -> Iterator[tuple[str, Places]]:
    """What is inside an entry that is itself an archive; nothing where it is none, or damaged."""
    try:
        with opened(path, places) as stream:
            is_zip = stream.read(4) in _MARKS
        if is_zip:
            yield from _members(path, places, left)
    except HostileFileError:
        raise
    except UnreadableFileError:
        return  # said when the entry is read


def _refuse_harm(entries: Iterable[zipfile.ZipInfo], stored: int) -> None:
    """Raise HostileFileError for what honest archives do not have."""
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if ".." in name.parts or name.is_absolute() or _DRIVE.match(entry.filename):
            raise HostileFileError("a name in it leads out of the archive: it is refused whole")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise HostileFileError("it holds a symbolic link: it is refused whole")
    if sum(entry.compress_size for entry in entries) > stored:
        raise HostileFileError("its files overlap, to expand beyond measure: it is refused whole")


def size(path: Path, places: Places) -> int:
    """Bytes of an entry when decompressed."""
    return _entry(path, places)[1].file_size


@contextmanager
def opened(path: Path, places: Places) -> Generator[BinaryIO]:
    """The bytes of an entry.  Raises UnreadableFileError for what is damaged or encrypted."""
    archive, entry = _entry(path, places)
    if entry.flag_bits & 1:
        raise UnreadableFileError("it is encrypted inside its archive: decrypt it first")
    if entry.compress_type not in _READ:
        raise UnreadableFileError("it is compressed in a rare way: unpack its archive first")
    if is_bomb(entry.file_size, entry.compress_size):
        raise UnreadableFileError("it expands beyond measure: no X12 does")
    with faults_said():
        stream = archive.open(entry)
    with stream:
        yield guarded(cast("BinaryIO", stream))


def _entry(path: Path, places: Places) -> tuple[zipfile.ZipFile, zipfile.ZipInfo]:
    archive = _archive(path, places[:-1], _stamp(path))
    return archive, archive.infolist()[places[-1]]


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _archive(path: Path, places: Places, stamp: tuple[int, int]) -> zipfile.ZipFile:  # noqa: ARG001
    """An archive, kept open: its directory is read once for all its entries."""
    if not places:
        with faults_said():
            return zipfile.ZipFile(path)
    with opened(path, places) as stream:
        inner = stream.read(_MOST_INNER + 1)
    if len(inner) > _MOST_INNER:
        raise UnreadableFileError("an archive inside another is too large: unpack it first")
    with faults_said():
        return zipfile.ZipFile(BytesIO(inner))


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
