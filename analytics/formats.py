"""Numbers and names as people read them: percent, dollars, days, periods.  Text in, text out.

Figures and tables share these, so that a number reads the same in both.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from textwrap import wrap
from typing import Any, Protocol, TypeAlias

import polars as pl

from analytics import suppression
from analytics.errors import BadQueryError

Number: TypeAlias = int | float | Decimal

GAP = "\N{NARROW NO-BREAK SPACE}"  # between a number and its %
DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
NOTHING = "\N{EM DASH}"  # stands where there is no value
NOT_STATED = "not stated"  # the name of a group whose key is null
SHORT = {"cob", "cpt", "drg", "ncci", "npi", "pmpm"}  # said letter by letter
SMALL = suppression.SMALL  # groups of 1 to this many are not shown
HIDDEN = "hidden"  # stands for a count that is not shown
MATURE = 0.95  # a period with this share settled can be compared with older ones


class Described(Protocol):
    """What a figure or a table must know of a metric."""

    @property
    def title(self) -> str:
        """Its name in a heading."""
        ...

    @property
    def definition(self) -> str:
        """One sentence a biller could check."""
        ...

    @property
    def unit(self) -> str:
        """share, days, denials, dollars, or dollars per something."""
        ...

    @property
    def better(self) -> str:
        """Lower or higher."""
        ...


# Columns that say what was asked of a metric other than usual: figures and tables name it by them.
ASKED = ("counted_from", "older_than")


def as_asked(frame: pl.DataFrame, metric: Described) -> Described:
    """The metric as its frame was asked for: counted from another day, or of another age.

    Raises `BadQueryError` for the name of a metric, which studies take and figures do not.
    """
    if isinstance(metric, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise BadQueryError(f"give the metric itself: rc.metrics.CATALOGUE[{metric!r}]")
    asked = {name: frame[name][0] for name in ASKED if name in frame.columns and frame.height}
    named = getattr(metric, "as_asked", None)
    return named(asked) if asked and named else metric


def is_dollars(unit: str) -> bool:
    """Whether the unit is money: `dollars`, or dollars per something."""
    return unit.startswith("dollars")


def value(number: Number | None, unit: str) -> str:
    """`number` in its unit: ``18.2 %``, ``$1,234.50``, ``23 days``; a dash for null."""
    if number is None or number != number:  # NaN is the one number unlike itself
        return NOTHING
    text = bare(number, unit)
    if unit == "share":
        return f"{text}{GAP}%"
    if unit == "days":
        return f"{text} {'day' if number == 1 else 'days'}"
    return text


def bare(number: Number, unit: str) -> str:
    """`number` without the sign of its unit, as it stands in a column that names the unit."""
    sign = MINUS if number < 0 else ""
    size = abs(number)
    if unit == "share":
        return f"{sign}{size * 100:.1f}"
    if is_dollars(unit):
        return f"{sign}${size:,.2f}"
    if unit in ("denials", "score"):  # of a claim, of a member: the first decimals tell
        return f"{sign}{size:,.2f}"
    if isinstance(size, int) or size == int(size):
        return f"{sign}{int(size):,}"
    return f"{sign}{size:,.1f}"


def interval(low: Number | None, high: Number | None, unit: str) -> str:
    """The two ends, unit once: ``7.1-9.3 %`` with an en dash; an open end is said in words."""
    if low is None and high is None:
        return NOTHING
    if high is None:
        return f"from {value(low, unit)}"
    if low is None:
        return f"to {value(high, unit)}"
    if bare(low, unit) == bare(high, unit):
        return value(low, unit)
    # A minus sign before or after a dash is hard to read.
    between = " to " if low < 0 or high < 0 else DASH
    return f"{bare(low, unit)}{between}{value(high, unit)}"


def whole(number: Number | None, unit: str) -> str:
    """As `value`, dollars without cents: beside a bar or on a card they say nothing."""
    if number is None or number != number or not is_dollars(unit):
        return value(number, unit)
    return value(round(number), unit).removesuffix(".00")


def short_dollars(number: float) -> str:
    """Dollars for an axis: ``$950``, ``$12k``, ``$3.4M``."""
    size, sign = float(f"{abs(number):.3g}"), MINUS if number < 0 else ""
    for step, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= step:
            return f"{sign}${size / step:.3g}{letter}"
    return f"{sign}${size:,.0f}" if size >= 10 or size == int(size) else f"{sign}${size:,.2f}"


def group(key: Any) -> str:
    """The name of a group; a null key, and several keys together, have one too."""
    if isinstance(key, (tuple, list)):
        return " · ".join(group(part) for part in key)  # pyright: ignore[reportUnknownVariableType]
    if key is None:
        return NOT_STATED
    if key == "":
        return "none"
    if isinstance(key, dt.date):
        return key.isoformat()
    return words(key) if isinstance(key, str) else str(key)


def words(key: str) -> str:
    """A key made of lower-case letters and underscores, as words; any other text as it is."""
    if key != key.lower() or not key.replace("_", "").isalpha():
        return key
    return " ".join(part.upper() if part in SHORT else part for part in key.split("_"))


def heading(column: str) -> str:
    """A column's name as a table heads it: ``payer_name`` is Payer, ``billed_amount`` Billed."""
    text = column.removesuffix("_name").removesuffix("_code").removesuffix("_amount")
    text = text.removesuffix("_date").replace("_", " ").strip() or column
    return HEADINGS.get(column) or text[0].upper() + text[1:]


