"""Words that programs write where there is no value: taken for a name, they match nothing."""

import polars as pl

_WORDS = r"(?i)^(nan|none|null|n/?a|<na>|nat|#n/a|\p{Pd}+)$"


def says_nothing(cell: pl.Expr) -> pl.Expr:
    """Whether a text is nan, none, null, n/a or dashes; null where it is empty."""
    return cell.str.contains(_WORDS)
