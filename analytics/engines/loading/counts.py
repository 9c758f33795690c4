"""The row of each file of a load in `source_file`, with counts and totals of what was written."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from analytics import parquet
from analytics.duck import once
from analytics.engines.loading.folder import Folder
from analytics.engines.loading.reading import Staged
from analytics.writer import Writer

_TABLE = "source_file"
_COLUMNS = (
    "file_id", "file_name", "sha256", "format", "byte_count", "loaded_at", "record_count",
)  # fmt: skip
_COUNTED = ("rejected", "claim", "claim_line", "remit_claim", "acknowledgement")


def write_files(
    folder: Folder,
    staged: Sequence[Staged],
    written: Mapping[str, Collection[str]],
    first: int,
    gone: Collection[int],
) -> dict[str, list[str]]:
    """Write the rows of files from number `first` on; gives the files of the table."""
    own = {table: [folder.own(table)] if table in written else [] for table in _COUNTED}
    with folder.shown(_COUNTED, own) as db:
        Writer(db.connection, first).finish(_told(folder, staged))
        files = folder.files(_TABLE)
        if gone:
            with folder.shown((_TABLE,)) as before:
                kept = before.connection.sql(
                    f"FROM {_TABLE} WHERE file_id NOT IN (SELECT unnest($gone))",
                    params={"gone": list(gone)},
                ).pl()
            once(db.connection, kept).insert_into(_TABLE)
            files = []
        file = folder.path / folder.own(_TABLE)
        file.touch(mode=0o600)
        parquet.copied(db.connection, f"SELECT * FROM {_TABLE}", file, "FORMAT parquet")
    return {_TABLE: [*files, folder.own(_TABLE)]}


def _told(folder: Folder, staged: Sequence[Staged]) -> pl.DataFrame:
    """What the tasks told of their files."""
    parts = [part.folder for part in staged if _TABLE in part.tables]
    files = [folder.staged / part / f"{_TABLE}.parquet" for part in parts]
    return pl.read_parquet(files, columns=list(_COLUMNS)).sort("file_id")
