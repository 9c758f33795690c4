"""What a report reads: a database file, or a folder of Parquet tables on Spark."""

import re
import shlex
from contextlib import ExitStack
from pathlib import Path
from weakref import WeakSet

from analytics.database import Database
from analytics.engines.address import Address
from analytics.engines.sessions import session
from analytics.engines.spark import Spark
from analytics.engines.tables import SparkDatabase
from analytics.errors import DatabaseError, NotBuiltError
from analytics.keys import key_given

_OPEN: WeakSet[SparkDatabase] = WeakSet()
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def opened(database: str | Path, engine: str | None = None) -> Database | SparkDatabase:
    """The facts of a database file, or of a folder by the Spark at `engine`; only to be read.

    SQL then reaches nothing else.  The key of an encrypted file is that of `keys.key_given`.
    Raises AnalyticsError where they cannot be opened, or a folder holds no facts.
    """
    db = _file(database) if engine is None else _folder(placed(database, engine), engine)
    db.lock_down()
    return db


def close_all() -> None:
    """End the sessions of all folders opened here: what a cluster gave them is free at once."""
    for db in list(_OPEN):
        db.close()


def placed(database: str | Path, engine: str | None) -> str:
    """The place as another working directory knows it; an URL stays as it is.

    Raises DatabaseError where there is no such file, or a file is given for a folder.
    """
    text = str(database)
    if engine is None:
        if not Path(text).is_file():
            hint = ": a folder of tables needs an engine" if Path(text).is_dir() else ""
            raise DatabaseError(f"no such database: {text}{hint}")
        return str(Path(text).resolve())
    if _URL.match(text):
        return text
    if Path(text).is_file():
        raise DatabaseError(
            f"{text} is a file: with an engine, the database is a folder that"
            " `revcycle export parquet` or a load on Spark has made"
        )
    return str(Path.cwd() / text)  # links may lead elsewhere on the cluster


def to_build(database: str | Path, engine: str | None) -> str:
    """The command that builds the facts there."""
    if engine is None:
        return "revcycle build"
    words = ("revcycle", "build", "--engine", Address.of(engine).shown, "--database", str(database))
    return shlex.join(words)  # a shell would read brackets


def _file(database: str | Path) -> Database:
    return Database(database, key=key_given(), read_only=True)


def _folder(folder: str, engine: str) -> SparkDatabase:
    with ExitStack() as stack:
        spark = Spark(stack.enter_context(session(engine)))
        spark.check(folder)
        try:
            db = spark.open(folder)
        except NotBuiltError:
            build = to_build(folder, engine)
            raise DatabaseError(f"{folder} has no facts yet: {build}") from None
        db.ends_with(stack.pop_all())
    _OPEN.add(db)
    return db
