"""What the columns of a fact mean: as it says, as its SQL makes them, or where they are from."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import analytics as rc
from analytics import facts, schema
from analytics.facts import Fact
from pages import markdown as md

Columns: TypeAlias = Mapping[str, Mapping[str, str]]  # by fact or table: column to type

_LONGEST = 90  # letters of an expression that a cell shows
_HELD = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE NOT internal ORDER BY table_name ASC, column_index ASC
"""


def columns_of(db: rc.Database) -> Columns:
    """The columns of every table and fact, with their types."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in db.sql(_HELD).rows():
        # An ENUM's words are those of the data, which differ from one database to the next.
        found.setdefault(table, {})[column] = kind.partition("(")[0] if "ENUM" in kind else kind
    return found


def meaning(fact: Fact, name: str, columns: Columns) -> str:
    """What a column of a fact means."""
    if name in fact.dimensions:
        return md.escaped(fact.dimensions[name])
    made = _expression(fact, name)
    if made and not re.fullmatch(rf"(\w+\.)?{name}", made):
        return f"made as {md.code(made)}"
    passed_on = _passed_on(fact, name, columns) or _elsewhere(name)
    return passed_on or (f"made as {md.code(made)}" if made else "see the SQL")


def _expression(fact: Fact, name: str) -> str:
    """The expression of a column whose line of SQL holds all of it; else blank."""
    found = re.findall(rf"^\s*(\S.*) AS {name}\b,?$", fact.sql, re.MULTILINE)
    whole = [one for one in found if _is_whole(one) and len(one) <= _LONGEST]
    last = whole[-1] if len(found) == len(whole) and whole else ""
    cast = re.fullmatch(r"CAST\((.*) AS [A-Z]+(?:\(\d+, \d+\))?\)", last)
    return cast[1] if cast else last


def _is_whole(text: str) -> bool:
    opened = text.count("(") == text.count(")") and text.count("'") % 2 == 0
    starts = re.match(r"(END|FROM|JOIN|LEFT|WITH|AND|OR|WHEN|ELSE|UNION|SELECT)\b", text)
    return opened and not starts and ", " not in re.sub(r"\(.*\)", "", text)


def _passed_on(fact: Fact, name: str, columns: Columns) -> str:
    """Where a column of the same name comes from: a fact, or a core table and what it says."""
    for source in sorted(fact.reads & columns.keys()):
        if name not in columns[source]:
            continue
        if source in facts.NAMES:
            return f"as in [{md.code(source)}](#fact.{source})"
        said = next((c.comment for c in schema.table(source).columns if c.name == name), "")
        return f"as in [{md.code(source)}](#table.{source}): {md.escaped(said)}"
    return ""


def _elsewhere(name: str) -> str:
    """What all facts that are sliced by such a column say of it."""
    said = {fact.dimensions[name] for fact in facts.ALL if name in fact.dimensions}
    return md.escaped(said.pop()) if len(said) == 1 else ""
