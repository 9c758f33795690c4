"""CAS segments: a group code and up to six triplets of reason, amount and quantity."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from analytics.ingest.x12.spans import Positions, Span, series
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

_TRIPLETS = 6


def triplets(name: str, found: Segments, owners: Mapping[str, Positions]) -> Table:
    """One row per triplet of the CAS segments; blank ones, also in the middle, are left out.

    `owners` are given per CAS segment that is new in the chunk.
    """
    rows = found.new("CAS")
    count = found.repeats(rows, first=2, step=3, most=_TRIPLETS)
    spans = [[found.span(rows, 2 + 3 * k + i) for i in range(3)] for k in range(count)]
    said = [(reason.length > 0) | (amount.length > 0) for reason, amount, _ in spans]
    picked = [np.flatnonzero(mask) for mask in said]
    which = np.concatenate(picked)
    order = np.argsort(which, kind="stable") if count > 1 else slice(None)
    which = which[order]
    table = Table(name, found, rows[which], {n: owner[which] for n, owner in owners.items()})
    reason, amount, quantity = (
        Span.joined([spans[k][i].where(picked[k]) for k in range(count)]).where(order)
        for i in range(3)
    )
    place = np.repeat(np.arange(1, count + 1, dtype=np.int32), [len(p) for p in picked])[order]
    table.columns["position"] = series(pa.int32(), None, place)
    table.text(upper=True, group_code=1)
    table.columns["carc_code"] = found.strings(reason, upper=True)
    table.add("amount", amount, "money")
    table.typed["amount"] = table.typed["amount"].filled(0)
    table.add("quantity", quantity, "quantity")
    return table
