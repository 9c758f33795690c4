"""The rules that a row of an extract can break, as numbers in the stage's column `fault`."""

from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from analytics.ingest.rules import REASONS


class Fault(NamedTuple):
    """A rule, and where it was broken."""

    rule: str
    table: str
    column: str | None = None  # as the map names it


@dataclass(slots=True)
class Faults:
    """Gives each fault a number; those of a lower one are told first."""

    known: list[Fault] = field(default_factory=list[Fault])

    def number(self, rule: str, table: str, column: str | None = None) -> int:
        """The number of a fault, from 1."""
        fault = Fault(rule, table, column)
        if fault not in self.known:
            self.known.append(fault)
        return self.known.index(fault) + 1

    def of(self, *rules: str) -> list[int]:
        """The numbers of the faults of these rules."""
        return [n for n, fault in enumerate(self.known, 1) if fault.rule in rules]

    def frame(self) -> pl.DataFrame:
        """Each fault as `rejected` tells it, with its number."""
        rows = [
            (n, f.table, "rejected", f.rule, REASONS[f.rule], f.column)
            for n, f in enumerate(self.known, 1)
        ]
        names = ("fault", "table_name", "severity", "rule", "reason", "column_name")
        return pl.DataFrame(
            rows, schema=dict.fromkeys(names, pl.String) | {"fault": pl.UInt16}, orient="row"
        )
