"""Denials over what is expected, by payer and one item of a line: the map on which patterns lie."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import _pattern_sql as sql
from analytics.metrics._metric import Where, listed
from analytics.metrics._pattern_tests import clustered
from analytics.metrics.denials import line_denial_rate
from analytics.query import Engine


def denial_ratios(
    engine: Engine, by: str | Sequence[str] = "procedure_code", *, where: Where | None = None
) -> pl.DataFrame:
    """Denied lines over expected by payer and procedure, or another item of coding patterns.

    One row per payer and value of `by` (``procedure_code, modifier_key, diagnosis_category,
    diagnosis_chapter, place_of_service_code, rendering_provider``): ``payer_name``, by, ``n`` lines
    of first answers with a charge, ``denied`` of them, ``expected``, had each the share denied of
    its stratum (payer x kind of claim x kind of service x month), and ``value``, denied over
    expected, with its exact 95% Poisson interval ``low, high``, denials of one claim counted as
    they come together.  Groups whose strata are denied nothing have no row.
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` where `by` is several.
    Sources: Garwood (1936); Rao & Scott (1992), Biometrics 48:577.
    """
    line_denial_rate.checked((), where)
    if len(listed(by)) != 1:
        raise BadQueryError("name one item to stand beside the payer")
    item = listed(by)[0]
    if item not in sql.SINGLE:
        raise UnknownNameError("item", item, sql.SINGLE)
    rows = engine.fetch(sql.patterns((item,), where or {}, None, 0))
    rows = rows.drop_nulls([item, "payer_name"])
    size = pl.col("size")
    rows = rows.with_columns(size=clustered(), due=pl.col("expected").cast(pl.Float64))
    low, high = stats.poisson(rows.select(pl.col("denied") / size).to_series())
    return rows.select(
        pl.col("payer_name", item).cast(pl.String),
        n=pl.col("lines").cast(pl.Int64),
        denied=pl.col("denied").cast(pl.Int64),
        expected="due",
        value=pl.col("denied").cast(pl.Float64) / pl.col("due"),
        low=low * size / pl.col("due"),
        high=high * size / pl.col("due"),
    ).sort("payer_name", item)
