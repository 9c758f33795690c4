"""A notebook's parameters: which there are, of which type, and how to set them.

They are the plain assignments in the cell tagged ``parameters``::

    period_start: dt.date | None = None
"""

import ast
import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import nbformat

from analytics.errors import AnalyticsError, UnknownNameError


class ParameterError(AnalyticsError):
    """A parameter has the wrong type, or there are none."""


READ: dict[str, Callable[[str], Any]] = {
    "date": dt.date.fromisoformat,
    "int": int,
    "float": float,
    "bool": lambda text: {"true": True, "false": False}[text.lower()],
}
TYPES = {"str": str, "date": dt.date, "int": int, "float": float, "bool": bool, "None": type(None)}


def inject(book: Any, given: Mapping[str, Any], notebook: str) -> None:
    """Put a cell with the `given` values after the notebook's parameters cell.

    Raises:
        UnknownNameError: The notebook has no such parameter.
        ParameterError: A value is not of the parameter's type, or there is no parameters cell.
    """
    place, declared = find(book)
    if place < 0:
        raise ParameterError(f"{notebook} has no cell tagged 'parameters'")
    lines = ["import datetime"]
    for name, value in given.items():
        if name not in declared:
            raise UnknownNameError(f"parameter of {notebook}", name, declared)
        lines.append(f"{name} = {fit(name, value, declared[name])!r}")
    book.cells.insert(place + 1, injected("\n".join(lines)))


def injected(source: str) -> Any:
    """A cell of our own, which no page shows."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": ["injected"]})


def check_engine(book: Any, notebook: str) -> None:
    """Raise `ParameterError` for a notebook that cannot be given an engine."""
    if "engine" not in find(book)[1]:
        raise ParameterError(
            f"{notebook} runs on DuckDB only: for an engine, add `engine: str | None = None` to"
            " its parameters and give it to Workbook(..., engine=engine)"
        )


def find(book: Any) -> tuple[int, dict[str, frozenset[str]]]:
    """Where the parameters cell is (-1 for none), and each parameter's types by name."""
    for place, cell in enumerate(book.cells):
        if "parameters" in cell.metadata.get("tags", ()):
            statements = ast.parse(cell.source).body
            return place, dict(pair for s in statements if (pair := _declared(s)))
    return -1, {}


def fit(name: str, value: Any, types: frozenset[str]) -> Any:
    """`value` as one of `types`; a text, as a command line gives it, is read as the type says."""
    if not types or any(type(value) is TYPES[t] for t in types):
        return value
    if isinstance(value, str) and value == "" and "None" in types:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and "float" in types:
        return float(value)
    if isinstance(value, str):
        for read in [READ[t] for t in sorted(types) if t in READ]:
            with suppress(ValueError, KeyError):
                return read(value)
    wanted = " or ".join(sorted(types - {"None"})) or "None"
    hint = " written 2026-01-31" if "date" in types else ""
    raise ParameterError(f"parameter {name!r} must be a {wanted}{hint}")


def _declared(statement: ast.stmt) -> tuple[str, frozenset[str]] | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
            return name, _types(ast.unparse(annotation))
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
            kind = "None" if value is None else type(value).__name__
            return name, frozenset() if kind not in TYPES or value is None else frozenset({kind})
        case _:
            return None


def _types(annotation: str) -> frozenset[str]:
    """The types named in ``dt.date | None``; empty, which allows any, when one is not known."""
    names = [part.strip().rpartition(".")[2] for part in annotation.split("|")]
    return frozenset(names) if all(name in TYPES for name in names) else frozenset()
