"""The balances of an 835 (005010X221A1, section 1.10.2.1) and of an 837, to the cent."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from analytics.ingest.x12.loops import pick
from analytics.ingest.x12.numbers import total_series
from analytics.ingest.x12.spans import Positions, booleans
from analytics.ingest.x12.table import Table, sums


def remits(claims: Table, lines: Table, adjustments: Table) -> None:
    """Add ``is_balanced``: charge less adjustments is the amount paid."""
    amount = adjustments.typed["amount"].values
    for table in (claims, lines):
        taken = sums(adjustments.owners[table.level], amount, len(table))
        due = table.typed["charge_amount"].values - taken
        table.flags["is_balanced"] = due == table.typed["paid_amount"].values


def remit_totals(
    sets: Positions, claims: Table, lines: Table, taken: Table, remits: pl.DataFrame
) -> pl.DataFrame:
    """Per set (``transaction_id``) what its balance needs; adds up over the chunks of a file.

    `sets` are the ST segments, `taken` the provider adjustments, `remits` the payments that begin
    in this chunk.
    """
    of_claims, count = claims.owners["set"], len(sets)
    of_lines = of_claims[lines.owners["claim"]]
    said = remits.select(
        transaction_id="remit_id", stated="payment_amount", reference_number="trace_number"
    )
    found = pl.DataFrame(
        {
            "transaction_id": claims.found.records(sets),
            "claim_count": _count(of_claims, count),
            "counted": _sum(of_claims, claims, "paid_amount", count),
            "taken": _sum(taken.owners["set"], taken, "amount", count),
            "unbalanced_claim_count": _count(of_claims[~claims.flags["is_balanced"]], count),
            "unbalanced_line_count": _count(of_lines[~lines.flags["is_balanced"]], count),
        }
    )
    return pl.concat([found, said], how="diagonal")


def claim_totals(
    sets: Positions, claims: Table, lines: Table, header: Mapping[str, pl.Series]
) -> pl.DataFrame:
    """Per 837 set its claims and lines; adds up over the chunks of a file.

    `header` has further columns, one value per set.
    """
    of_claims, count = claims.owners["set"], len(sets)
    of_lines = of_claims[lines.owners["claim"]]
    summed, rows = claims.flags["is_summed"], np.arange(len(claims))
    last = pick(count, of_claims[::-1], rows[::-1])
    return pl.DataFrame(
        {
            "transaction_id": claims.found.records(sets),
            "claim_count": _count(of_claims, count),
            "counted": _sum(of_claims, claims, "billed_amount", count),
            "stated": _sum(of_lines, lines, "billed_amount", count),
            "unbalanced_claim_count": _count(of_claims[~summed], count),
            "last_is_balanced": booleans(np.append(summed, False)[last], last >= 0),
            **header,
        }
    )


def _count(owner: Positions, count: int) -> pl.Series:
    return pl.Series(values=np.bincount(owner[owner >= 0], minlength=count))


def _sum(owner: Positions, table: Table, name: str, count: int) -> pl.Series:
    return total_series(sums(owner, table.typed[name].values, count))
