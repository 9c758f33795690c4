"""Small cells: counts of 1 to 10 people, and what would tell them, are not shown.

The rule is CMS's cell size policy: no cell of 1 to 10 is shown, nor what lets it be worked out.
Frames of groups in, which rows to hide out; no queries.
"""

from analytics.suppression.frame import (
    DEEP,
    FEW,
    Hidden,
    along,
    hidden,
    suppressed,
    without_running,
)
from analytics.suppression.mode import (
    HIDE,
    HOW,
    SHOW,
    SMALL,
    STRICT,
    Told,
    asked,
    in_use,
    is_released,
    use,
    using,
)

__all__ = [
    "DEEP",
    "FEW",
    "HIDE",
    "HOW",
    "SHOW",
    "SMALL",
    "STRICT",
    "Hidden",
    "Told",
    "along",
    "asked",
    "hidden",
    "in_use",
    "is_released",
    "suppressed",
    "use",
    "using",
    "without_running",
]
