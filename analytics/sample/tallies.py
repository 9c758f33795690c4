"""Counters that become the truth file: rates, waits, totals of files."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from analytics.sample.x12 import Totals

Json = dict[str, Any]
Part = tuple[str, str]  # all, payer_name or month; which


def dollars(cents: int) -> str:
    """Cents as a decimal string."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@lru_cache(maxsize=8192)
def month(day: date) -> str:
    """YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


class Pairs:
    """Two sums, kept by payer and month: hits and n, or dollars over dollars."""

    names = ("hits", "n")
    in_cents = (False, False)

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], list[int]] = {}

    def add(self, payer: str, when: str, first: int, second: int = 1) -> None:
        """Adds to both sums; `when` is a month."""
        pair = self.counts.get((payer, when))
        if pair is None:
            pair = self.counts[payer, when] = [0, 0]
        pair[0] += first
        pair[1] += second

    def result(self) -> Json:
        """The nested form written to the truth file."""
        found: Json = {"all": self._pair(self.counts.values())}
        for at, name in enumerate(("payer_name", "month")):
            groups = sorted({key[at] for key in self.counts})
            found[name] = {
                group: self._pair(pair for key, pair in self.counts.items() if key[at] == group)
                for group in groups
            }
        return found

    def _pair(self, counts: Iterable[list[int]]) -> Json:
        sums = [sum(values) for values in zip(*counts, strict=True)] or [0, 0]
        return {
            name: dollars(value) if is_money else value
            for name, value, is_money in zip(self.names, sums, self.in_cents, strict=True)
        }


class Rate(Pairs):
    """Hits out of n; each call of `add` is one more of `n`."""


class Dollars(Pairs):
    """Dollars over dollars."""

    names = ("top", "bottom")
    in_cents = (True, True)


class Amount(Pairs):
    """Dollars, and of how many."""

    names = ("amount", "n")
    in_cents = (True, False)


class Wait:
    """Days waited: of those whose wait ended, and of those still waiting."""

    def __init__(self) -> None:
        self.ended: defaultdict[Part, Counter[int]] = defaultdict(Counter)
        self.waiting: defaultdict[Part, Counter[int]] = defaultdict(Counter)

    def add(self, payer: str, when: str, start: date, stop: date | None, last: date) -> None:
        """Counts one wait from `start`, censored on `last` where it did not end."""
        side = self.waiting if stop is None else self.ended
        days = ((stop or last) - start).days
        for part in (("all", ""), ("payer_name", payer), ("month", when)):
            side[part][days] += 1

    def result(self) -> Json:
        """n, events and percentiles over all, by payer and month; both histograms but by month."""
        found: Json = {"all": self._one(("all", "")), "payer_name": {}, "month": {}}
        for kind, name in sorted({*self.ended, *self.waiting} - {("all", "")}):
            found[kind][name] = self._one((kind, name))
        return found

    def _one(self, part: Part) -> Json:
        ended, waiting = self.ended[part], self.waiting[part]
        told: Json = {"n": ended.total() + waiting.total(), "events": ended.total()}
        told |= percentiles(ended, waiting)
        if part[0] == "month":
            return told
        return told | {
            "event_days": {str(day): ended[day] for day in sorted(ended)},
            "censored_days": {str(day): waiting[day] for day in sorted(waiting)},
        }


def percentiles(ended: Counter[int], waiting: Counter[int]) -> dict[str, int | None]:
    """The day by which a quarter, half ... are done, by Kaplan and Meier; None where never.

    Who is still waiting after a day's events leaves the risk set on that day.
    """
    found: dict[str, int | None] = dict.fromkeys(("p25", "p50", "p75", "p90"))
    at_risk, still = ended.total() + waiting.total(), Fraction(1)
    for day in sorted({*ended, *waiting}):
        still *= 1 - Fraction(ended[day], at_risk)
        at_risk -= ended[day] + waiting[day]
        for name in found:
            if found[name] is None and still <= 1 - Fraction(int(name[1:]), 100):
                found[name] = day
    return found


def file_truth(totals: Totals) -> Json:
    """What one file holds."""
    return {
        "transaction_sets": totals.transaction_sets,
        "claims": totals.claims,
        "lines": totals.lines,
        "billed": dollars(totals.billed),
        "remit_claims": totals.remit_claims,
        "remit_lines": totals.remit_lines,
        "charge": dollars(totals.charge),
        "paid": dollars(totals.paid),
        "adjustments": {
            group: dollars(amount) for group, amount in sorted(totals.adjustments.items())
        },
        "plb": dollars(totals.plb),
        "bpr": dollars(totals.bpr),
    }


def add_up(files: Iterable[Totals]) -> Totals:
    """The totals of all files."""
    total = Totals()
    for one in files:
        total.add(one)
    return total
