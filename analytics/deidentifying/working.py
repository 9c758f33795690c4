"""The work: made under another name, whole, and then put in its place."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from analytics import __version__, codes, keys
from analytics.auditing import Entry, append
from analytics.auditing.entry import canonical
from analytics.connection import attach, connect, private, remove
from analytics.database import Database
from analytics.deidentifying import people, pseudonyms
from analytics.deidentifying.copying import NEW, OLD, Copier, Treated
from analytics.deidentifying.plan import Plan
from analytics.deidentifying.standing import check, standing
from analytics.duck import now, transaction
from analytics.errors import DatabaseError
from analytics.progress import Progress, shown
from analytics.rewriting import put_in_place


@dataclass(frozen=True, slots=True)
class Told:
    """Rows copied, and what became of columns."""

    rows: int
    columns: Sequence[Treated]


class Making:
    """The work on a connection of its own, with both databases attached."""

    def __init__(
        self,
        old: Path,
        out: Path,
        both: tuple[str | None, str | None],
        plan: Plan,
        as_of: dt.date,
        today: dt.date,
    ) -> None:
        self.old, self.out, self.both = old, out, both
        self.part = out.with_name(f"{out.name}.part")
        self.plan, self.as_of, self.today = plan, as_of, today

    def run(
        self, key: str, fingerprint: str | None, *, drop: bool, progress: Progress | bool | None
    ) -> Told:
        """Make the copy and put it in its place; leave nothing where that fails."""
        if Path(f"{self.out}.wal").exists():  # a crash between two steps would leave it to the copy
            raise DatabaseError(f"{self.out} is in use, or a crash left its log: open it once")
        remove(self.part)
        try:
            with private(str(self.part)):
                Database(self.part, key=self.both[1]).close()
                with closing(connect(":memory:")) as connection:
                    told = self._made(connection, key, fingerprint, drop=drop, progress=progress)
            put_in_place(self.part, self.out)
        except duckdb.Error as error:  # its message may quote values
            is_full = isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException)
            why = "is the disk or the memory full?" if is_full else type(error).__name__
            raise DatabaseError(f"no copy was made of {self.old}: {why}") from None
        except OSError as error:
            raise DatabaseError(f"{self.out} cannot be written: {error.strerror}") from None
        finally:
            remove(self.part)
        return told

    def _made(
        self,
        connection: duckdb.DuckDBPyConnection,
        key: str,
        fingerprint: str | None,
        *,
        drop: bool,
        progress: Progress | bool | None,
    ) -> Told:
        attach(connection, str(self.old), OLD, key=self.both[0], read_only=True)
        attach(connection, str(self.part), NEW, key=self.both[1])
        # After that: what is spilled is encrypted where one of both is.
        connection.execute("SET temp_directory = $folder", {"folder": f"{self.old}.tmp"})
        connection.execute("SET preserve_insertion_order = false")
        found = standing(connection, OLD)
        extra = check(found, drop=drop)
        self._ready(connection, key)
        copier = Copier(connection, self.plan, found)
        with shown("de-identifying", progress) as tell:
            told = _copied(copier, extra, tell)
        self._finish(connection, told.rows, fingerprint)
        return told

    def _ready(self, connection: duckdb.DuckDBPyConnection, key: str) -> None:
        pseudonyms.ready(connection, key)
        connection.execute("SET VARIABLE as_of = CAST($day AS DATE)", {"day": self.as_of})
        year = max(self.as_of, self.today).year
        connection.execute("SET VARIABLE this_year = CAST($year AS INTEGER)", {"year": year})
        people.ready(connection)

    def _finish(
        self, connection: duckdb.DuckDBPyConnection, rows: int, fingerprint: str | None
    ) -> None:
        """Say in the copy what it is, and close it."""
        connection.execute(f"USE {NEW}.main")
        with transaction(connection):
            _, told = codes.in_use(connection)
            connection.execute("UPDATE build_info SET code_map = $told", {"told": told})
            connection.execute(
                "INSERT INTO deidentified VALUES ($level, $dates, $hidden, $key, $version, $now)",
                {
                    "level": self.plan.level,
                    "dates": self.plan.dates,
                    "hidden": self.plan.hide_providers,
                    "key": fingerprint,
                    "version": __version__,
                    "now": now(),
                },
            )
            new_key = self.both[1]
            entry = Entry(
                command="deidentify",
                row_count=rows,
                detail=canonical(detail(self.plan, fingerprint)),
                key_fingerprint=keys.fingerprint(new_key) if new_key else None,
            )
            append(connection, entry, NEW)
        connection.execute("USE memory.main")
        connection.execute(f"CHECKPOINT {NEW}")
        connection.execute(f"DETACH {NEW}")


def _copied(copier: Copier, extra: list[str], tell: Progress) -> Told:
    rows, treated, tables = 0, list[Treated](), copier.tables
    for done, table in enumerate(tables):
        tell(done, len(tables), table)
        rows += copier.copy(table)
        treated += copier.treated(table)
    copier.views()
    tell(len(tables), len(tables), "")
    return Told(rows, [one for one in treated + copier.left_out(extra) if one.values])


def detail(plan: Plan, fingerprint: str | None) -> dict[str, Any]:
    """What the trails say of a copy."""
    return {
        "level": plan.level,
        "dates": plan.dates,
        "is_provider_hidden": plan.hide_providers,
        "pseudonym_key_fingerprint": fingerprint,
    }
