"""Which files there are to load: folders, globs, archives; each opened as a plain byte stream."""

import glob
import hashlib
import stat
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO, TypeAlias

from analytics.errors import HostileFileError, UnreadableFileError
from analytics.ingest import archives
from analytics.ingest.compression import expanded

Paths: TypeAlias = str | Path | Sequence[str | Path]

IGNORE_FILE = ".revcycleignore"

_LEADS_OUT = (
    "a symbolic link that leads out of the folder: name the file that it leads to, if it is meant"
)
_BLOCK = 1 << 20
_COMPRESSED = (".gz", ".bz2")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or one member of a zip archive."""

    path: Path
    member: str = ""
    places: archives.Places = ()  # which entry of the archive, and of archives inside it
    problem: str = ""  # why nothing of it is read

    @property
    def name(self) -> str:
        """The file's name without folders; a member behind the name of its archive."""
        name = f"{self.path.name}/{self.member}" if self.member else self.path.name
        # Names are any bytes: what cannot be printed or stored is shown as a question mark.
        return "".join(c if c.isprintable() else "?" for c in name)

    @property
    def kind(self) -> str:
        """The suffix that says what is inside, in lower case, compression left out."""
        inner = Path(self.member or self.path.name)
        is_packed = inner.suffix.lower() in _COMPRESSED
        return (inner.with_suffix("") if is_packed else inner).suffix.lower()

    @property
    def byte_count(self) -> int:
        """Size as stored (of the member, inside an archive); 0 where it cannot be told."""
        try:
            if self.places:
                return archives.size(self.path, self.places)
            return self.path.stat().st_size
        except (OSError, UnreadableFileError):
            return 0

    @contextmanager
    def open_stored(self) -> Generator[BinaryIO]:
        """The bytes as stored.  Raises UnreadableFileError or OSError."""
        if self.problem:
            raise UnreadableFileError(self.problem)
        if self.places:
            with archives.opened(self.path, self.places) as stream:
                yield stream
        elif self.path.exists() and not self.path.is_file():
            raise UnreadableFileError("not a file that can be read twice: a folder, pipe or device")
        else:
            with self.path.open("rb") as stream:
                yield stream

    @contextmanager
    def open(self) -> Generator[BinaryIO]:
        """The bytes, decompressed.  Raises UnreadableFileError or OSError, also while reading."""
        with self.open_stored() as stored:
            yield expanded(stored)

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
    Archives made to do harm, and links within a folder that lead out of it, can be found, not read.
    Raises UnreadableFileError where a path or glob names nothing.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: dict[Source, None] = {}
    for path in given:
        for file in _files(path):
            found |= dict.fromkeys(_members(file))
    return list(found)


def _files(path: str | Path) -> Iterator[Source]:
    """The files that one path, folder or glob names."""
    known = Path(path)
    try:
        if known.is_dir():
            yield from _walk(known)
        elif known.exists():
            yield Source(known)
        else:
            yield from _matching(path)
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror}") from None


def _matching(path: str | Path) -> Iterator[Source]:
    """The files that a glob names."""
    # Path.glob cannot begin at another root than its own.
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207
    if not matches:
        raise UnreadableFileError(f"no such file or folder: {path}")
    for match in map(Path, matches):
        yield from _walk(match) if match.is_dir() else [Source(match)]


def _walk(folder: Path) -> Iterator[Source]:
    """All files below a folder, each folder once, without hidden and ignored ones."""
    waiting, seen, home = [folder], set[tuple[int, int]](), folder.resolve()
    while waiting:
        path = waiting.pop()
        try:
            known = path.stat()
            if path != folder and path.is_symlink() and not path.resolve().is_relative_to(home):
                yield Source(path, problem=_LEADS_OUT)
            elif not stat.S_ISDIR(known.st_mode):
                yield Source(path)
            elif (known.st_dev, known.st_ino) not in seen:  # a link may lead back
                seen.add((known.st_dev, known.st_ino))
                waiting += sorted(_shown(path), reverse=True)
        except OSError:
            yield Source(path)  # to be named among what could not be read


def _shown(folder: Path) -> list[Path]:
    """What is in a folder, without hidden and ignored names."""
    ignored = _ignored(folder)
    return [
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and not any(fnmatch(path.name, p) for p in ignored)
    ]


def _ignored(folder: Path) -> list[str]:
    """The patterns of the folder's ignore file: one a line, # for remarks."""
    file = folder / IGNORE_FILE
    lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    return [line.strip().rstrip("/") for line in lines if line.strip() and line[:1] != "#"]


def _members(source: Source) -> list[Source]:
    """The file itself, or the members of a zip archive."""
    path = source.path
    if source.problem or not path.is_file() or not archives.is_archive(path):
        return [source]
    try:
        found = [Source(path, name, places) for name, places in archives.members(path)]
    except HostileFileError as error:
        return [Source(path, problem=str(error))]
    except (OSError, UnreadableFileError):
        found = []
    return found or [source]  # what is wrong is said when it is read
