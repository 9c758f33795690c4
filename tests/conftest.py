"""Worlds drawn as tables, and databases built from them."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from drawing import CODES, FEED, SAMPLE, OnDemand, draw

from analytics.database import Database
from analytics.loader import load
from analytics.query import identifier

try:
    import fcntl
except ImportError:  # not POSIX: each process makes its own
    fcntl = None

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Database], None]:
    """What makes a new database by copying one made before."""
    path = tmp_path_factory.mktemp("made") / "once.duckdb"
    with Database(path) as db:
        tables = db.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        filled = [name for (name,) in tables if db.connection.execute(f"FROM {name}").fetchone()]

    def copy(db: Database) -> None:
        run = db.connection.execute
        ((name,),) = run("SELECT current_database()").fetchall()
        run(f"ATTACH '{path}' AS made_once (READ_ONLY)")
        run(f"COPY FROM DATABASE made_once TO {identifier(name)} (SCHEMA)")
        for table in filled:  # most hold nothing, and to copy that takes as long
            run(f"INSERT INTO {table} FROM made_once.{table}")
        run("DETACH made_once")

    return copy


@pytest.fixture(scope="session", autouse=True)
def copied(copy: Callable[[Database], None]) -> Iterator[Callable[[Database], None]]:
    """New databases are copies: stating 700 comments took a fifth of the time of a world.

    Gives what makes one anew, for the tests of that.
    """
    with pytest.MonkeyPatch.context() as patch:
        made = Database._create
        patch.setattr(Database, "_create", copy)
        yield made


@pytest.fixture(scope="session")
def db() -> Iterator[Database]:
    """The sample with its facts, to be read only; modules that need another have their own.

    It is edited by invented tables of codes, its coders reviewed and a third of its members told of
    by a payer's feed, as none comes with the library.
    """
    with Database() as db:
        load(db, SAMPLE)
        db.connection.execute(CODES)
        db.connection.execute(FEED)
        db.build()
        yield db


@pytest.fixture(scope="session")
def empty() -> Iterator[Database]:
    """Facts of nothing, to be read only."""
    with Database() as db:
        db.build()
        yield db


@pytest.fixture(scope="session")
def unbuilt() -> Iterator[Database]:
    """A database without facts, to be read only."""
    with Database() as db:
        yield db


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """No other process is within, for the same path."""
    with path.open("w") as file:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable], Path]:
    """What makes a file unless another of the processes that test side by side has done so."""
    folder = tmp_path_factory.getbasetemp()
    if fcntl and "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        path = folder / name
        with alone(folder / f"{name}.lock"):
            if not path.exists():
                part = path.with_name(f"part-{name}")
                make(part)
                part.rename(path)
        return path

    return once


@pytest.fixture(scope="session")
def small_sample(once, tmp_path_factory) -> Path:
    """The database of a small sample, with its facts, for reports."""
    from analytics.sample import write

    def make(path: Path) -> None:
        files = tmp_path_factory.mktemp("small_sample")
        write(files, claims=400, months=8)
        with Database(path) as db:
            load(db, files)
            db.build()

    return once("small-sample.duckdb", make)


@pytest.fixture(scope="session")
def named(once, tmp_path_factory):
    """A small sample with tables of codes and a payer's feed, and its facts."""
    from analytics.sample import write

    def make(path):
        files = tmp_path_factory.mktemp("named")
        write(files, claims=400, months=8)
        with Database(path) as db:
            load(db, files)
            db.connection.execute(CODES)
            db.connection.execute(FEED)
            db.build()

    return once("named.duckdb", make)


@pytest.fixture(scope="session")
def copy_of(named, once):
    """What makes a copy of it, by level and way with dates."""

    def copy_of(level, dates):
        def make(path):
            from analytics import deidentify

            key, day = "a key for pseudonyms, long enough", dt.date(2026, 11, 1)
            deidentify(named, path, level, dates=dates, pseudonym_key=key, today=day)

        return once(f"{level}-{dates}.duckdb", make)

    return copy_of


@pytest.fixture(scope="session")
def report_of(once, small_sample) -> Callable[[str], Path]:
    """The HTML report of a notebook, by name; made once, as it takes seconds."""
    from analytics.report import render

    def report_of(name: str) -> Path:
        notebook = NOTEBOOKS / f"{name}.ipynb"
        return once(f"{name}.html", lambda path: render(notebook, path, database=small_sample))

    return report_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="build all facts of drawn worlds")


def pytest_configure(config: pytest.Config) -> None:
    OnDemand.whole = config.getoption("--whole")


_asked: dict[str, frozenset[str]] = {}  # facts that all worlds of a test before were asked for


@pytest.fixture
def given(request: pytest.FixtureRequest) -> Iterator[Callable[..., Database]]:
    """Build a database from drawn tables: ``given(claim="...", remit_claim="...")``.

    `as_of` is passed on to `build`.  Facts are built when they are asked for, but all with --whole.
    Those that other cases of the test asked for are built with the first, as each build costs.
    """
    test = request.node.nodeid.partition("[")[0]
    opened: list[OnDemand] = []

    def note() -> None:
        for db in opened:
            _asked[test] = _asked.get(test, db.asked) & db.asked

    def build(as_of=None, **tables: str) -> Database:
        note()
        db = OnDemand(threads=1)
        opened.append(db)
        for name, text in tables.items():
            draw(db, name, text)
        db.build_on_demand(as_of, *_asked.get(test, ()))
        return db

    yield build
    note()
    for db in opened:
        db.close()
