"""The last line of a file, where it has totals and is no row."""

import re
from dataclasses import replace

import polars as pl

from analytics.proposing.delimited import Text
from analytics.proposing.kinds import cleaned

_WORDS = re.compile(
    r"^(?:grand totals?|report totals?|totals?|trailer|trlr|trl|tlr|eof|end of file|end of report"
    r"|record count)(?![a-z0-9])",
    re.IGNORECASE,
)


def without_trailer(text: Text) -> Text:
    """The text with plain cells; a last line that begins like a trailer is taken off and noted."""
    cells = text.cells.select(cleaned(pl.all()))
    cells = cells.filter(pl.any_horizontal(pl.all().is_not_null())) if cells.width else cells
    first = cells.item(-1, 0) if text.is_whole and cells.height > 1 else None
    found = _WORDS.match(first or "")
    if found is None:
        return replace(text, cells=cells)
    last, rows = cells.row(-1), cells.head(-1)
    counts = [place for place, cell in enumerate(last, 1) if cell == str(len(rows))]
    # The word is one of ours; what follows it in the cell is not shown.
    return replace(text, cells=rows, trailer=found[0], count_at=counts[0] if counts else None)
