"""Periods a report is made for: whole months, and weeks from Monday to Sunday (ISO 8601)."""

import datetime as dt
from dataclasses import dataclass

_DAY = dt.timedelta(days=1)
EVERY = ("month", "week", "load")  # `load`: all there is, whenever it changed


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, and the name that files of it have: ``2026-10`` or ``2026-W44``."""

    first: dt.date
    last: dt.date
    name: str


def of(every: str, day: dt.date) -> Period:
    """The month or week that a day is in."""
    if every == "week":
        monday = day - dt.timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(monday, monday + 6 * _DAY, f"{year}-W{week:02}")
    first = day.replace(day=1)
    return Period(first, (first + 31 * _DAY).replace(day=1) - _DAY, f"{day:%Y-%m}")


def last_whole(every: str, day: dt.date) -> Period:
    """The last one that had ended before a day."""
    return before(every, of(every, day))


def before(every: str, period: Period) -> Period:
    """The one before."""
    return of(every, period.first - _DAY)


def through(every: str, first: Period, last: Period) -> list[Period]:
    """All from the one to the other; none where the first is the later."""
    found = list[Period]()
    while first <= last:
        found.append(first)
        first = of(every, first.last + _DAY)
    return found


def named(every: str, name: str) -> Period | None:
    """The period of such a name; None where it is none."""
    form = "%G-W%V-%u" if every == "week" else "%Y-%m-%d"
    try:
        day = dt.datetime.strptime(f"{name}-1", form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    found = of(every, day)
    return found if found.name == name else None
