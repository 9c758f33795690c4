"""An extract on its way into the database: staged and checked first, then appended.

All that can be worked out before the transaction is: DuckDB reads with one thread what its own
transaction wrote.  A crash leaves nothing, as temporary tables go with the process.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from analytics.errors import UnreadableFileError
from analytics.extracts import history, ragged, remits
from analytics.extracts.controls import Difference, differences
from analytics.extracts.hidden import check_hidden
from analytics.extracts.memory import bounded
from analytics.extracts.parts import staged_part, write_part
from analytics.extracts.reading import NUMBERED, Opened, check_size, in_parts, opened
from analytics.extracts.stage import TABLE, Raw, Stage, meets
from analytics.ingest.files import Source
from analytics.ingest.rules import REASONS
from analytics.maps import FileMap
from analytics.query import literal

_TABLES = (
    "extract_raw", NUMBERED, TABLE, "extract_replaced", "extract_provider",
    "extract_differing", "extract_faulty", "extract_fault", "extract_who_patient",
    "extract_who_subscriber", "extract_who_payer",
)  # fmt: skip


@dataclass(slots=True)
class Ready:
    """An extract ready to be written.  `read` and `loaded` count its rows, once written.

    `replaced` counts those of other files that went.
    """

    connection: duckdb.DuckDBPyConnection
    file: FileMap
    file_id: int
    held: Opened
    raw: Raw
    earlier: int | None
    read: int = 0
    loaded: int = 0
    replaced: int = 0
    ragged_rows: int = 0
    is_trailer_ragged: bool = False
    differences: list[Difference] = field(default_factory=list[Difference])
    alone: tuple[Stage, list[str]] | None = None  # the only part, made before the transaction

    def write(self) -> None:
        """Append all of it, in the caller's transaction."""
        connection = self.connection
        for number in range(len(self.file.parts)):
            stage, adding = self.alone or self._staged(number)
            self.replaced += history.take_out(connection, self.file_id)
            read, loaded = write_part(connection, stage, adding, self.file_id)
            self.read, self.loaded = self.read + read, self.loaded + loaded
        if self.alone is None:
            self._note_others()
        if self.ragged_rows:
            connection.execute(ragged.statement(self.file_id, self.file.parts[0].main))
        self.read += self.ragged_rows
        for difference in self.differences:
            self._note_difference(difference)
        columns = self.held.columns
        history.note(connection, self.file_id, self.file, columns, self.read, self.loaded)

    def stage(self) -> None:
        """Read the file: its only part, or, of several, its cells."""
        if len(self.file.parts) == 1:
            self.alone = self._staged(0)
            return
        self.raw = in_parts(self.connection, self.held.raw)
        if self._set_aside(self._count(NUMBERED)):
            ragged.make_room(self.connection, NUMBERED)
            self.raw = self.raw._replace(relation=NUMBERED)

    def is_ragged(self) -> bool:
        """Whether there are rows that the reader could not take apart."""
        return self.held.is_text and ragged.is_any(self.connection)

    def check_hidden(self) -> None:
        """Refuse a text that holds rows which were not read as such."""
        if self.held.is_text:
            table = TABLE if len(self.file.parts) == 1 else NUMBERED
            rows = self._count(table) + self.ragged_rows + self.is_trailer_ragged
            check_hidden(self.connection, self.held, self.file, rows)

    def check_totals(self, source: Source) -> None:
        """Hold what was read against the file's own totals."""
        controls = self.file.controls
        if not (controls.trailer or controls.file):
            return
        cells = ", ".join(f"c{place}" for place in range(self.raw.width))
        apart = "NOT coalesce(starts_with(c0, $trailer), FALSE)" if controls.trailer else "TRUE"
        found = self.connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {apart}) FROM {self.raw.relation} "
            f"WHERE coalesce({cells}) IS NOT NULL",
            {"trailer": controls.trailer} if controls.trailer else {},
        ).fetchall()[0]
        if found[0] - found[1] + self.is_trailer_ragged > 1:
            raise UnreadableFileError(f"several of its rows begin with {controls.trailer}")
        rows = found[1] + self.ragged_rows
        self.differences = list(differences(self.connection, source, self.file, self.held, rows))

    def _staged(self, number: int) -> tuple[Stage, list[str]]:
        where = None if len(self.file.parts) == 1 else self._where(number)
        return staged_part(
            self.connection,
            self.raw,
            self.file,
            number,
            self.held,
            (self.file_id, self.earlier),
            where,
            self._set_aside if where is None else None,
        )

    def _where(self, number: int) -> str:
        """The rows of a part: those that meet what it says and no part before it does."""
        own, *before = (
            meets(part.where, self.held.named)
            for part in (self.file.parts[number], *self.file.parts[:number])
        )
        return " AND ".join([own, *(f"NOT {condition}" for condition in before)])

    def _set_aside(self, count: int) -> bool:
        """Note the rows that could not be taken apart; gives whether there are any."""
        check_size(count)
        if self.is_ragged():
            file, path = self.file, self.held.path
            collected = ragged.collect(self.connection, file, path, count)
            self.ragged_rows, self.is_trailer_ragged = collected
        return self.ragged_rows > 0

    def _count(self, table: str, condition: str = "TRUE") -> int:
        query = f"SELECT count(*) FROM {table} WHERE {condition}"
        return int(self.connection.execute(query).fetchall()[0][0])

    def _note_others(self) -> None:
        """Rows that are of no part."""
        none = " AND ".join(f"NOT {meets(p.where, self.held.named)}" for p in self.file.parts)
        if self.file.controls.trailer:
            none += (
                f" AND NOT coalesce(starts_with(c0, {literal(self.file.controls.trailer)}), FALSE)"
            )
        cells = ", ".join(f"c{place}" for place in range(self.raw.width))
        rule, own = "row_not_mapped", f"file_id = {self.file_id}"
        columns = ", ".join(dict.fromkeys(name for p in self.file.parts for name in p.where))
        before = self._count("rejected", own)
        self.connection.execute(
            f"INSERT INTO rejected BY NAME SELECT {self.file_id} AS file_id, record_no, "
            f"'{self.file.parts[0].main}' AS table_name, 'rejected' AS severity, "
            f"'{rule}' AS rule, $reason AS reason, $columns AS column_name "
            f"FROM {self.raw.relation} WHERE {none} AND coalesce({cells}) IS NOT NULL",
            {"reason": REASONS[rule], "columns": columns},
        )
        self.read += self._count("rejected", own) - before

    def _note_difference(self, found: Difference) -> None:
        reason = f"{REASONS[found.rule]}: it says {found.said:,}, read were {found.found:,}"
        self.connection.execute(
            f"INSERT INTO rejected BY NAME SELECT {self.file_id} AS file_id, 0 AS record_no, "
            "'source_file' AS table_name, 'warning' AS severity, $rule AS rule, "
            "$reason AS reason, $column AS column_name",
            {"rule": found.rule, "reason": reason, "column": found.column},
        )


@contextmanager
def ready(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    file: FileMap,
    file_id: int,
    *,
    earlier: int | None = None,
    accept_columns: bool = False,
) -> Generator[Ready]:
    """Read and check an extract; what it gives writes it.  `earlier`: its reading to be replaced.

    Raises `UnreadableFileError` where the file as a whole is refused; nothing is changed then.
    """
    before = None if accept_columns else history.columns_before(connection, file.name)
    with bounded(connection):
        try:
            for even in (False, True):
                ragged.forget(connection)
                with opened(connection, source, file, before, even=even) as held:
                    found = Ready(connection, file, file_id, held, held.raw, earlier)
                    if _is_read(found, source, even=even):
                        break
            yield found
        finally:
            _forget(connection)


def _is_read(found: Ready, source: Source, *, even: bool) -> bool:
    """Stage the file; False where an even copy of it should be read instead."""
    may_retry = found.held.is_text and not even
    try:
        found.stage()
        if may_retry and found.is_ragged():
            return False
        found.check_hidden()
        found.check_totals(source)
    except duckdb.InvalidInputException:
        if not may_retry:
            raise UnreadableFileError("it is no readable delimited text") from None
        return False
    return True


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    ragged.forget(connection)
    remits.forget(connection)
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
