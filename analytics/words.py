"""Lists of words for what the facts are sliced by, so that facts hold numbers, not text.

Most of a build was writing the same names and codes into fact after fact.  DuckDB's ENUM keeps a
number per row and each word once.  Columns of one name share a type, so that a column which is
one of two others stays of it.  Readers see text (`Database.fetch`); other engines never know.
"""

from collections.abc import Mapping, Sequence

import duckdb

from analytics.facts import Fact
from analytics.query import identifier

_TYPE = "word_of_"
# A file keeps the words of each column of the type, and reads all when it is opened.
_MOST_WORDS = 2000


def make(
    connection: duckdb.DuckDBPyConnection,
    facts: Sequence[Fact],
    kept: Mapping[str, str | None] | None = None,
) -> dict[str, str]:
    """The type of each column in the `words` of `facts`, made of the words found there.

    `kept` are queries of words that a column has beside them, or None for one that stays text.
    A column of more than 2,000 words, of none, or with a NUL in one has no type: it stays text.
    The types end with the connection; columns keep their words.
    """
    kept = kept or {}
    columns = sorted(
        word
        for word in {word for fact in facts for word in fact.words} | kept.keys()
        if kept.get(word, "") is not None
    )
    if not columns:
        return {}
    for column in columns:
        asked = [f"SELECT {column} FROM {fact.name}" for fact in facts if column in fact.words]
        found = " UNION ".join(asked + [query for query in [kept.get(column)] if query])
        # In the order of text, so that the column sorts as text does.
        connection.execute(
            f"CREATE TEMP TYPE {_TYPE}{column} AS ENUM (SELECT DISTINCT word "
            f"FROM ({found}) AS found (word) WHERE word IS NOT NULL "
            f"ORDER BY word LIMIT {_MOST_WORDS + 1})"
        )
    ranges = ", ".join(f"CAST(enum_range(NULL::{_TYPE}{c}) AS VARCHAR[])" for c in columns)
    (lists,) = connection.execute(f"SELECT {ranges}").fetchall()
    return {
        column: _TYPE + column
        for column, listed in zip(columns, lists, strict=True)
        # The engine writes words into texts of its own, which a NUL would end.
        if 0 < len(listed) <= _MOST_WORDS and not any("\0" in word for word in listed)
    }


def stored(fact: Fact, types: dict[str, str]) -> str:
    """The query for the fact, held as a table of text, in such types."""
    typed = [f"CAST({word} AS {types[word]}) AS {word}" for word in fact.words if word in types]
    replaced = f" REPLACE ({', '.join(typed)})" if typed else ""
    return f"SELECT *{replaced} FROM {fact.name}"


def spelled(found: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The rows, with text where the facts hold numbers of words."""
    columns = zip(found.columns, found.types, strict=True)
    names = [identifier(name) for name, of in columns if of.id == "enum"]
    texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in names)
    return found.project(f"* REPLACE ({texts})") if names else found
