"""What a folder knows of files that come: which were loaded before, and which are read again."""

from dataclasses import dataclass

from analytics.engines.loading.folder import Folder
from analytics.reread import kept_out_by_option


@dataclass(frozen=True, slots=True)
class Known:
    """Files of the folder by hash: read, noted as unreadable; those to be read once more."""

    files: dict[str, int]
    unread: dict[str, int]
    again: set[int]
    next_file: int


def known(folder: Folder, hashes: list[str], *, strict: bool, include_test: bool) -> Known:
    """Ask the folder for the files with these hashes."""
    with folder.shown() as db:
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
        last = db.connection.execute("SELECT coalesce(max(file_id), 0) FROM source_file")
        return Known(files, unread, again, 1 + int(last.fetchall()[0][0]))
