"""What is hidden along one line of cells whose total is known."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def widened(counts: Counts, hide: Flags, line: Counts, small: int, *, are_listed: bool) -> Flags:
    """`hide` with as many more cells of each line as keep its hidden ones unknown, next in size.

    `line` numbers the line of each cell, below 0 for none whose total is known.  Where hidden
    cells `are_listed`, each is known to count 1 at least: two are hidden at least, and what they
    count beyond 1 each comes to `small` - 1 or more, so each could be anything from 1 to `small`.
    Where they are not, they count more than `small` together, as their sum is a cell too.
    """
    cells = pl.DataFrame({"n": counts, "hide": hide, "line": line}).with_row_index("row")
    cells = cells.filter(pl.col("line") >= 0, pl.col("n") > 0)
    over: dict[str, Any] = {"partition_by": "line"}
    cells = cells.sort("line", ~pl.col("hide"), "n", "row")
    spare = pl.col("n") - (1 if are_listed else 0)
    before = spare.cum_sum().over(**over) - spare
    rows = pl.int_range(pl.len()).over(**over)
    enough = (before >= small - 1) & (rows >= 2) if are_listed else before > small
    wanted = pl.col("hide").any().over(**over) & (pl.col("hide") | ~enough)
    more = cells.filter(wanted)["row"].to_numpy()
    result = hide.copy()
    result[more] = True
    return result


def sums(counts: Counts, of: Counts, groups: int) -> Counts:
    """The counts added up by group."""
    return np.bincount(of, weights=counts, minlength=groups).astype(np.int64)


def any_in(flags: Flags, of: Counts, groups: int) -> Flags:
    """Whether any cell of a group is flagged."""
    return np.bincount(of, weights=flags, minlength=groups) > 0


def is_few(counts: Counts, small: int) -> Flags:
    """Which count 1 to `small`."""
    return (counts >= 1) & (counts <= small)


def smallest(counts: Counts, of: Counts, groups: Flags) -> Flags:
    """The smallest cell that counts anything of each flagged group."""
    cells = pl.DataFrame({"n": counts, "of": of, "wanted": groups[of]}).with_row_index("row")
    first = (
        cells.filter(pl.col("wanted"), pl.col("n") > 0)
        .sort("n", "row")
        .unique("of", keep="first", maintain_order=True)
    )
    result = np.zeros(len(counts), dtype=bool)
    result[first["row"].to_numpy()] = True
    return result
