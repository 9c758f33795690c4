"""Markdown as the site's parser reads it: tables, code, anchors, parts to open."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

NOTHING = "\N{EM DASH}"
ROWS, COLUMNS = 6, 8  # of an example's table


def cell(value: Any) -> str:
    """A value as a table's cell shows it: four decimals, lists joined, a dash for none."""
    if value is None:
        return NOTHING
    if isinstance(value, float):
        if value != value:  # NaN is the one number unlike itself
            return NOTHING
        return f"{value:,.0f}" if value.is_integer() else f"{value:,.4f}"
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple | pl.Series):
        return ", ".join(cell(one) for one in value)  # pyright: ignore[reportUnknownVariableType]
    return escaped(str(value))


def escaped(text: str) -> str:
    """Text that ends no cell and no line."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """Code within a line, as a cell holds it."""
    return f"`{escaped(text)}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """A table of cells that are Markdown already; the columns `right` are of numbers."""
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def frame(shown: pl.DataFrame, rows: int = ROWS, columns: int = COLUMNS) -> str:
    """The head of a frame as a table, and how much of it that is."""
    part = shown[:rows, :columns]
    numbers = [i for i, kind in enumerate(part.dtypes) if kind.is_numeric()]
    body = ([cell(value) for value in row] for row in part.iter_rows())
    return "\n\n".join(
        filter(
            None, [table([code(c) for c in part.columns], body, right=numbers), _cut(shown, part)]
        )
    )


def _cut(whole: pl.DataFrame, part: pl.DataFrame) -> str:
    said = [
        f"{shown} of {of:,} {what}"
        for shown, of, what in (
            (part.height, whole.height, "rows"),
            (part.width, whole.width, "columns"),
        )
        if shown < of
    ]
    return f"*{', '.join(said)}.*" if said else ""


def fenced(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```"


def anchor(name: str) -> str:
    """What a link to `#name` leads to, before a heading."""
    return f"({name})="


def details(summary: str, text: str) -> str:
    """Text that a reader opens."""
    return f"<details>\n<summary>{summary}</summary>\n\n{text}\n\n</details>"


def page(*parts: str) -> str:
    """The parts of a page that are not blank, a line between them."""
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def function(signature: str, text: str, kind: str = "function") -> str:
    """A function in the index of the site's Python names."""
    # A fence of four: a docstring may hold a block of code.
    return f"````{{py:{kind}}} {signature}\n{text}\n````"
