"""``--tolerance``: by how much an amount may be off and still count as equal."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from analytics.metrics import Priced

Tolerance = Annotated[
    str | None,
    typer.Option(
        metavar="DOLLARS,PERCENT",
        help="Of underpayment, its worklist and contract_match_rate: how far off counts as equal.",
    ),
]


def within(metric: Any, tolerance: str | None, name: str) -> Any:
    """The metric by another tolerance; as it is without one.  `name` is what was asked for."""
    if tolerance is None:
        return metric
    if not isinstance(metric, Priced):
        raise typer.BadParameter(f"{name} takes no --tolerance")
    try:
        amount, percent = (Decimal(part) for part in tolerance.split(","))
    except (InvalidOperation, ValueError):
        raise typer.BadParameter("write --tolerance as dollars,per cent: 5,2") from None
    return metric.within(amount=amount, percent=percent)
