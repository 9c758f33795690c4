"""A database that is a de-identified copy of another says so, and what it is then not for."""

import duckdb

from analytics.errors import DatabaseError
from analytics.query import Engine, Query

_SAID = """
SELECT level || ', dates: ' || date_rule
    || CASE WHEN is_provider_hidden THEN ', providers hidden' ELSE '' END AS said
FROM deidentified
"""
# Facts of days that were changed, or of no NPIs, would be others.
CANNOT_BUILD = "SELECT 1 FROM deidentified WHERE date_rule <> 'keep' OR is_provider_hidden"


def deidentified(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What the database is a de-identified copy by, in words; None where it is none."""
    for (said,) in connection.execute(_SAID).fetchall():
        return str(said)
    return None


def copy_by(engine: Engine) -> str | None:
    """The same of any engine's tables."""
    return next((str(said) for (said,) in engine.fetch(Query(_SAID)).iter_rows()), None)


def date_rule(connection: duckdb.DuckDBPyConnection) -> str | None:
    """What happened to days in a copy: keep, shift or year; None where it is none."""
    for (rule,) in connection.execute("SELECT date_rule FROM deidentified").fetchall():
        return str(rule)
    return None


def check_building(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Raises DatabaseError where facts built of a copy would not be those of the original."""
    if connection.execute(CANNOT_BUILD).fetchall():
        raise not_to_build(path)


def not_to_build(path: str) -> DatabaseError:
    """The error of who would build the facts of such a copy."""
    return DatabaseError(
        f"{path} is a de-identified copy with other days or providers: its facts are those of "
        "the original; build there, and make a new copy"
    )


def check_loading(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Raises DatabaseError for a copy: what is loaded names people."""
    if deidentified(connection):
        raise DatabaseError(
            f"{path} is a de-identified copy, and files name people: load them into the original, "
            "and make a new copy"
        )
