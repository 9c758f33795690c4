"""Counters that become the truth file: rates, waits, totals of files."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from analytics.sample.x12 import Totals

Json = dict[str, Any]


def dollars(cents: int) -> str:
    """Cents as a decimal string."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def month(day: date) -> str:
    """YYYY-MM."""
    return f"{day.year:04d}-{day.month:02d}"


class Rate:
    """Hits and n: over all, by payer, by month."""

    def __init__(self) -> None:
        self.hits: Counter[tuple[str, str]] = Counter()
        self.n: Counter[tuple[str, str]] = Counter()

    def add(self, payer: str, when: date, hits: int, n: int = 1) -> None:
        """Counts `hits` out of `n`."""
        for key in (("all", ""), ("payer_name", payer), ("month", month(when))):
            self.hits[key] += hits
            self.n[key] += n

    def result(self) -> Json:
        """The nested form written to the truth file."""
        found: Json = {"all": {"hits": 0, "n": 0}, "payer_name": {}, "month": {}}
        for (kind, value), n in sorted(self.n.items()):
            pair = {"hits": self.hits[kind, value], "n": n}
            if kind == "all":
                found["all"] = pair
            else:
                found[kind][value] = pair
        return found


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
