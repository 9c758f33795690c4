"""Counters that become the truth file: rates, waits, totals of files."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from analytics.sample.x12 import Totals

Json = dict[str, Any]


def dollars(cents: int) -> str:
    """Cents as a decimal string."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@lru_cache(maxsize=8192)
def month(day: date) -> str:
    """YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


class Rate:
    """Hits and n, kept by payer and month."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str], list[int]] = {}

    def add(self, payer: str, when: str, hits: int) -> None:
        """Counts one more of `n`, with `hits` 0 or 1; `when` is its month."""
        pair = self.counts.get((payer, when))
        if pair is None:
            pair = self.counts[payer, when] = [0, 0]
        pair[0] += hits
        pair[1] += 1

    def result(self) -> Json:
        """The nested form written to the truth file."""
        found: Json = {"all": _pair(self.counts.values())}
        for at, name in enumerate(("payer_name", "month")):
            groups = sorted({key[at] for key in self.counts})
            found[name] = {
                group: _pair(pair for key, pair in self.counts.items() if key[at] == group)
                for group in groups
            }
        return found


def _pair(counts: Iterable[list[int]]) -> dict[str, int]:
    pairs = list(counts)
    return {"hits": sum(pair[0] for pair in pairs), "n": sum(pair[1] for pair in pairs)}


class Wait:
    """Days waited: of those whose wait ended, and of those still waiting."""

    def __init__(self) -> None:
        self.ended: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.waiting: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, payer: str, start: date, stop: date | None, last: date) -> None:
        """Counts one wait from `start`, censored on `last` where it did not end."""
        side = self.waiting if stop is None else self.ended
        days = ((stop or last) - start).days
        side[""][days] += 1
        side[payer][days] += 1

    def result(self) -> Json:
        """n, events and both histograms, over all and by payer."""
        payers = sorted({*self.ended, *self.waiting} - {""})
        return {"all": self._one(""), "payer_name": {payer: self._one(payer) for payer in payers}}

    def _one(self, payer: str) -> Json:
        ended, waiting = self.ended[payer], self.waiting[payer]
        return {
            "n": ended.total() + waiting.total(),
            "events": ended.total(),
            "event_days": {str(day): ended[day] for day in sorted(ended)},
            "censored_days": {str(day): waiting[day] for day in sorted(waiting)},
        }


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
