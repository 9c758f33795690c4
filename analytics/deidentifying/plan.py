"""What is asked of a copy: its level, and what happens to dates, providers and ZIP codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from analytics.deidentifying.declared import small_areas
from analytics.errors import UnknownNameError

Level: TypeAlias = Literal["limited", "safe-harbor"]
Dates: TypeAlias = Literal["keep", "shift", "year"]
_USUAL: dict[str, Dates] = {"limited": "keep", "safe-harbor": "year"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A level of 45 CFR 164.514 and its options.

    `dates` are kept (limited data sets only), shifted by person or cut to the year.
    """

    level: Level
    dates: Dates
    hide_providers: bool = False
    small: Sequence[str] = ()

    @property
    def is_limited(self) -> bool:
        """Whether it is to be a limited data set (164.514(e)): dates and ZIP codes may stay."""
        return self.level == "limited"

    @property
    def keeps_dates(self) -> bool:
        """Whether days are as they were."""
        return self.dates == "keep"

    @property
    def can_build(self) -> bool:
        """Whether facts built anew of the copy would be those of the original."""
        return self.keeps_dates and not self.hide_providers


def planned(
    level: str, dates: str | None, *, hide_providers: bool, small: Sequence[str] | None
) -> Plan:
    """The plan.  Raises UnknownNameError for a level or way with dates that there is not."""
    for levels in get_args(Level):
        if level == levels:
            break
    else:
        raise UnknownNameError("level", level, get_args(Level))
    allowed = get_args(Dates) if level == "limited" else ("shift", "year")
    chosen = dates or _USUAL[level]
    for way in get_args(Dates):
        if chosen == way and way in allowed:
            areas = small_areas() if small is None else small
            return Plan(level=levels, dates=way, hide_providers=hide_providers, small=areas)
    raise UnknownNameError(f"way with dates at level {level}", chosen, allowed)
