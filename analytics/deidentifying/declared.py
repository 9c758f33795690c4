"""What becomes of each column, as data: `columns.csv`, and whose row it is: `people.csv`."""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from analytics.errors import AnalyticsError

RULES = (
    "keep",  # says nothing of a person
    "own",  # what a database says of itself: the copy has its own
    "drop",  # names and free text
    "number",  # a pseudonym; what follows names the kind, equal values of a kind stay equal
    "provider",  # who gave or billed care: a pseudonym where asked for
    "file",  # number of a file: another one where dates are changed, as files come in order
    "id",  # an id: its upper half is the number of a file
    "date",  # a day in the life of a person
    "shared",  # a day of many people: of a payment, a file
    "until",  # a day, or the as-of day for what is still open
    "month",  # first day of a month of a person
    "month_no",  # months since the year 0
    "birth",
    "since",  # days up to the as-of day
    "wait",  # days up to the first of the days that follow, or to the as-of day while there is none
    "age",  # years of age; what follows is the column of the day
    "time",  # of day
    "state",  # two letters, nothing else that stands there
    "zip3",
    "zip_amount",  # what value codes stand for: of A0 a ZIP code
)


@cache
def columns() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The rule of each column of each table and fact, with what follows it."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows("columns.csv"):
        found.setdefault(row["table"], {})[row["column"]] = tuple(row["rule"].split())
    return found


@cache
def people() -> Mapping[str, tuple[str, str]]:
    """How the person of a row is found: by what, and in which column; only where it is asked."""
    return {row["table"]: (row["person_of"], row["column"]) for row in _rows("people.csv")}


@cache
def small_areas() -> tuple[str, ...]:
    """First three digits of ZIP codes of 20,000 people or fewer, by either Census.

    Of 2000 as HHS lists them in its guidance on de-identification; of 2010 as others derived them.
    """
    return tuple(row["zip3"] for row in _rows("zip3.csv"))


def areas_of(file: Path) -> tuple[str, ...]:
    """The areas of a CSV file of one's own, with a column `zip3`.

    Raises AnalyticsError where it cannot be read or has something else than three digits there.
    """
    try:
        lines = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
        found = [(row.get("zip3") or "").strip() for row in lines]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise AnalyticsError(f"{file} cannot be read as a CSV file") from None
    for number, area in enumerate(found, start=2):
        if not re.fullmatch("[0-9]{3}", area):
            raise AnalyticsError(f"{file}, line {number}: column zip3 is to hold three digits")
    if not found:
        raise AnalyticsError(f"{file} has no row: it needs a column zip3 and a row per area")
    return tuple(found)


def unequal(dates: str) -> dict[str, str]:
    """Metrics whose value is another on a copy with such days, and why.

    Numbers by month, week or day are others for every metric.
    """
    rows = _rows("unequal.csv")
    return {row["metric"]: row["reason"] for row in rows if dates in row["dates"].split()}


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("analytics").joinpath("deidentifying", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())
