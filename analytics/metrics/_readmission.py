"""The kind of metric that counts readmissions, and says how it knew which were planned."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics import stats
from analytics.metrics._kinds import Proportion
from analytics.metrics._metric import Where
from analytics.query import Engine

_TO_LOAD = {
    "all_cause": "not checked whether planned: load CMS's lists with `revcycle reference load` "
    "(acute_diagnosis_icd_10_cm.csv, potentially_planned_icd_10_pcs.csv, ...)",
    "hwr_without_ccs": "not checked by CCS category: load AHRQ's ccs_dx_icd10cm and "
    "ccs_pr_icd10pcs files and the measure's lists of categories",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readmission(Proportion):
    """A share of index stays, with how many were judged without CMS's lists of planned stays.

    ``planned_rule`` is hwr where all were judged by the lists and CCS, hwr_without_ccs where the
    categories of CCS are not loaded, and all_cause where the lists are not: then planned
    readmissions count too.
    """

    @property
    def sums(self) -> tuple[str, ...]:
        return (
            f"count(*) FILTER (WHERE {self.event}) AS hits",
            "count(*) AS n",
            "count(*) FILTER (WHERE planned_rule = 'all_cause') AS all_cause",
            "count(*) FILTER (WHERE planned_rule = 'hwr_without_ccs') AS without_ccs",
        )

    def excluded(
        self, engine: Engine, *, where: Where | None = None, include_duplicates: bool = False
    ) -> pl.DataFrame:
        """As any metric; without `where` also how many stays no list judged, and what to load."""
        left = Proportion.excluded(self, engine, where=where, include_duplicates=include_duplicates)
        if where:
            return left
        parts = self(engine, by="planned_rule")
        told = parts.select(
            pl.col("planned_rule").replace_strict(_TO_LOAD, default=None).alias("reason"),
            "n",
            pl.lit(0).cast(pl.Decimal(18, 2)).alias("amount"),
        )
        return pl.concat([left, told.drop_nulls("reason")])

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        rule = (
            pl.when(pl.col("all_cause") > 0)
            .then(pl.lit("all_cause"))
            .when(pl.col("without_ccs") > 0)
            .then(pl.lit("hwr_without_ccs"))
            .when(pl.col("n") > 0)
            .then(pl.lit("hwr"))
        )
        told = [] if "planned_rule" in by else [rule.alias("planned_rule")]
        return parts.select(*by, "n", *stats.wilson("hits", "n"), "hits", *told)
