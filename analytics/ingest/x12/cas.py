"""CAS segments: a group code and up to six triplets of reason, amount and quantity."""

from collections.abc import Mapping

from analytics.ingest.x12.repeated import repeated
from analytics.ingest.x12.spans import Positions, integers
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

_TRIPLETS = 6


def triplets(name: str, found: Segments, owners: Mapping[str, Positions]) -> Table:
    """One row per triplet of the CAS segments; blank ones, also in the middle, are left out.

    `owners` are given per CAS segment that is new in the chunk.
    """
    rows = found.new("CAS")
    which, number = repeated(found, rows, first=2, step=3, most=_TRIPLETS)
    reason, amount, quantity = found.spans(rows[which], 2 + 3 * number, 3)
    said = (reason.length > 0) | (amount.length > 0)
    if not said.all():
        which, number = which[said], number[said]
        reason, amount, quantity = (part.where(said) for part in (reason, amount, quantity))
    table = Table(name, found, rows[which], {n: owner[which] for n, owner in owners.items()})
    table.columns["position"] = integers(number + 1)
    table.text(upper=True, group_code=1)
    table.columns["carc_code"] = found.column(reason, upper=True)
    table.add("amount", amount, "money", missing=0)
    table.add("quantity", quantity, "quantity")
    return table
