"""The core schema, read from the SQL that makes it: tables, columns, types and what they mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

import polars as pl

from analytics.errors import UnknownNameError

_FILES = ("core.sql", "payer.sql", "published.sql", "auditing.sql")
_IDENTITY = "Identity:"  # how a comment in core.sql marks what can name a person
_TABLE = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) \(\n(.*?)\n\);", re.DOTALL)
_COLUMN = re.compile(r"^ +(\w+) ([A-Z]+(?:\(\d+,\d+\))?(?:\[\])?),?$", re.MULTILINE)
_COMMENT = re.compile(r"COMMENT ON (?:TABLE|COLUMN) ([\w.]+) IS '((?:[^']|'')*)';")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_POLARS: Mapping[str, pl.DataType] = {
    "BIGINT": pl.Int64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "INTEGER": pl.Int32(),
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR": pl.String(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, DuckDB type and meaning."""

    name: str
    type: str
    comment: str

    @property
    def is_identity(self) -> bool:
        """Whether the column can name a person."""
        return self.comment.startswith(_IDENTITY)

    @property
    def polars(self) -> pl.DataType:
        """The polars type that loads into the column without a cast."""
        if self.type.endswith("[]"):
            return pl.List(_polars_type(self.type.removesuffix("[]")))
        return _polars_type(self.type)


@dataclass(frozen=True, slots=True)
class Table:
    """A core table: its name, what one row is, and its columns in order."""

    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def sql() -> str:
    """The statements that create the core tables with their comments."""
    folder = files("analytics").joinpath("sql")
    return "\n".join(folder.joinpath(f).read_text(encoding="utf-8") for f in _FILES)


@cache
def tables() -> Mapping[str, Table]:
    """Every core table by name, in the order of the files."""
    text = sql()
    comments = {name: said.replace("''", "'") for name, said in _COMMENT.findall(text)}
    return {
        name: Table(name, comments.get(name, ""), _columns(name, body, comments))
        for name, body in _TABLE.findall(text)
    }


def table(name: str) -> Table:
    """The core table of that name.  Raises `UnknownNameError`."""
    if name not in tables():
        raise UnknownNameError("table", name, tables())
    return tables()[name]


def polars_schema(name: str) -> dict[str, pl.DataType]:
    """The columns of a core table with their polars types, in order."""
    return {column.name: column.polars for column in table(name).columns}


def identity_columns() -> frozenset[tuple[str, str]]:
    """The (table, column) pairs that can name a person."""
    return frozenset(
        (t.name, column.name)
        for t in tables().values()
        for column in t.columns
        if column.is_identity
    )


@cache
def version() -> str:
    """A short hash of every table, column and type: equal for databases of one shape."""
    shape = "\n".join(f"{t.name}.{c.name} {c.type}" for t in tables().values() for c in t.columns)
    return sha256(shape.encode()).hexdigest()[:12]


def _columns(name: str, body: str, comments: Mapping[str, str]) -> tuple[Column, ...]:
    return tuple(
        Column(column, kind, comments.get(f"{name}.{column}", ""))
        for column, kind in _COLUMN.findall(body)
    )


def _polars_type(kind: str) -> pl.DataType:
    if found := _DECIMAL.fullmatch(kind):
        return pl.Decimal(int(found[1]), int(found[2]))
    return _POLARS[kind]
