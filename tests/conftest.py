"""Worlds drawn as tables, and databases built from them."""

from collections.abc import Callable, Iterator

import pytest
from drawing import CODES, FEED, SAMPLE, draw

from analytics.database import Database
from analytics.loader import load


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


@pytest.fixture
def given() -> Iterator[Callable[..., Database]]:
    """Build a database from drawn tables: ``given(claim="...", remit_claim="...")``.

    `as_of` is passed on to `build`.
    """
    opened: list[Database] = []

    def build(as_of=None, **tables: str) -> Database:
        db = Database()
        opened.append(db)
        for name, text in tables.items():
            draw(db, name, text)
        db.build(as_of)
        return db

    yield build
    for db in opened:
        db.close()
