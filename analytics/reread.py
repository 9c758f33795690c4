"""Files read a second time: an option kept sets of theirs out, and is now given otherwise."""

from collections.abc import Mapping
from typing import Any

import duckdb

from analytics import schema

_SHARED = ("patient", "payer", "provider")  # other files may refer to their rows

# A test interchange that only acknowledges (TA1) has no set: its record alone is kept out.
_KEPT_OUT = """
SELECT DISTINCT file_id FROM rejected
WHERE list_contains($files, file_id) AND file_id NOT IN (SELECT file_id FROM purged) AND (
    ($include_test AND rule = 'test_interchange')
    OR ($include_test AND rule = 'set_rejected' AND NOT EXISTS (
        SELECT 1 FROM transaction_set
        WHERE transaction_set.file_id = rejected.file_id AND status = 'rejected'))
    OR (NOT $strict AND rule = 'set_unbalanced'))
"""


def kept_out_by_option(
    connection: duckdb.DuckDBPyConnection, files: list[int], *, strict: bool, include_test: bool
) -> set[int]:
    """Those of the files of which these options would load more than was loaded.

    One of which something was purged is not read again: that would bring it back.
    """
    given: dict[str, Any] = {"files": files, "strict": strict, "include_test": include_test}
    return {file for (file,) in connection.execute(_KEPT_OUT, given).fetchall()}


def forget(connection: duckdb.DuckDBPyConnection, again: Mapping[int, int]) -> None:
    """Take out all rows of earlier readings, in the caller's transaction: old number to new one.

    People, payers and providers stay, as others may refer to them, and are now of the new reading:
    the bytes are the same, so their record numbers hold.
    """
    tables = [name for name, table in schema.tables().items() if "file_id" in table.column_names]
    for old, new in again.items():
        for table in tables:
            if table in _SHARED:
                text = f"UPDATE {table} SET file_id = $new WHERE file_id = $old"
                connection.execute(text, {"old": old, "new": new})
            else:
                connection.execute(f"DELETE FROM {table} WHERE file_id = $old", {"old": old})


def is_purged(connection: duckdb.DuckDBPyConnection, file: int) -> bool:
    """Whether a purge removed anything of that file."""
    found = connection.execute("SELECT 1 FROM purged WHERE file_id = $file", {"file": file})
    return bool(found.fetchall())
