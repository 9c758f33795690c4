"""How much of a period is settled: a young one still has answers to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from analytics.formats import MATURE


@dataclass(frozen=True, slots=True, kw_only=True)
class Maturity:
    """What is settled of a metric's rows, in sums that add up over any split of them.

    A metric with a maturity also returns `column` and, over time, ``is_mature``.
    """

    column: Literal["answered_share", "settled_share"]
    settled: str  # SQL number: what of a row is settled
    whole: str = "1"  # SQL number: what of a row there is to settle
    waiting: tuple[str, ...] = ()  # reasons whose rows the metric leaves out, but that wait

    @property
    def sums(self) -> tuple[str, ...]:
        """Select items that add up."""
        return (
            f"CAST(coalesce(sum({self.settled}), 0) AS BIGINT) AS settled",
            f"CAST(coalesce(sum({self.whole}), 0) AS BIGINT) AS whole",
        )

    def joined(
        self, frame: pl.DataFrame, parts: pl.DataFrame, groups: Sequence[str]
    ) -> pl.DataFrame:
        """The metric's `frame` with the share settled of each group, from the sums in `parts`."""
        added = parts.select(*groups, *matured("settled", "whole", self.column, groups))
        if not groups:
            return pl.concat([frame, added], how="horizontal")
        return frame.join(added, on=groups, how="left", nulls_equal=True, maintain_order="left")


def matured(settled: str, whole: str, column: str, groups: Sequence[str]) -> list[pl.Expr]:
    """The share settled and, over time, whether it makes the period mature.

    The share is null where there is nothing to settle: then nothing is missing.
    """
    share = pl.col(settled) / pl.when(pl.col(whole) > 0).then(pl.col(whole))
    is_mature = (share >= MATURE).fill_null(value=True).alias("is_mature")
    return [share.alias(column), *([is_mature] if "period" in groups else [])]
