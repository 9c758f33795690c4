"""What a published file is read to, and what its name says of the days it is for."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from analytics.errors import UnreadableFileError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Release:
    """A published file: the table its rows are for, its release, first and last day, its rows.

    `rows` has the columns of the table without `reference_id`; `ends` is None where nothing says.
    `more` are rows made of them for further tables.
    """

    kind: str
    name: str
    starts: dt.date
    ends: dt.date | None
    rows: pl.DataFrame
    more: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])


def found(pattern: str, file_name: str, what: str) -> re.Match[str]:
    """What the name of a file says.  Raises `UnreadableFileError` where it does not say it."""
    match = re.search(pattern, file_name.rsplit("/", 1)[-1], re.IGNORECASE)
    if match is None:
        raise UnreadableFileError(
            f"{file_name}: its name does not say {what}; keep the name it was published under"
        )
    return match


def month_of(text: str) -> int:
    """The number of a month by how its name begins; 0 for none."""
    begin = text.lower()[:3]
    return _MONTHS.index(begin) + 1 if begin in _MONTHS else 0


def quarter_end(day: dt.date) -> dt.date:
    """The last day of the quarter."""
    month = (day.month - 1) // 3 * 3 + 4
    return dt.date(day.year + month // 13, (month - 1) % 12 + 1, 1) - dt.timedelta(days=1)


def fiscal_year(year: int) -> tuple[dt.date, dt.date]:
    """The first and last day of a federal fiscal year, by which ICD-10 and the editor change."""
    return dt.date(year - 1, 10, 1), dt.date(year, 9, 30)
