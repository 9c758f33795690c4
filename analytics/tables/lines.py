"""A table as lines of text, for a terminal."""

from textwrap import fill

from analytics.tables.columns import BAR, NUMBER, Column
from analytics.tables.markup import Layout

_WIDE = 100  # letters of a line below the table
_MOST = 40  # letters of a cell


def lines(told: Layout) -> str:
    """Title, one line a row with numbers to the right, and what stands below."""
    columns = [_padded(column) for column in told.columns if column.kind != BAR]
    rows = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    if len(rows) == 1:
        rows = ["none"]
    return "\n".join([told.caption, *rows, fill(told.note, _WIDE)]).rstrip()


def _padded(column: Column) -> list[str]:
    """The heading and the cells, all of one width."""
    cells = [text if len(text) <= _MOST else f"{text[: _MOST - 1]}…" for text in column.cells]
    width = max(map(len, [column.head, *cells]))
    is_text = column.kind != NUMBER
    return [c.ljust(width) if is_text else c.rjust(width) for c in (column.head, *cells)]
