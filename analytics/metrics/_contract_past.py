"""A contract's months up to the last that is over: people, and dollars by when they were known."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from analytics.query import Engine, Query
from analytics.stats.triangles import Floats

_MONTHS = """
SELECT contract_name, month, member_months, new_members, run_out_months
FROM contract_month
WHERE month <= CAST($at AS DATE)
ORDER BY contract_name, month
"""
_COSTS = """
SELECT
    contract_name,
    month,
    known_month,
    sum(claim_count) AS claim_count,
    sum(answered_claim_count) AS answered_claim_count,
    sum(expenditure_amount) AS expenditure_amount
FROM contract_cost
WHERE month <= CAST($at AS DATE)
  AND (known_month IS NULL OR known_month <= CAST($at AS DATE))
GROUP BY contract_name, month, known_month
ORDER BY contract_name, month, known_month ASC NULLS LAST
"""
BEFORE = 36  # months before a performance year that tell how it will go


class Past(NamedTuple):
    """Months of service in order, the last being the last that is over.

    ``first`` is the place of the first month of the performance year, below 0 where the data begin
    within it and beyond the end where it has not begun.
    """

    triangle: Floats  # dollars by month of service and months until known
    known: Floats  # dollars by month of service, those of no known day too
    members: Floats  # member months
    new_members: Floats
    run_out: Floats  # member months of which all claims had time to come
    first: int
    is_dated: bool  # whether all dollars have a day on which they were known

    @property
    def part(self) -> slice:
        """The months over of the performance year."""
        size = len(self.known)
        return slice(max(min(self.first, size), 0), max(min(self.first + 12, size), 0))

    @property
    def over(self) -> int:
        """How many months of the year are over, whether or not anybody was a member."""
        return max(min(len(self.known) - self.first, 12), 0)

    @property
    def is_final(self) -> bool:
        """Whether the year is over and all its claims had time to come."""
        covered = self.members[self.part].sum()
        return self.over == 12 and bool(covered > 0 and covered == self.run_out[self.part].sum())


class Months(NamedTuple):
    """What the facts say of all contracts."""

    people: pl.DataFrame
    costs: pl.DataFrame
    until: dt.date

    def past(self, contract: str, year: int) -> Past | None:
        """The months of one contract about a year; None where it has no members by then."""
        people = self.people.filter(pl.col("contract_name") == contract)
        costs = self.costs.filter(pl.col("contract_name") == contract)
        last = _number(self.until)
        begins = year * 12  # the number of its January
        spent = costs.filter(pl.col("expenditure_amount") != 0)["month"].to_list()
        if people.is_empty() or not spent:
            return None
        # Before the first dollar nobody has claims; but months of the year count from the first.
        covered = max(_number(people["month"][0]), begins)
        start = min(max(_number(min(spent)), begins - BEFORE), covered)
        size = last - start + 1
        if size < 1:
            return None
        triangle, members = np.zeros((size, size)), np.zeros((3, size))
        columns = ("member_months", "new_members", "run_out_months")
        of_people = people.filter(_numbered("month") >= start)
        at = of_people.select(_numbered("month") - start).to_series().to_numpy()
        for row, name in enumerate(columns):
            members[row, at] = of_people[name].cast(pl.Float64).to_numpy()
        told = costs.filter(_numbered("month") >= start)
        known = np.zeros(size)
        np.add.at(known, *_cells(told, start, ("month",)))
        dated = told.drop_nulls("known_month")
        (origin, seen), amounts = _places(dated, start)
        np.add.at(triangle, (origin, np.maximum(seen - origin, 0)), amounts)
        is_dated = told.filter(
            pl.col("known_month").is_null() & (pl.col("expenditure_amount") != 0)
        ).is_empty()
        covered, new, run_out = members
        return Past(triangle, known, covered, new, run_out, begins - start, is_dated)


def months(engine: Engine, until: dt.date) -> Months:
    """The months of every contract up to the one that ends on `until`."""
    people, costs = (engine.fetch(Query(text, {"at": until})) for text in (_MONTHS, _COSTS))
    return Months(people, costs, until)


def _number(day: dt.date) -> int:
    """Months since the year 0, January being a multiple of twelve."""
    return day.year * 12 + day.month - 1


def _numbered(name: str) -> pl.Expr:
    return pl.col(name).dt.year().cast(pl.Int64) * 12 + pl.col(name).dt.month() - 1


def _cells(
    frame: pl.DataFrame, start: int, names: Sequence[str]
) -> tuple[tuple[np.ndarray, ...], Floats]:
    places = tuple(frame.select(_numbered(name) - start).to_series().to_numpy() for name in names)
    return places, frame["expenditure_amount"].cast(pl.Float64).to_numpy()


def _places(frame: pl.DataFrame, start: int) -> tuple[tuple[np.ndarray, ...], Floats]:
    return _cells(frame, start, ("month", "known_month"))
