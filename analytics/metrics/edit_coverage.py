"""What was edited and what was not, edit by edit."""

from dataclasses import replace

import polars as pl

from analytics.metrics._metric import Where
from analytics.metrics.coding import edit_rate
from analytics.query import Engine, Query

_EDITS = "SELECT edit_code, title, needs FROM edit ORDER BY edit_bit ASC"
# The same checks, with those that could not be made as what is counted.
_OPEN = replace(edit_rate, left_out={}, event="result = 'not_checked'")


def edit_coverage(engine: Engine, *, where: Where | None = None) -> pl.DataFrame:
    """Every edit of coding: how many claims were checked, broke it, and could not be checked.

    One row per edit that is for any claim: ``edit_code, title, n`` (claims checked)``, value, low,
    high`` (share that breaks it; null where none was checked)``, hits, not_checked`` (claims)``,
    needs`` (published tables: load those of the claims' days). By the rules of edit_rate.
    """
    broken = edit_rate(engine, by="edit_code", where=where)
    unchecked = _OPEN(engine, by="edit_code", where=where)
    edits = engine.fetch(Query(_EDITS))
    joined = edits.join(
        unchecked.select("edit_code", not_checked="hits"), on="edit_code", maintain_order="left"
    ).join(broken, on="edit_code", how="left", maintain_order="left")
    return joined.select(
        "edit_code", "title", pl.col("n").fill_null(0), "value", "low", "high",
        pl.col("hits").fill_null(0), "not_checked", "needs",
    )  # fmt: skip
