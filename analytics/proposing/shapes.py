"""The shape of a cell, letters as A and digits as 9: what may be shown of it."""

import polars as pl

_MARKS = r"[^A9$.,/:()%#*+@_ \-]"
_LONG = 24  # letters of a shape that are shown


def shape(text: pl.Expr) -> pl.Expr:
    """``$1,234.50`` is ``$9,999.99``, a name ``AAAAA``: long runs of letters are cut to five."""
    marked = text.str.replace_all(r"\p{N}", "9").str.replace_all(r"[\p{L}\p{M}]", "A")
    short = marked.str.replace_all(_MARKS, "?").str.replace_all("A{6,}", "AAAAA")
    short = short.str.replace_all("9{13,}", "999999999999").str.replace_all(r" {2,}", " ")
    long = short.str.len_chars() > _LONG
    return pl.when(long).then(short.str.slice(0, _LONG - 2) + pl.lit("..")).otherwise(short)


def shapes(cells: pl.Series, most: int = 2) -> tuple[str, ...]:
    """The most frequent shapes of cells that are not empty."""
    said = cells.drop_nulls().str.slice(0, 200).to_frame("cell")
    counts = said.select(shape=shape(pl.col("cell"))).group_by("shape").len()
    ranked = counts.sort("len", "shape", descending=[True, False])
    return tuple(ranked["shape"].head(most).to_list())
