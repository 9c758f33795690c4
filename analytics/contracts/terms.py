"""The terms of a contract, held to what a contract can say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import numpy as np

from analytics.contracts.amounts import ContractError, decimal, dollars, rounded, year

CMS_TABLE = "cms"
COMPLEMENT = "complement"
_ZERO, _ONE = Decimal(0), Decimal(1)
_DIGITS = Decimal("1e-12")  # rates are kept to so many decimals
_MINIMUMS = ("minimum_savings_rate", "minimum_loss_rate")
_OPTIONAL = ("minimum_loss_rate", "loss_rate", "savings_cap", "loss_cap", "revenue_loss_cap")
_RATES = (
    "sharing_rate", "quality", "loss_rate_floor", "loss_rate_ceiling", "loss_waived", *_MINIMUMS,
    *_OPTIONAL[1:],
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a contract says.  Rates are shares of 1; ints, text and floats are made Decimal.

    Args:
        sharing_rate: the share of savings that is paid out, before quality.
        sides: ``"one"`` shares savings only, ``"two"`` losses as well.
        minimum_savings_rate: savings below this share of the benchmark count as none; ``"cms"``
            takes it from CMS's table by assigned beneficiaries.
        minimum_loss_rate: likewise for losses; None for the same as for savings.
        quality: what the sharing rate is multiplied by.
        is_quality_met: False shares no savings, and the most of losses.
        savings_cap: the most that is paid out, as a share of the benchmark; None for no cap.
        loss_rate: the share of losses owed; ``"complement"`` for 1 less the final sharing rate.
        loss_rate_floor: the least that the complement comes to.
        loss_rate_ceiling: the most that the complement comes to.
        loss_cap: the most that is owed, as a share of the benchmark.
        revenue_loss_cap: the most that is owed, as a share of `revenue_amount`; the lower of both
            caps binds.
        revenue_amount: the revenue that `revenue_loss_cap` is of, dollars above 0.
        loss_waived: the share of a loss, after its cap, that is not owed: months of disaster times
            the share of beneficiaries struck.
        sequestration: the share held back of savings: one, or one by performance year.
        performance_year: which of those applies.
        name: what the contract is called.

    Raises:
        ContractError: a rate outside 0 to 1, words not known, a cap without what it is of, a
            revenue not above 0, a flag that is neither True nor False, a year that is none.
    """

    sharing_rate: Decimal
    sides: str = "one"
    minimum_savings_rate: Decimal | str = _ZERO
    minimum_loss_rate: Decimal | str | None = None
    quality: Decimal = _ONE
    is_quality_met: bool = True
    savings_cap: Decimal | None = None
    loss_rate: Decimal | str | None = None
    loss_rate_floor: Decimal = _ZERO
    loss_rate_ceiling: Decimal = _ONE
    loss_cap: Decimal | None = None
    revenue_loss_cap: Decimal | None = None
    revenue_amount: Decimal | None = None
    loss_waived: Decimal = _ZERO
    sequestration: Decimal | Mapping[int, Decimal] = field(default=_ZERO)
    performance_year: int | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Make every rate a Decimal, and refuse what no contract can say."""
        made: dict[str, Any] = {one: self._rate(one, getattr(self, one)) for one in _RATES}
        made |= {"sequestration": self._sequestration(), "is_quality_met": self._is_quality_met()}
        if self.revenue_amount is not None:
            made["revenue_amount"] = self._revenue()
        if self.performance_year is not None:
            made["performance_year"] = year("performance_year", self.performance_year)
        for name, value in made.items():
            object.__setattr__(self, name, value)
        self._check()

    @property
    def sequestration_rate(self) -> Decimal:
        """The share held back in the performance year.  Raises `ContractError` where none is."""
        if isinstance(self.sequestration, Decimal):
            return self.sequestration
        year = self.performance_year
        if year is None:
            raise ContractError(
                "sequestration is by year: give the performance_year (--year), one of "
                f"{', '.join(map(str, self.sequestration))}"
            )
        if year not in self.sequestration:
            raise ContractError(
                f"sequestration is by year and has none for performance_year {year}; "
                f"its years: {', '.join(map(str, self.sequestration))}"
            )
        return self.sequestration[year]

    def _rate(self, name: str, value: Any) -> Decimal | str | None:
        word = CMS_TABLE if name in _MINIMUMS else COMPLEMENT if name == "loss_rate" else None
        if (value is None and name in _OPTIONAL) or (
            word and isinstance(value, str) and value == word
        ):
            return value
        rate = decimal(name, value)
        if not _ZERO <= rate <= _ONE:
            hint = f", or {word!r}" if word else ""
            raise ContractError(f"{name} must be a share from 0 to 1{hint}; it is {rate}")
        return rounded(rate, _DIGITS)

    def _sequestration(self) -> Decimal | dict[int, Decimal]:
        if not isinstance(self.sequestration, Mapping):
            return _told(self._rate("sequestration", self.sequestration))
        found = {
            year("sequestration by year: a key", one): _told(
                self._rate(f"sequestration of {one}", rate)
            )
            for one, rate in self.sequestration.items()
        }
        if len(found) < len(self.sequestration):
            raise ContractError("sequestration by year names a year twice")
        return found

    def _revenue(self) -> Decimal:
        """Above 0: a cap of no revenue would waive every loss, of less than none pay for it."""
        found = decimal("revenue_amount", self.revenue_amount)
        amount = dollars("revenue_amount", found) if found > 0 else found
        if amount <= 0:
            raise ContractError("revenue_amount must be above 0")
        return amount

    def _is_quality_met(self) -> bool:
        """A flag; text is none, as 'false' would be true."""
        flag: Any = self.is_quality_met
        if not isinstance(flag, (bool, np.bool_)):
            raise ContractError("is_quality_met must be True or False, and not text or a number")
        return bool(cast("Any", flag))

    def _check(self) -> None:
        sides, name, revenue = (getattr(self, one) for one in ("sides", "name", "revenue_amount"))
        if not isinstance(sides, str) or sides not in ("one", "two"):
            raise ContractError(f"sides must be 'one' or 'two'; it is {self.sides!r}")
        if self.sides == "two" and self.loss_rate is None:
            raise ContractError("a two-sided contract needs a loss_rate, or 'complement' for it")
        if self.loss_rate_floor > self.loss_rate_ceiling:
            raise ContractError("loss_rate_floor is above loss_rate_ceiling")
        if self.revenue_loss_cap is not None and revenue is None:
            raise ContractError("revenue_loss_cap needs the revenue_amount it is a share of")
        if not isinstance(name, str):
            raise ContractError("name must be text")


def _told(rate: Decimal | str | None) -> Decimal:
    if not isinstance(rate, Decimal):
        raise ContractError("sequestration is not a number")
    return rate