HEADINGS = {
    "as_of": "As of",
    "n": "n",
    "billing_npi": "Billing NPI",
    "denial_carc": "CARC",
    "events": "Done",
    "modifier_key": "Modifiers",
    "st_control_number": "ST control number",
    "waiting": "Still waiting",
    "carc_code": "CARC",
    "facility_npi": "Facility NPI",
    "is_mature": "Settled",
    "old": "Old dollars",
    "rarc_code": "RARC",
    "rendering_npi": "Rendering NPI",
}


def folded(text: str, width: int, lines: int = 2) -> str:
    """`text` in at most `lines` lines of `width` characters; what does not fit is cut off."""
    parts = wrap(text, width, break_on_hyphens=False) or [""]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1].rstrip() + ELLIPSIS]
    return "\n".join(parts)


def period(day: dt.date, every: str) -> str:
    """A period by its first day: ``Oct 2026``, ``Q4 2026``, ``2026``, or the day itself."""
    if every == "month":
        return f"{day:%b %Y}"
    if every == "quarter":
        return f"Q{(day.month + 2) // 3} {day.year}"
    return str(day.year) if every == "year" else day.isoformat()


def every_of(days: Sequence[dt.date]) -> str:
    """The step that first days of periods keep to: year, quarter, month or day."""
    if not days or any(day.day != 1 for day in days):
        return "day"
    months = sorted({day.year * 12 + day.month for day in days})
    steps = [later - month for month, later in pairwise(months)]
    if steps and all(step % 12 == 0 for step in steps):
        return "year" if all(day.month == 1 for day in days) else "month"
    starts = all(day.month % 3 == 1 for day in days)
    return "quarter" if steps and starts and all(step % 3 == 0 for step in steps) else "month"


def groups_of(frame: pl.DataFrame) -> list[str]:
    """The columns a metric's frame is grouped by: those left of `n`, the period apart."""
    columns = frame.columns
    left = columns[: columns.index("n")] if "n" in columns else columns[:1]
    return [column for column in left if column not in ("period", "days")]


def is_small(frame: pl.DataFrame, small: int = SMALL) -> pl.Series:
    """Which rows count 1 to `small` things, or people, and so could point at a person."""
    if "n" not in frame.columns or suppression.in_use() == suppression.SHOW:
        return pl.Series([False] * frame.height, dtype=pl.Boolean)
    few = frame["n"].is_between(1, small).fill_null(value=False)
    return (
        few | frame[suppression.FEW].fill_null(value=False)
        if suppression.FEW in frame.columns
        else few
    )


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """A metric's frame with what is known of the people behind it, where that is asked for."""
    known = getattr(frame, "guarded", None)
    return known() if callable(known) else frame  # pyright: ignore[reportReturnType]


def is_young(frame: pl.DataFrame) -> pl.Series:
    """Which rows are of a period not settled yet."""
    if "is_mature" not in frame.columns:
        return pl.Series([False] * frame.height, dtype=pl.Boolean)
    return ~frame["is_mature"].fill_null(value=True)


def settled(row: Mapping[str, Any]) -> float | None:
    """How much is settled of what a row tells; None where enough is, or nothing is said of it."""
    shares = (row.get(name) for name in ("settled_share", "answered_share"))
    return next((float(share) for share in shares if share is not None and share < MATURE), None)


def not_settled(share: float) -> str:
    """The words for a number that still moves."""
    return f"not settled yet: {value(share, 'share')} so far"


def count(number: int, small: int = SMALL) -> str:
    """A count of what could point at a person: ``1-10`` for a small one, with an en dash."""
    return f"1{DASH}{small}" if 1 <= number <= small else f"{number:,}"


def hidden(frame: pl.DataFrame, small: int = SMALL) -> suppression.Hidden:
    """Which rows show no numbers, and whether they keep their place."""
    few = 0 if suppression.in_use() == suppression.SHOW else small
    period = ["period"] if "period" in frame.columns else []
    return suppression.hidden(frame, [*groups_of(frame), *period], few)


def listed(
    frame: pl.DataFrame, small: int = SMALL
) -> tuple[pl.DataFrame, pl.Series, suppression.Hidden]:
    """The rows that keep their place, which of them show no numbers, and what was found."""
    found = hidden(frame, small)
    frame = suppression.without_running(frame, found.rows)
    if found.are_listed:
        return frame, found.rows, found
    kept = frame.filter(~found.rows)
    return kept, pl.Series([False] * kept.height, dtype=pl.Boolean), found


def withheld(frame: pl.DataFrame, small: int = SMALL, known: pl.Series | None = None) -> pl.Series:
    """Which rows show no numbers: the small ones, and as many more as keep these unknown.

    With `known` only these are to be kept unknown, along one line of all rows.
    """
    if known is None:
        return hidden(frame, small).rows
    if suppression.in_use() == suppression.SHOW:
        return known
    return suppression.along(frame["n"].fill_null(0), known, small)
