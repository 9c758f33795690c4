"""What the cells of a notebook share: its database, its period, and the parts every report has."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import polars as pl

from analytics import formats, reconcile, reference, suppression, tables
from analytics.copies import copy_by
from analytics.engines.opening import opened
from analytics.metrics import CATALOGUE, Metric
from analytics.query import FIRST_DAY, LAST_DAY, Between
from analytics.tables import Html

_QUARTER = 3  # months
_LONG = 190  # days: more than two quarters
_UNMAPPED_NOTE = (
    "Codes count adjustments or remarks; payers and providers count claims. Nothing is dropped: a "
    "code is then no denial, a payer keeps its own name. `revcycle reference show` lists them."
)


class Workbook:
    """A database opened to be read, and a period of it; days may be None for all there is.

    `engine` is None for a DuckDB file, else the address of a Spark (`engines.address.FORMS`), and
    `database` a folder of tables with facts.  The key of an encrypted database is that of
    `keys.key_given`.  Raises `AnalyticsError`.
    """

    def __init__(
        self,
        database: str | Path,
        period_start: dt.date | None = None,
        period_end: dt.date | None = None,
        as_of: dt.date | None = None,
        *,
        engine: str | None = None,
    ) -> None:
        self.db = opened(database, engine)
        self.as_of = as_of or self.db.as_of
        self.start, self.end = period_start, period_end
        self.source = f"837 and 835 files, as of {self.as_of}."

    @property
    def few(self) -> int:
        """The largest count that is too small to show; 0 where small cells are shown."""
        return 0 if suppression.in_use() == suppression.SHOW else suppression.SMALL

    @property
    def period(self) -> Between:
        """The days of the period."""
        return Between(self.start or FIRST_DAY, (self.end or LAST_DAY) + dt.timedelta(days=1))

    def within(self, column: str) -> dict[str, Between]:
        """A filter: rows whose day, in that column, is in the period."""
        return {column: self.period}

    @property
    def _last_whole(self) -> dt.date:
        """The day after the last whole month."""
        last = min(self.end or LAST_DAY, self.as_of or LAST_DAY)
        return (last + dt.timedelta(days=1)).replace(day=1)

    @cached_property
    def months(self) -> tuple[Between, Between]:
        """The last three whole months of the period, and the three before."""
        third = self._last_whole
        second, first = _back(third, _QUARTER), _back(third, 2 * _QUARTER)
        return Between(first, second), Between(second, third)

    @property
    def months_told(self) -> str:
        """The same in words."""
        end = self._last_whole
        firsts = [formats.period(_back(end, back), "month") for back in (6, 4, 3, 1)]
        return "{2} to {3} against {0} to {1}.".format(*firsts)

    @property
    def step(self) -> str:
        """Quarters where the period holds whole ones enough to compare, else months."""
        first, newest = reconcile.span(self.db)
        start, end = self.start or first, self.end or newest
        is_long = start is None or end is None or (end - start).days > _LONG
        return "quarter" if is_long else "month"

    def head(self) -> Html:
        """Period and as-of day, then whether the facts are what the files say; alerts stand out."""
        first, newest = reconcile.span(self.db)
        days = [str(day) for day in (self.start or first, self.end or newest) if day]
        chosen = "" if self.start or self.end else " (all there is)"
        when = " to ".join(days) + chosen if days else "no dates"
        told = reconcile.summary(self.db)
        copy = copy_by(self.db)
        kind = {"De-identified copy": copy} if copy else {}
        whole = {"Period": when, "As of": self.as_of, **kind, **told}
        return tables.facts(whole, alert=reconcile.alerts(told))

    def kept_out(self) -> Html:
        """Records rejected, or loaded with a warning, by the rule they broke."""
        return tables.table(
            reconcile.kept_out(self.db), "Records rejected, or loaded with a warning"
        )

    def unmapped(self) -> Html:
        """Codes, payers and providers that no map names."""
        return tables.table(reference.unmapped(self.db), "In no map", note=_UNMAPPED_NOTE, small=10)

    def left_out(self, metrics: Iterable[Metric]) -> Html:
        """Rows that these do not count, by reason, in the whole database."""
        named = [m.excluded(self.db).select(pl.lit(m.title).alias("metric"), "*") for m in metrics]
        return tables.table(pl.concat(named), "Left out of the whole database, by reason", small=10)

    def say(self, *names: str) -> Html:
        """The definitions of metrics, by name."""
        return tables.definitions(CATALOGUE[name] for name in dict.fromkeys(names))

    def cards(self, where: dict[str, str]) -> Html:
        """One card per metric: its name to the date column that places it in the period."""
        return tables.cards(
            (CATALOGUE[name], CATALOGUE[name](self.db, where=self.within(column)))
            for name, column in where.items()
        )


def _back(day: dt.date, months: int) -> dt.date:
    """The first of the month so many months earlier."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(years, month + 1, 1)
