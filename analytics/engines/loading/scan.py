"""First look at the files, in tasks: their hashes, and where large ones can be cut."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from analytics.engines.loading import tasks
from analytics.engines.loading.groups import in_groups
from analytics.errors import UnreadableFileError
from analytics.feeding import feed_of, is_contract
from analytics.ingest.files import Source
from analytics.ingest.x12.pieces import Hashed, Piece, pieces
from analytics.maps import Map

_MOST_FILES = 500  # looked at by one task


@dataclass(frozen=True, slots=True)
class Scan:
    """What a first look tells: the hash or what is wrong, and the pieces of a large file."""

    sha256: str = ""
    problem: str = ""
    pieces: tuple[Piece, ...] = ()


def scan(session: Any, sources: list[Source], said: Map | None, size: int) -> dict[Source, Scan]:
    """Look at the files; those of more than two pieces of `size` bytes are cut, if they can be."""
    grouped = in_groups(sources, lambda source: source.byte_count, size, _MOST_FILES)
    whole = {source for source in sources if said and said.of(source.name)}
    answers = tasks.run(session, grouped, partial(_look_at, whole=whole, size=size))
    return {
        source: told
        for group, answer in zip(grouped, answers, strict=True)
        for source, told in zip(group, answer, strict=True)
    }


def _look_at(sources: list[Source], whole: set[Source], size: int) -> list[Scan]:
    return [_look(source, whole=source in whole, size=size) for source in sources]


def _look(source: Source, *, whole: bool, size: int) -> Scan:
    try:
        with source.open_stored() as stream:
            hashed = Hashed(stream)
            found = [] if whole or not _may_be_cut(source, size) else pieces(hashed, size)
            return Scan(hashed.hash(), "", tuple(found))
    except (OSError, UnreadableFileError) as error:
        return Scan(problem=getattr(error, "strerror", None) or str(error))


def _may_be_cut(source: Source, size: int) -> bool:
    """Whether it is a large file as it stands, of none of the kinds that are read whole."""
    is_plain = not source.places and source.kind not in (".csv", ".gz", ".bz2")
    is_packed = source.path.suffix.lower() in (".gz", ".bz2")
    if not is_plain or is_packed or source.byte_count <= 2 * size:
        return False
    return not is_contract(source) and feed_of(source) is None
