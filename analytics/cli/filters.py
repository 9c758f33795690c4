"""Filters and periods as they are written on the command line."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import typer

from analytics.query import Between


def filters(where: list[str] | None) -> dict[str, Any]:
    """Filters from ``column=value`` texts."""
    found: dict[str, Any] = {}
    for text in where or ():
        column, sign, wanted = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"{text!r} has no '=': write --where column=value")
        found[column.strip()] = _wanted(wanted.strip())
        _check_form(column.strip(), wanted.strip())
    return found


def listed(texts: list[str] | None) -> list[str]:
    """Names from an option that may be repeated, or hold several with commas."""
    return [name.strip() for text in texts or () for name in text.split(",") if name.strip()]


def _check_form(column: str, wanted: str) -> None:
    """Raise where a value is not of the form that the dimension has."""
    for end, (form, kind, example) in _FORMS.items():
        values = [part for part in re.split(r"\.\.|\|", wanted) if part]
        if column.endswith(end) and not all(form(value) for value in values):
            raise typer.BadParameter(f"{column} is {kind}: write it as {example}")


def _is_day(text: str) -> bool:
    return isinstance(_value(text), dt.date)


# Dimensions whose name ends like this are not text: what their values must look like.
_FORMS: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "_date": (_is_day, "a date", "2026-10-31, or 2026-10-01..2026-10-31"),
    "month": (_is_day, "the first day of a month", "2026-10-01, or 2026-01-01..2026-10-01"),
    "_no": (str.isdecimal, "a number", "1, or 1..3"),
    "em_level": (str.isdecimal, "a number", "5, or 4..5"),
}


def _wanted(text: str) -> Any:
    if not text:
        return None
    low, dots, high = text.partition("..")
    if dots:
        return Between(_value(low), _value(high), high_included=True)
    listed = [_value(part) for part in text.split("|")]
    return listed if len(listed) > 1 else listed[0]


def _value(text: str) -> Any:
    """A date or a yes/no where the text is one; other text stays text, as codes are text."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text or None


def _in_order(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    if first > last:
        raise typer.BadParameter(f"the period begins on {first}, after its last day {last}")
    return first, last


def days(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``FROM..TO``, of a month ``CCYY-MM``, or of a week ``CCYY-Www``."""
    first, dots, last = period.partition("..")
    try:
        if dots:
            return _in_order(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        if re.fullmatch(r"\d{4}-W\d\d", period):
            monday = dt.date.fromisoformat(f"{period}-1")
            return monday, monday + dt.timedelta(days=6)
        start = dt.date.fromisoformat(f"{period}-01")
    except ValueError:
        raise typer.BadParameter(
            f"{period!r} is not a period: write 2026-10 or 2026-01-01..2026-10-31"
        ) from None
    following = (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return start, following - dt.timedelta(days=1)
