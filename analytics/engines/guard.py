"""What a report asks of Spark is one SELECT of its folder's tables, and names nobody.

DuckDB's parse decides, as for a database (`identity`).  So that Spark reads the same in the text,
what the two spell differently is refused, and so is a function not known to be harmless on both:
of Spark's, some read files, run Java or take the name of a column from a text.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import NoReturn

import duckdb

from analytics import facts, identity, schema
from analytics.engines.text import bare
from analytics.errors import BadQueryError

# As DuckDB's parse names them.
_FUNCTIONS = frozenset(
    re.findall(
        r"\S+",
        """
        abs array_contains array_sort avg cast ceil ceiling coalesce concat_ws count count_star
        date_part date_trunc day days_between dense_rank exp extract first_value floor greatest lag
        largest_of last_value lead least length ln lower lpad ltrim make_date max min month month_of
        nullif quarter rank regexp_extract replace right round row_number rtrim smallest_of split
        split_part sqrt stddev_samp substr substring sum trim try_cast upper var_samp year
        + - * / % || ~~ !~~ & |
        """,
    )
)
# Marks that begin a name, a text or a comment on one engine and something else on the other.
# Letters beyond ASCII too: Spark takes a long s for an s, where names are compared.
_MARKS = re.compile(r"[`\"#@{}\[\]]|[^\x09\x0a\x0d\x20-\x7e]|/\*|\$\w*\$|(?<!:):(?!:)|:::|->")
# Within texts and comments too: one keeps a text open on Spark, one ends a comment, one a text.
_ANYWHERE = re.compile(r"\\|\r(?!\n)|\x00")


def check(text: str, exists: Callable[[str], bool]) -> None:
    """Raise `BadQueryError` for what is no SELECT of the library's tables.

    `exists` tells whether the session has a table or view of that name.
    """
    for node in _nodes(text):
        name = str(node.get("function_name") or "").lower()
        if name and name not in _FUNCTIONS:
            _refuse(f"the function {name} is not known to be harmless there")
        if node["type"] in ("TABLE_FUNCTION", "SHOW_REF"):
            _refuse("it reads what is no table")
        if node["type"] == "BASE_TABLE":
            _check_table(node, exists)


def check_identity(text: str, exists: Callable[[str], bool]) -> None:
    """The same in a report; and `IdentityError` for a column that can name a person, or may."""
    if identity.is_guarded():
        check(text, exists)
        identity.check_columns(_nodes(text))


def _nodes(text: str) -> list[identity.Node]:
    if mark := _ANYWHERE.search(text) or _MARKS.search(bare(text)):
        _refuse(f"it holds {mark[0]!a}, which DuckDB and Spark read differently")
    nodes = identity.parsed(_parser().cursor(), text)
    if nodes is None:
        _refuse("DuckDB and Spark read its text differently, or neither can")
    return nodes


def _check_table(node: identity.Node, exists: Callable[[str], bool]) -> None:
    name = str(node["table_name"]).lower()
    if node.get("schema_name") or node.get("catalog_name"):
        _refuse(f"{name} is named with a schema")
    if name not in {*schema.tables(), *facts.NAMES} and exists(name):
        _refuse(f"{name} is no table of this library")


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"enable_external_access": "false"})


def _refuse(why: str) -> NoReturn:
    raise BadQueryError(
        f"SQL on Spark is refused in a report: {why}; it is one SELECT of the library's tables, in"
        " what DuckDB and Spark read alike"
    )
