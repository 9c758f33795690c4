"""What names a person is not read by SQL in a report: decided by DuckDB's own parse of the text.

What is not known to be harmless is refused: another statement than one SELECT, a function that
reads tables, a table of the user's own.  A table that holds identity may be read by columns, each
by its name; all that gives columns without naming them (``*``, ``COLUMNS``, ``#1``, a row as a
value, renamed columns, a natural join, a pivot) is refused beside it.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NoReturn, cast

import duckdb

from analytics import facts, schema
from analytics.errors import IdentityError

_state = {"guarded": False}  # of this process: a report's kernel runs one notebook
_READERS = ("range", "generate_series", "unnest")  # functions that give rows, and read no table
_SCHEMAS = ("", "main", "information_schema")
_READS = re.compile(r"\b(select|from|table)\b", re.IGNORECASE)
_HINT = "give allow_identity=True where the report must name people"

Node = Mapping[str, Any]


def guard() -> None:
    """From now on `Database.sql` of this process refuses what names a person."""
    _state["guarded"] = True


def is_guarded() -> bool:
    """Whether this process makes a report."""
    return _state["guarded"]


def check(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Raise `IdentityError` for SQL that reads, or may read, a column that can name a person.

    Nothing is refused outside a report.
    """
    if not is_guarded() or not text:
        return
    nodes = parsed(connection, text) or []  # where it is wrong, the engine says
    _check_kinds(connection, nodes)
    _check_tables(connection, nodes)
    check_columns(nodes)


def parsed(connection: duckdb.DuckDBPyConnection, text: str) -> list[Node] | None:
    """Every part of one SELECT, as DuckDB reads it; None where it cannot.

    Raises `IdentityError` for another statement.
    """
    (said,) = connection.execute(
        "SELECT json_serialize_sql($text::VARCHAR)", {"text": text}
    ).fetchall()
    found = json.loads(said[0])
    if found.get("error"):
        if found.get("error_type") == "parser":
            return None
        refuse("only a SELECT is run")
    if len(found["statements"]) != 1:
        refuse("only one statement is run")
    return list(_nodes(found["statements"]))


def _nodes(tree: Any) -> Iterator[Node]:
    """Every part of the parse that has a type, and what is in it."""
    if isinstance(tree, dict):
        node = cast("dict[str, Any]", tree)
        if isinstance(node.get("type"), str):
            yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(tree, list):
        for inner in cast("list[Any]", tree):
            yield from _nodes(inner)


def _check_kinds(connection: duckdb.DuckDBPyConnection, nodes: list[Node]) -> None:
    own = "SELECT function_name, macro_definition FROM duckdb_functions() WHERE NOT internal"
    macros = {name.lower(): said or "" for name, said in connection.execute(own).fetchall()}
    for node in nodes:
        function = node.get("function_name")
        name = function.lower() if isinstance(function, str) else ""
        if node["type"] == "TABLE_FUNCTION":
            inner = str(node["function"].get("function_name", "")).lower()
            if inner not in _READERS:
                refuse(f"the function {inner} may read any table")
        if node["type"] == "SHOW_REF":
            refuse("SUMMARIZE, DESCRIBE and SHOW may tell values")
        if name in macros and _READS.search(macros[name]):
            refuse(f"the macro {name} may read any table")


def _check_tables(connection: duckdb.DuckDBPyConnection, nodes: list[Node]) -> None:
    there = "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views()"
    there += " WHERE NOT internal"
    exist = {name.lower() for (name,) in connection.execute(there).fetchall()}
    known = {*schema.tables(), *facts.NAMES}
    for node in (node for node in nodes if node["type"] == "BASE_TABLE"):
        name, place = str(node["table_name"]).lower(), str(node.get("schema_name", "")).lower()
        if (name in exist and name not in known) or place not in _SCHEMAS:
            refuse(f"{name} is no table of this library: it may hold identity")


def _identity_of(table: str) -> frozenset[str]:
    return frozenset(column for name, column in schema.identity_columns() if name == table)


def check_columns(nodes: list[Node]) -> None:
    """Raise `IdentityError` where they read a column that can name a person, or may."""
    named = {str(node["table_name"]).lower() for node in nodes if _is_table(node)}
    tables = {name: found for name in named if (found := _identity_of(name))}
    if not tables:
        return
    told = ", ".join(f"{t}.{c}" for t in sorted(tables) for c in sorted(tables[t]))
    names = {column for columns in tables.values() for column in columns}
    rows = {*tables, *(str(n.get("alias", "")).lower() for n in nodes if _is_table(n))}
    for node in nodes:
        kind = node["type"]
        if kind in ("STAR", "POSITIONAL_REFERENCE", "PIVOT") or node.get("ref_type") == "NATURAL":
            refuse(f"it reads columns without naming them, beside {told}: name those you need")
        if _is_table(node) and node.get("column_name_alias"):
            refuse(f"it gives columns other names, beside {told}")
        read = _read(node)
        for column in [*read, *_texts(node.get("using_columns"))]:
            if column in names:
                refuse(f"it reads {', '.join(_where(column, tables))}, which can name a person")
        if read and read[-1] in rows:
            refuse(f"it reads a whole row of {read[-1]}, beside {told}")


def _is_table(node: Node) -> bool:
    return node["type"] == "BASE_TABLE"


def _read(node: Node) -> list[str]:
    """Every part of a column's name, as it may be read as column, table or field of a row."""
    return _texts(node.get("column_names")) if node["type"] == "COLUMN_REF" else []


def _texts(given: Any) -> list[str]:
    return [str(one).lower() for one in cast("list[Any]", given or [])]


def _where(column: str, tables: Mapping[str, Collection[str]]) -> list[str]:
    return sorted(f"{table}.{column}" for table, columns in tables.items() if column in columns)


def refuse(why: str) -> NoReturn:
    """Raise `IdentityError` for this reason."""
    raise IdentityError(f"SQL is refused in a report: {why}; {_HINT}")
