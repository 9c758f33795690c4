"""A de-identified copy: what can be asked of it, and what is refused before it is made."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from analytics import keys
from analytics.copies import deidentified
from analytics.database import Database
from analytics.deidentifying.copying import Treated
from analytics.deidentifying.plan import Plan, planned
from analytics.deidentifying.working import Making, detail
from analytics.errors import DatabaseError
from analytics.progress import Progress


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
    fingerprint = keys.fingerprint(pseudonym_key) if keep_fingerprint else None
    with Database(old, key=key, read_only=True) as db:  # open all along, so that none writes to it
        making = Making(old, out, (key, new_key), plan, _day_of(db), today or _today())
        told = making.run(pseudonym_key, fingerprint, drop=drop_unknown, progress=progress)
        db.trail.note("deidentify", files=[out.name], rows=told.rows, **detail(plan, fingerprint))
    return Deidentified(str(out), plan, told.rows, told.columns)


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


def _today() -> dt.date:
    return dt.datetime.now().astimezone().date()
