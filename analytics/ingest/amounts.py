"""How large an amount may be.

A column of money holds twelve digits before the dot.  Amounts of ten leave room for the sums of a
claim, so that one absurd amount is refused by name where it stands and spoils no sum or build
later.
"""

import polars as pl

MOST_DOLLARS = 10**10  # below this; the largest batch that Medicare pays has nine digits


def bounded(amount: pl.Expr) -> pl.Expr:
    """The amounts, null where they are too large to be one."""
    return pl.when(amount.abs() < MOST_DOLLARS).then(amount)
