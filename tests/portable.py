"""What our SQL may say, so that DuckDB and Spark understand the same by it: a lint for tests.

Each fault is named after what is written.  Where an engine differs without a word, nothing else but
comparing rows would find it; sqlglot is only used to read, never to translate.
"""

import re
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.tokens import Token, TokenType

# Known to give the same on both, with what is asked of them below; macros are paired.
FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        """
        abs array_contains array_sort avg cast ceil coalesce concat_ws count date_trunc day
        dense_rank exp extract first_value floor greatest lag last_value lead least length ln lower
        lpad make_date max min month nullif rank regexp_extract replace right round row_number split
        split_part sqrt substr sum trim try_cast upper year
        days_between month_of largest_of smallest_of
        """,
    )
)
_NO_FUNCTION = frozenset(
    re.findall(
        r"\w+",
        """
        and as between by case distinct else exists filter from having in is join like not on or
        order over partition select then union using values when where with decimal limit
        """,
    )
)
_REFUSED = {
    exp.Qualify: "QUALIFY",
    exp.Pivot: "PIVOT",
    exp.Unnest: "UNNEST",
    exp.Lambda: "lambda",
    exp.Bracket: "[...]",
    exp.Slice: "[...]",
    exp.Array: "[...]",
    exp.Struct: "{...}",
    exp.Interval: "INTERVAL",
    exp.Glob: "GLOB",
    exp.SimilarTo: "SIMILAR TO",
    exp.IntDiv: "//",
    exp.Fetch: "FETCH",
    exp.Lateral: "LATERAL",
    exp.Summarize: "SUMMARIZE",
    exp.RegexpLike: "~",
    exp.ILike: "ILIKE",
    exp.TableSample: "SAMPLE",
}
# What each engine gives a type of its own: arithmetic, counts and other functions.
_TYPED_ANEW = (exp.Binary, exp.Func)
_OF_ITS_PARTS = (exp.Cast, exp.Case, exp.Coalesce, exp.Predicate, exp.Connector)
_WHOLE = ("INT", "BIGINT", "INTEGER")


def faults(sql: str) -> list[str]:
    """What of a query is not portable, each once, in the order of names."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    tokens = sqlglot.tokenize(sql, read="duckdb")
    return sorted({*_of_tokens(tokens), *_of_tree(tree), *_of_spark(sql)})


def faults_of_fact(sql: str) -> list[str]:
    """Those of a query, and columns it gives without a stated type."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    untyped = [
        f"{item.alias_or_name} has no type"
        for select in _outermost(tree)
        for item in select.expressions
        if isinstance(item.unalias(), _TYPED_ANEW) and not isinstance(item.unalias(), _OF_ITS_PARTS)
    ]
    return sorted([*faults(sql), *untyped])


def _of_spark(sql: str) -> Iterator[str]:
    try:
        sqlglot.parse_one(re.sub(r"\$(\w+)", r":\1", sql), read="spark")
    except sqlglot.ParseError:
        yield "no SQL of Spark's"


def _outermost(tree: exp.Expression) -> Iterator[exp.Select]:
    if isinstance(tree, exp.SetOperation):
        yield from _outermost(tree.left)
        yield from _outermost(tree.right)
    elif isinstance(tree, exp.Select):
        yield tree


def _of_tokens(tokens: list[Token]) -> Iterator[str]:
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text.upper() if at + 1 < len(tokens) else ""
        word = token.text.upper()
        if token.token_type == TokenType.STRING:
            if "\\" in token.text:
                yield "a backslash in text"
        elif token.token_type == TokenType.IDENTIFIER:
            yield '"..."'
        elif word in ("ASC", "DESC") and following != "NULLS":
            yield f"{word} without NULLS"
        elif word in ("VARCHAR", "TEXT"):
            yield word
        elif following == "(" and re.fullmatch(r"\w+", token.text):
            name = token.text.lower()
            alias = at and tokens[at - 1].text.upper() in ("AS", ",", "WITH")
            if name not in FUNCTIONS | _NO_FUNCTION and not (alias and _is_name(tokens, at)):
                yield f"{name}()"


def _is_name(tokens: list[Token], at: int) -> bool:
    """Whether a name before a bracket is that of a table with its columns: AS rules (a, b)."""
    return tokens[at - 1].text.upper() == "AS"


def _of_tree(tree: exp.Expression) -> Iterator[str]:
    for node in tree.walk():
        for kind, name in _REFUSED.items():
            if type(node) is kind:
                yield name
        yield from _of_node(node)


def _of_node(node: exp.Expression) -> Iterator[str]:
    for kind, name, differs in _DIFFERENT:
        if isinstance(node, kind) and differs(node):
            yield name


def _is_date(node: exp.Expression) -> bool:
    return isinstance(node, exp.Column) and node.name.endswith("_date")


def _is_safe(node: exp.Expression) -> bool:
    """A divisor that is a number other than 0, or is none where it would be 0."""
    node = node.unnest()
    while isinstance(node, exp.Cast):
        node = node.this.unnest()
    return (isinstance(node, exp.Literal) and float(node.this) != 0) or isinstance(node, exp.Nullif)


def _numbers(node: exp.Window) -> bool:
    return isinstance(node.this, exp.RowNumber | exp.Rank | exp.DenseRank | exp.Lag | exp.Lead)


def _is_cast(node: exp.Expression, kind: str) -> bool:
    return isinstance(node.parent, exp.Cast) and node.parent.to.is_type(kind)


_DIFFERENT: list[tuple[type | tuple[type, ...], str, Callable]] = [
    (
        exp.Ordered,
        "ORDER BY without NULLS",
        lambda n: not n.args.get("nulls_first") and n.args.get("desc") is None,
    ),
    (exp.Join, "ASOF JOIN", lambda n: n.args.get("method") == "ASOF"),
    (exp.Join, "POSITIONAL JOIN", lambda n: n.args.get("method") == "POSITIONAL"),
    (exp.Distinct, "DISTINCT ON", lambda n: n.args.get("on")),
    (exp.Star, "* EXCLUDE or REPLACE", lambda n: n.args.get("except_") or n.args.get("replace")),
    (exp.SetOperation, "BY NAME", lambda n: n.args.get("by_name")),
    (exp.Group, "GROUP BY ALL", lambda n: n.args.get("all")),
    (exp.Sub, "date - date", lambda n: _is_date(n.left) and _is_date(n.right)),
    (exp.Div, "a divisor that may be 0", lambda n: not _is_safe(n.right)),
    (
        exp.Window,
        "row_number() without ORDER BY",
        lambda n: _numbers(n) and not (n.args.get("order") or n.alias),
    ),
    (
        exp.Cast,
        "a quotient cast to a whole number",
        lambda n: n.to.is_type(*_WHOLE) and isinstance(n.this.unnest(), exp.Div),
    ),
    (
        (exp.DateTrunc, exp.TimestampTrunc),
        "date_trunc() not cast to DATE",
        lambda n: not _is_cast(n, "DATE"),
    ),
]
