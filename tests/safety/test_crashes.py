"""Killed at any moment, a command leaves what was before it or what it makes, nothing between.

To hold a new command to this, add a line to `CASES`.  A purge, which is confirmed by a hash, has a
test of its own (`tests/test_purge_files.py`).
"""

import shutil
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from moments import Server
from seldom import seldom

from analytics import auditing
from analytics.database import Database
from analytics.errors import DatabaseError
from analytics.loader import load
from analytics.parquet import MANIFEST
from analytics.sample import write

pytestmark = pytest.mark.slow
KEY = "correct horse battery staple"
NEW_KEY = {"REVCYCLE_NEW_KEY": KEY}
SEED = 20261130
OWN = ("schema_info",)
OFTEN = ["load"]  # the others take minutes


def _totals(path: Path) -> dict[str, list]:
    """Rows and sums of amounts of each table and fact; whether the audit trail is whole."""
    with _opened(path) as db:
        assert auditing.verify(db.connection).is_whole
        found = {"key": [db.is_encrypted]}
        for table, columns in _tables(db):
            sums = "".join(f", sum({column})" for column in columns)
            found[table] = list(db.sql(f'SELECT count(*) AS n{sums} FROM "{table}"').row(0))
        return found


def _opened(path: Path) -> Database:
    """The database, to write as the next command does, under the key it has by now.

    What a killed report left running reads it for a second more, until it finds itself alone.
    """
    until = time.monotonic() + 30
    while True:
        for key in (None, KEY):
            with suppress(DatabaseError):
                return Database(path, key=key)
        assert time.monotonic() < until, "the database does not open"
        time.sleep(0.2)


def _tables(db: Database) -> list[tuple[str, list[str]]]:
    """Tables and their amounts; what a build left half made is its own to drop."""
    return [
        row
        for row in db.connection.execute(
            "SELECT table_name, coalesce(list(column_name) FILTER (data_type LIKE 'DECIMAL%'), []) "
            "FROM duckdb_columns() WHERE NOT internal AND database_name = current_database() "
            "AND NOT table_name LIKE '%_next' GROUP BY table_name ORDER BY table_name"
        ).fetchall()
        if row[0] not in OWN
    ]


def _files(folder: Path) -> dict[str, str]:
    """Hashes of the files in a folder by name; a hidden or half one is none."""
    if not folder.is_dir():
        return {}
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".part"
    }


def _of_database(folder: Path) -> object:
    return _totals(folder / "claims.duckdb")


def _of_report(folder: Path) -> object:
    return _files(folder / "reports"), _totals(folder / "claims.duckdb")["claim"]


def _of_export(folder: Path) -> object:
    """The rows of a folder, which is whole where its manifest is there, and else is none.

    Its bytes can differ, as two threads write them.
    """
    found = _files(folder / "all")
    if MANIFEST not in found:
        return {}
    rows = "SELECT count(*), bit_xor(hash(told)) FROM read_parquet($file) AS told"
    with Database() as db:
        return {
            name: db.connection.execute(rows, {"file": str(folder / "all" / name)}).fetchall()
            for name in found
            if name.endswith(".parquet")
        }


def _of_table(folder: Path) -> object:
    """Whether the workbook is whole; it tells when it was made, so its bytes differ."""
    return {
        name: zipfile.ZipFile(folder / "out" / name).testzip() is None
        for name in _files(folder / "out")
    }


def _of_page(folder: Path) -> object:
    """Whether the page is whole; it tells when it was made."""
    return {
        name: (folder / "out" / name).read_text("utf-8").rstrip().endswith("</html>")
        for name in _files(folder / "out")
    }


@dataclass(frozen=True)
class Case:
    """A command, how often it is killed, and what is looked at before and after it."""

    words: tuple[str, ...]
    times: int
    state: Callable[[Path], object] = _of_database
    environment: dict[str, str] = field(default_factory=dict)
    built: bool = True  # whether the facts are those of what is loaded when it begins


