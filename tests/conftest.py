"""Worlds drawn as tables, and databases built from them."""

from collections.abc import Callable, Iterator

import pytest
from drawing import CODES, FEED, SAMPLE, OnDemand, draw

from analytics.database import Database
from analytics.loader import load


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
        run(f'COPY FROM DATABASE made_once TO "{name}" (SCHEMA)')
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
