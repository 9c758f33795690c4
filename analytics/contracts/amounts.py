"""Numbers and columns as a caller gives them, read exactly; what is neither is refused by name."""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from numbers import Integral, Real
from typing import Any, cast

import numpy as np
import polars as pl

from analytics.errors import AnalyticsError

MOST_PEOPLE = 10**9  # the last of CMS's bands ends there
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")
_CONTEXT = Context(prec=40, rounding=ROUND_HALF_UP)  # whatever the caller has set for other sums
_NOT = "is not a number, such as 1234.50 without commas or a currency sign"


class ContractError(AnalyticsError):
    """Terms of a contract that cannot be, or amounts that cannot be settled under them."""


def decimal(name: str, value: Any) -> Decimal:
    """A number as a Decimal, floats by the digits they print.  Raises `ContractError`."""
    is_number = not isinstance(value, bool) and isinstance(value, Decimal | Real | str)
    try:
        # Of numpy too; a whole number is not made text, which Python limits in length.
        given = int(value) if isinstance(value, Integral) else value
        found = Decimal(given if isinstance(given, int | Decimal) else str(given))
    except (InvalidOperation, ValueError, TypeError, AttributeError):
        raise ContractError(f"{name} {_NOT}") from None
    if not is_number or not found.is_finite():
        raise ContractError(f"{name} {_NOT}")
    return found


def rounded(number: Decimal, to: Decimal) -> Decimal:
    """Half away from zero, to the digits of `to`."""
    return number.quantize(to, context=_CONTEXT)


def dollars(name: str, value: Any) -> Decimal:
    """An amount to the cent, from 0 to less than a trillion."""
    found = decimal(name, value)
    if found < 0:
        raise ContractError(f"{name} is below 0")
    if found >= _LARGEST or rounded(found, _CENT) >= _LARGEST:
        raise ContractError(f"{name} is a trillion dollars or more")
    return rounded(found, _CENT)


def people(name: str, value: Any) -> int | None:
    """A number of people; None where it is missing, which NaN says in columns of floats."""
    if value is None or (isinstance(value, float | Decimal) and math.isnan(_quiet(value))):
        return None
    found = decimal(name, value)
    if not 1 <= found <= MOST_PEOPLE or found != int(found):
        raise ContractError(f"{name} must be whole numbers of at least 1, up to a billion")
    return int(found)


def year(name: str, value: Any) -> int:
    """A calendar year, such as 2026."""
    try:
        found = decimal(name, value)
    except ContractError:
        raise ContractError(f"{name} is no year, such as 2026") from None
    if not 1 <= found <= 9999 or found != int(found):
        raise ContractError(f"{name} is no year, such as 2026")
    return int(found)


def is_column(value: Any) -> bool:
    """Whether it has many values.  Text has one, whatever its length, and so has a 0-d array."""
    is_array = hasattr(value, "__len__") and getattr(value, "ndim", 1) != 0
    return is_array and not isinstance(value, str | bytes | bytearray)


def column(name: str, value: Any) -> list[Any]:
    """The values of a list, a tuple, or a column of polars, pandas, numpy or pyarrow."""
    if isinstance(cast("object", value), np.ndarray) and value.ndim == 1:
        return list(value)  # of its own kind: a narrow float prints fewer digits
    if isinstance(value, Sequence):
        return list(cast("Sequence[Any]", value))
    is_table = hasattr(value, "columns") or hasattr(value, "column_names")
    is_readable = hasattr(value, "__arrow_c_stream__") or hasattr(value, "__array__")
    if is_readable and not is_table:
        return _read(name, value)
    raise ContractError(f"{name} {_NOT}, or a column of them")


def _read(name: str, value: Any) -> list[Any]:
    try:
        return pl.Series(value).to_list()
    except (TypeError, ValueError, NotImplementedError, pl.exceptions.PolarsError):
        raise ContractError(f"{name} is no column of numbers") from None


def _quiet(value: float | Decimal) -> float:
    """The number as a float; a signalling NaN is one too."""
    return math.nan if isinstance(value, Decimal) and value.is_nan() else float(value)