ON = ("--database", "claims.duckdb")
NUMBER = "RC0000001"  # of a claim of the sample
CASES = {
    "load": Case(("load", "new", *ON), 10),
    "load extract": Case(("load", "extracts/billing_export.csv", "--map", "map.toml", *ON), 6),
    "build": Case(("build", *ON), 12, built=False),
    "rekey": Case(("rekey", *ON), 6, environment=NEW_KEY),
    "retention hold": Case(("retention", "hold", "add", "--reason", "suit", "--all", *ON), 2),
    "export parquet": Case(("export", "parquet", "all", *ON), 4, _of_export),
    "export table": Case(("export", "table", "claim_outcome", "out/x.xlsx", *ON), 2, _of_table),
    "evidence": Case(("evidence", NUMBER, "-o", "out/claim.html", *ON), 3, _of_page),
    "report": Case(
        ("report", "data_quality", "-o", "reports", "-f", "html,xlsx", *ON), 8, _of_report
    ),
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """A folder with a database of older files, built, and with newer files to come."""
    folder = tmp_path_factory.mktemp("begun")
    write(folder / "sample", claims=150, months=4, with_truth=False)
    for name in ("new", "old", "out"):
        (folder / name).mkdir()
    x12 = sorted(path for path in (folder / "sample").rglob("*.edi") if "broken" not in path.parts)
    for path in x12:
        (path.rename(folder / ("new" if "2026-10" in path.name else "old") / path.name))
    extracts = folder / "sample" / "extracts"
    shutil.copytree(extracts, folder / "extracts", ignore=shutil.ignore_patterns("*.toml"))
    (folder / "map.toml").write_text(
        "".join(path.read_text() for path in sorted(extracts.glob("*.toml")))
    )
    with Database(folder / "claims.duckdb") as db:
        load(db, folder / "old", progress=False)
        db.build(progress=False)
    shutil.copy(folder / "claims.duckdb", folder / "built.duckdb")
    with Database(folder / "claims.duckdb") as db:
        load(db, folder / "new", progress=False)
    (folder / "claims.duckdb").rename(folder / "unbuilt.duckdb")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("server"))
    yield made
    made.close()


def _fresh(begun: Path, folder: Path, case: Case) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("new", "extracts", "out"):
        shutil.copytree(begun / name, folder / name)
    shutil.copy(begun / "map.toml", folder)
    shutil.copy(begun / f"{'' if case.built else 'un'}built.duckdb", folder / "claims.duckdb")
    return folder


@pytest.mark.parametrize(
    "name", seldom(sorted(CASES, key=lambda name: name not in OFTEN), len(OFTEN))
)
def test_killed_at_any_moment(name, begun, server, tmp_path):
    case = CASES[name]
    folder = _fresh(begun, tmp_path / "first", case)
    before = case.state(folder)
    whole = server.run(*case.words, folder=folder, **case.environment)
    assert whole.code in (0, 1), whole.said
    after = case.state(folder)
    assert before != after, "the command changes something"
    random, seen = Random(f"{SEED} {name}"), []  # noqa: S311
    for turn in range(case.times):
        folder = _fresh(begun, tmp_path / "next", case)
        # Evenly over the time it takes, none at the same share of it as another; the first early,
        # as the machine may have less to do by now.
        share = turn + random.random() * (1 if turn else 0.2)
        moment = whole.seconds * share / case.times
        ended = server.run(*case.words, after=moment, folder=folder, **case.environment)
        assert "Traceback" not in ended.said
        found = case.state(folder)
        assert found in (before, after), f"between, when killed after {moment:.2f} s"
        seen.append(found == before)
    assert any(seen), "it was killed before its end at least once"
    again = server.run(*case.words, folder=folder, **case.environment)
    assert again.code in (0, 1, 2), again.said
    left = [path.name for path in folder.rglob("*") if path.suffix in (".part", ".wal", ".tmp")]
    assert left == [], "the next command clears away what the killed one left"
