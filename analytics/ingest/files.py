"""Which files there are to load: folders, globs, archives; each opened as a plain byte stream."""

import glob
import gzip
import hashlib
import zipfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from analytics.errors import UnreadableFileError

Paths: TypeAlias = str | Path | Sequence[str | Path]

IGNORE_FILE = ".revcycleignore"

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or one member of a zip archive."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """The file's name without folders; a member behind the name of its archive."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def kind(self) -> str:
        """The suffix that says what is inside, in lower case, compression left out."""
        inner = Path(self.member or self.path.name)
        return (inner.with_suffix("") if inner.suffix.lower() == ".gz" else inner).suffix.lower()

    @property
    def byte_count(self) -> int:
        """Size as stored (of the member, inside an archive)."""
        if self.member:
            with zipfile.ZipFile(self.path) as archive:
                return archive.getinfo(self.member).file_size
        return self.path.stat().st_size

    @contextmanager
    def open_stored(self) -> Generator[BinaryIO]:
        """The bytes as stored."""
        with ExitStack() as stack:
            if self.member:
                archive = stack.enter_context(zipfile.ZipFile(self.path))
                yield cast("BinaryIO", stack.enter_context(archive.open(self.member)))
            else:
                yield stack.enter_context(self.path.open("rb"))

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """The bytes, decompressed."""
        with self.open_stored() as stored:
            is_gzip = stored.read(2) == b"\x1f\x8b"
            stored.seek(0)
            if not is_gzip:
                yield stored
                return
            with gzip.open(stored) as stream:
                yield cast("BinaryIO", stream)

    def sha256(self) -> str:
        """Hash of the bytes as stored."""
        digest = hashlib.sha256()
        with self.open_stored() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()


def find(paths: Paths) -> list[Source]:
    """The files under these paths, globs and folders, in the order of their names.

    Names that a ``.revcycleignore`` in a folder lists are left out there, hidden files everywhere.
    Raises UnreadableFileError where a path or glob names nothing.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: dict[Source, None] = {}
    for path in given:
        for file in _files(path):
            found |= dict.fromkeys(_members(file))
    return list(found)


def _files(path: str | Path) -> Iterator[Path]:
    """The files that one path, folder or glob names."""
    known = Path(path)
    if known.is_dir():
        yield from _walk(known)
    elif known.exists():
        yield known
    else:
        # Path.glob cannot begin at another root than its own.
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207
        if not matches:
            raise UnreadableFileError(f"no such file or folder: {path}")
        for match in matches:
            yield from _files(match)


def _walk(folder: Path) -> Iterator[Path]:
    """All files below a folder, without hidden and ignored ones."""
    ignored = _ignored(folder)
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _ignored(folder: Path) -> list[str]:
    """The patterns of the folder's ignore file: one a line, # for remarks."""
    file = folder / IGNORE_FILE
    lines = file.read_text().splitlines() if file.is_file() else []
    return [line.strip().rstrip("/") for line in lines if line.strip() and line[:1] != "#"]


def _members(path: Path) -> list[Source]:
    """The file itself, or the members of a zip archive."""
    if path.suffix.lower() != ".zip":
        return [Source(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            return [Source(path, i.filename) for i in archive.infolist() if not i.is_dir()]
    except zipfile.BadZipFile as error:
        raise UnreadableFileError(f"{path.name} is not a readable zip archive") from error
