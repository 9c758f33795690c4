"""The whole database as a folder of Parquet files."""

from pathlib import Path

from analytics import facts, parquet
from analytics.database import Database
from analytics.exporting.place import placed
from analytics.progress import Progress, shown


def export_parquet(
    db: Database, folder: str | Path, *, progress: Progress | bool | None = None
) -> dict[str, int]:
    """Write each core table, and each fact in `facts/`, as Parquet; gives the rows of each.

    `Database.from_parquet` makes a database of the folder again.  Facts not built are left out.
    The folder and its files can be read by their owner only: `patient` names people.  `progress`
    is told tables done, tables in all and the next.  Raises AnalyticsError where the folder cannot
    be written to; it then has no `tables.json`, and is no whole export.
    """
    place = Path(folder)
    for each in (place, place / "facts"):  # the mode is that of the last folder made
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    (place / parquet.MANIFEST).unlink(missing_ok=True)
    built = sorted(facts.NAMES & _there(db))
    files = {name: place / f"{name}.parquet" for name in parquet.kept()}
    files |= {name: place / "facts" / f"{name}.parquet" for name in built}
    rows: dict[str, int] = {}
    with shown("exporting", progress) as tell:
        for name, path in files.items():
            tell(len(rows), len(files), name)
            with placed(path) as part:
                rows[name] = parquet.copy(db.connection, name, part)
        tell(len(files), len(files), "")
    with placed(place / parquet.MANIFEST) as part:
        part.write_text(parquet.manifest(rows), encoding="utf-8")
    db.trail.note("export parquet", files=[place.name], rows=sum(rows.values()))
    return rows


def _there(db: Database) -> set[str]:
    """Names of the tables and views of the database."""
    found = db.sql(
        "SELECT table_name AS name FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND table_schema = 'main'"
    )
    return set(found["name"])
