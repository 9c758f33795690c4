"""Pieces of SQL text: literals, and the ids of what a row of an extract stands for."""

from collections.abc import Mapping, Sequence

from analytics import schema
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.query import literal

# An id is file_id * 2^32, plus which of a row's things it is of * 2^27, plus the row.
MOST_ROWS = 1 << 27
MOST_LINES = 12  # that one row may hold side by side
CLAIM, CLAIM_LINE, REMIT_LINE, SUBSCRIBER, REMIT_CLAIM, REMIT = 0, 1, 17, 16, 29, 30


def id_of(file: int, thing: int, row: str) -> str:
    """The id of one of the things (`CLAIM`, `CLAIM_LINE` + 0, 1 ...) that a row tells of."""
    return f"({file * RECORDS_PER_FILE + thing * MOST_ROWS} + {row})"


def any_of(conditions: list[str], otherwise: str = "FALSE") -> str:
    """Conditions joined by OR."""
    return f"({' OR '.join(conditions)})" if conditions else otherwise


def is_one_of(text: str, words: Sequence[str]) -> str:
    """Whether a text is one of these.

    No IN: DuckDB makes a join of a long one, after which rows are no longer in their order.
    """
    return f"list_contains([{', '.join(map(literal, words))}], {text})"


def insert(table: str, said: Mapping[str, str], source: str) -> str:
    """The statement that appends rows of a relation; columns not said stay empty."""
    cells = ", ".join(f"{value} AS {name}" for name, value in said.items())
    return f"INSERT INTO {table} BY NAME SELECT {cells} FROM {source}"


def said_as(table: str, said: Mapping[str, str]) -> str:
    """The values in the types of a core table, named as its columns."""
    types = {column.name: column.type for column in schema.table(table).columns}
    return ", ".join(f"CAST({value} AS {types[name]}) AS {name}" for name, value in said.items())
