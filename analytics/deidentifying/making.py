"""The copy as a whole: checked before, made under another name, put in its place at the end."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from analytics import __version__, codes, keys
from analytics.auditing import Entry, append
from analytics.auditing.entry import canonical
from analytics.connection import attach, connect, private, said
from analytics.copies import deidentified
from analytics.database import Database
from analytics.deidentifying import people, pseudonyms
from analytics.deidentifying.copying import NEW, OLD, Copier, Treated
from analytics.deidentifying.plan import Plan, planned
from analytics.deidentifying.standing import check, standing
from analytics.duck import now, transaction
from analytics.errors import DatabaseError
from analytics.progress import Progress, shown


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A copy made: what it is, its rows, and what became of each column that a rule changed."""

    path: str
    plan: Plan
    rows: int
    columns: Sequence[Treated]

    @property
    def frame(self) -> pl.DataFrame:
        """One row per column changed: table, column, rule, values, replaced, removed."""
        schema = {"table": pl.String, "column": pl.String, "rule": pl.String}
        counts = dict.fromkeys(("values", "replaced", "removed"), pl.Int64)
        return pl.DataFrame([asdict(one) for one in self.columns], schema | counts)


def deidentify(
    source: str | Path,
    target: str | Path,
    level: str,
    *,
    pseudonym_key: str,
    dates: str | None = None,
    hide_providers: bool = False,
    small_areas: Sequence[str] | None = None,
    key: str | None = None,
    new_key: str | None = None,
    keep_fingerprint: bool = True,
    replace: bool = False,
    drop_unknown: bool = False,
    today: dt.date | None = None,
    progress: Progress | bool | None = None,
) -> Deidentified:
    """Write a de-identified copy of the database at `source`, facts included, to `target`.

    `level` is "limited" (45 CFR 164.514(e)) or "safe-harbor" (164.514(b)(2)); `dates` "keep"
    (limited only), "shift" by person, or "year".  `pseudonym_key` makes the pseudonyms: equal keys
    give equal ones.  `small_areas` are first three digits of ZIP codes to become 000.  `key` opens
    the source, `new_key` encrypts the copy.  `today` is the day that ages are grouped by.

    The copy is whole or not there; its rows are those of the original.  A line is in the audit
    trails of both.  Raises DatabaseError: facts not of all that is loaded, something unknown in it
    (left out with `drop_unknown`), something at `target` (taken away with `replace`); and
    UnknownNameError for a level or way with dates that there is not.
    """
    plan = planned(level, dates, hide_providers=hide_providers, small=small_areas)
    old, out = Path(source), Path(target)
    _check(old, out, pseudonym_key, replace=replace)
    with Database(old, key=key, read_only=True) as db:
        as_of = _day_of(db)
    part = out.with_name(f"{out.name}.part")
    _remove(part)
    fingerprint = keys.fingerprint(pseudonym_key) if keep_fingerprint else None
    try:
        with private(str(part)):
            Database(part, key=new_key).close()
            made = _Making(old, part, (key, new_key), plan, as_of, today or _today())
            told = made.run(pseudonym_key, fingerprint, drop=drop_unknown, progress=progress)
        part.replace(out)
    except duckdb.Error as error:  # its message may quote values
        text = said(str(old), str(error), encrypted=key is not None)
        raise DatabaseError(f"no copy was made ({type(error).__name__}): {text}") from None
    except OSError as error:
        raise DatabaseError(f"{out} cannot be written: {error.strerror}") from None
    finally:
        _remove(part)
    with Database(old, key=key, read_only=True) as db:
        db.trail.note("deidentify", files=[out.name], rows=told.rows, **_detail(plan, fingerprint))
    return Deidentified(str(out), plan, told.rows, told.columns)


@dataclass(frozen=True, slots=True)
class _Told:
    rows: int
    columns: Sequence[Treated]


class _Making:
    """The work on a connection of its own, with both databases attached."""

    def __init__(
        self,
        old: Path,
        part: Path,
        both: tuple[str | None, str | None],
        plan: Plan,
        as_of: dt.date,
        today: dt.date,
    ) -> None:
        self.old, self.part, self.both = old, part, both
        self.plan, self.as_of, self.today = plan, as_of, today

    def run(
        self, key: str, fingerprint: str | None, *, drop: bool, progress: Progress | bool | None
    ) -> _Told:
        connection = connect(":memory:")
        try:
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
        finally:
            connection.close()

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
                detail=canonical(_detail(self.plan, fingerprint)),
                key_fingerprint=keys.fingerprint(new_key) if new_key else None,
            )
            append(connection, entry, NEW)
        connection.execute("USE memory.main")
        connection.execute(f"CHECKPOINT {NEW}")
        connection.execute(f"DETACH {NEW}")


def _copied(copier: Copier, extra: list[str], tell: Progress) -> _Told:
    rows, treated, tables = 0, list[Treated](), copier.tables
    for done, table in enumerate(tables):
        tell(done, len(tables), table)
        rows += copier.copy(table)
        treated += copier.treated(table)
    copier.views()
    tell(len(tables), len(tables), "")
    return _Told(rows, [one for one in treated + copier.left_out(extra) if one.values])


def _check(old: Path, out: Path, key: str, *, replace: bool) -> None:
    """Raises DatabaseError where the copy cannot be, or must not be, made there."""
    if len(key) < keys.SHORTEST:
        raise DatabaseError(
            f"the pseudonym key has under {keys.SHORTEST} letters: too easy to guess"
        )
    if not out.parent.is_dir():
        raise DatabaseError(f"the folder {out.parent} does not exist")
    if out.exists() and old.exists() and out.samefile(old):
        raise DatabaseError("the copy would take the place of the original: name another file")
    if out.is_dir():
        raise DatabaseError(f"{out} is a folder, not a database file")
    if out.exists() and not replace:
        raise DatabaseError(f"{out} is there already: name a new file, or give --replace")


def _day_of(db: Database) -> dt.date:
    """The as-of day of a database that a copy can be made of; else raises DatabaseError."""
    if deidentified(db.connection):
        raise DatabaseError(f"{db.path} is a de-identified copy: make another of the original")
    if not db.is_fresh:
        raise DatabaseError(
            "the facts go along, and are not all, or not of all that is loaded: run revcycle build"
        )
    return db.as_of or dt.date.min


def _detail(plan: Plan, fingerprint: str | None) -> dict[str, Any]:
    return {
        "level": plan.level,
        "dates": plan.dates,
        "is_provider_hidden": plan.hide_providers,
        "pseudonym_key_fingerprint": fingerprint,
    }


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def _remove(part: Path) -> None:
    for file in (part, part.with_name(f"{part.name}.wal")):
        file.unlink(missing_ok=True)
