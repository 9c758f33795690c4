"""What a folder knows of files that come: which were loaded before, and which are read again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from analytics.copies import check_loading
from analytics.database import Database
from analytics.engines.loading.folder import Folder
from analytics.errors import DatabaseError
from analytics.maps import FileMap
from analytics.reread import kept_out_by_option

_ASKED = (
    "source_file", "extract_file", "rejected", "transaction_set", "purged", "deidentified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """Files of the folder by hash: read, noted as unreadable; those to be read once more."""

    files: dict[str, int]
    unread: dict[str, int]
    again: set[int]
    extracts: dict[tuple[str, str], tuple[int, str]]  # by map and hash: number, version of the map
    next_file: int


def known(folder: Folder, hashes: list[str], *, strict: bool, include_test: bool) -> Known:
    """Ask the folder for the files with these hashes."""
    with folder.shown(_ASKED) as db:
        check_loading(db.connection, str(folder.path))
        found = db.connection.execute(
            "SELECT sha256, file_id, format FROM source_file "
            "WHERE sha256 IN (SELECT unnest($hashes))",
            {"hashes": hashes},
        ).fetchall()
        files = {sha256: file for sha256, file, kind in found if kind != "unreadable"}
        unread = {sha256: file for sha256, file, kind in found if kind == "unreadable"}
        again = kept_out_by_option(
            db.connection, list(files.values()), strict=strict, include_test=include_test
        )
        ((last,),) = db.connection.execute(
            "SELECT coalesce(max(file_id), 0) FROM source_file"
        ).fetchall()
        return Known(files, unread, again, _extracts(db), 1 + int(last))


def _extracts(db: Database) -> dict[tuple[str, str], tuple[int, str]]:
    found = db.connection.execute(
        "SELECT map_name, sha256, file_id, map_version "
        "FROM extract_file JOIN source_file USING (file_id) "
        "WHERE format <> 'unreadable' ORDER BY file_id"
    ).fetchall()
    return {(name, sha256): (file, version) for name, sha256, file, version in found}


def check_extracts(folder: Folder, files: Iterable[FileMap], gone: Collection[int]) -> None:
    """Raise DatabaseError where a new file of a map could take out rows of the folder."""
    names = [file.name for file in files if file.mode == "replace_period"]
    with folder.shown(("extract_file",)) as db:
        found = db.connection.execute(
            "SELECT DISTINCT map_name FROM extract_file WHERE map_name IN (SELECT unnest($names)) "
            "AND file_id NOT IN (SELECT unnest(CAST($gone AS BIGINT[]))) ORDER BY 1",
            {"names": names, "gone": list(gone)},
        ).fetchall()
    if found:
        raise DatabaseError(
            f"the folder holds rows of {found[0][0]!r}, whose map replaces periods: what a new "
            "file takes out is found in a database only. Load it there (Database.from_parquet), "
            "and export that"
        )
