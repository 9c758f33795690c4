"""Where the tables of the Medicare Code Editor come from: a database, a folder, files."""

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import polars as pl

from analytics.database import Database
from analytics.errors import MissingReferenceError, UnreadableFileError
from analytics.ingest.published import Release, releases_in
from analytics.keys import key_given

FOLDER_VARIABLE = "REVCYCLE_REFERENCE"

_KINDS = ("mce_diagnosis", "mce_age_range", "mce_discharge_status")
_SUFFIXES = (".csv", ".txt", ".zip")
_LATEST = """
SELECT reference_id, effective_from, effective_to FROM reference_file
WHERE kind = $kind
ORDER BY effective_to DESC NULLS LAST, release DESC, loaded_at DESC
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class MceTables:
    """The editor's tables: of each the latest release, which holds all before it; or None.

    `starts` and `ends` are the first and last day of discharge that the diagnoses speak of.
    """

    diagnoses: pl.DataFrame | None = None
    ages: pl.DataFrame | None = None
    statuses: pl.DataFrame | None = None
    starts: dt.date = dt.date.max
    ends: dt.date = dt.date.min


Tables: TypeAlias = MceTables | Database | str | Path | Iterable[str | Path]


def mce_tables(source: Tables | None = None) -> MceTables:
    """The editor's tables that a source holds.

    Args:
        source: A `Database` they are loaded in, its file, a folder or the published files. Without
            it the folder or database that the environment variable REVCYCLE_REFERENCE names, else
            the folder ``revcycle/reference`` of the user's data.

    Raises:
        MissingReferenceError: There is none of them; the message says which file to load.
        UnreadableFileError: A file named is missing or broken, or what is given names none.
    """
    if isinstance(source, MceTables):
        return source
    if isinstance(source, Database):
        held = {kind: _held(source, kind) for kind in _KINDS}
        return _tables(held, source.path)
    path = _default() if source is None else source
    if isinstance(path, str | Path) and Path(path).suffix in (".duckdb", ".db"):
        with Database(path, key=key_given(), read_only=True) as db:
            db.lock_down()
            return mce_tables(db)
    files = list(_files(path, is_given=source is not None))
    latest: dict[str, Release | None] = dict.fromkeys(_KINDS)
    for release in sorted(_releases(files), key=_age):
        latest[release.kind] = release
    return _tables(latest, str(path) if isinstance(path, str | Path) else "the files named")


def _default() -> Path:
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "revcycle", "reference")


def _files(source: str | Path | Iterable[str | Path], *, is_given: bool) -> Iterator[Path]:
    if not isinstance(source, str | Path):
        try:
            yield from map(Path, source)
        except TypeError:
            raise UnreadableFileError(
                "tables are a database, a folder or files: name one, or a list of files"
            ) from None
    elif Path(source).is_dir():
        yield from sorted(
            path for path in Path(source).rglob("*") if path.suffix.lower() in _SUFFIXES
        )
    elif is_given:
        yield Path(source)


def _releases(files: Iterable[Path]) -> Iterator[Release]:
    """The editor's files among them; others may stand beside them."""
    for path in files:
        yield from (release for _, _, release in releases_in(path, _KINDS))


def _age(release: Release) -> tuple[dt.date, str]:
    return release.ends or dt.date.min, release.name


def _held(db: Database, kind: str) -> Release | None:
    for number, starts, ends in db.sql(_LATEST, kind=kind).iter_rows():
        text = f"SELECT * EXCLUDE (reference_id) FROM {kind} WHERE reference_id = $number"
        return Release(kind, "", starts, ends, db.sql(text, number=number))
    return None


def _tables(held: dict[str, Release | None], where: str) -> MceTables:
    if not any(held.values()):
        raise MissingReferenceError(
            f"no tables of the Medicare Code Editor in {where}: load its codes "
            "(mce_vNN_N_i10dx.csv), ages (mce_vNN_N_age_ranges.csv) and discharge status "
            "(mce_vNN_N_discharge_status.csv) with `revcycle reference load FILE...` and name "
            f"the database, or put them in a folder that {FOLDER_VARIABLE} names"
        )
    diagnoses, ages, statuses = (held[kind] for kind in _KINDS)
    return MceTables(
        diagnoses.rows if diagnoses else None,
        ages.rows if ages else None,
        statuses.rows if statuses else None,
        diagnoses.starts if diagnoses else dt.date.max,
        (diagnoses.ends or dt.date.max) if diagnoses else dt.date.min,
    )
