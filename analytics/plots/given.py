"""What a figure is given: whether the frame has what it draws, said before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.errors import BadQueryError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def checked(
    frame: pl.DataFrame, what: str, needed: Sequence[str], by: str | Sequence[str] | None = None
) -> None:
    """Raise where a column is missing: `BadQueryError` says `what` has those that are needed.

    `UnknownNameError` for a name of `by` that is no column.
    """
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise BadQueryError(f"this draws {what}: the frame has no column {', '.join(missing)}")
    for name in [by] if isinstance(by, str) else (by or ()):
        if name not in frame.columns:
            raise UnknownNameError("column", name, frame.columns)
