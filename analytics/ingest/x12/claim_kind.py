"""What kind of claim an 837 holds, and how it says where the service was."""

from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.columns import first_of
from analytics.ingest.x12.loops import group_header
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask, Span, booleans, nulls
from analytics.ingest.x12.table import Table

_PREDETERMINATION = "X291|X292|X300"
_TYPES = {
    "professional": "X222|X291|X098",
    "institutional": "X223|X292|X096",
    "dental": "X224|X300|X097",
}
_PROFESSIONAL, _INSTITUTIONAL = 0, 1  # places in the list above


def add_kind(tree: Tree, claims: Table) -> None:
    """What kind of claim it is: by the guide named, else by CLM05-2; and where it was served."""
    found, rows = tree.found, claims.rows
    facility, form, frequency = found.components(found.span(rows, 5), 3)
    guided, asks_price = _of_guide(tree)
    at = claims.owners["set"]
    by_form = np.where(found.codes(form) == packed("A"), _INSTITUTIONAL, _PROFESSIONAL)
    kind = np.where(guided[at] < 0, by_form, guided[at])
    institutional = kind == _INSTITUTIONAL
    elsewhere = Span(facility.start, np.where(institutional, 0, facility.length))
    asks = found.codes(found.span(rows, 19)) == packed("PB")
    claims.columns |= {
        "claim_type": pl.Series(values=list(_TYPES))[kind],
        "frequency_code": found.column(frequency),
        "place_of_service_code": found.column(elsewhere),
    }
    if institutional.any():
        both = found.strings(facility), claims.columns["frequency_code"]
        claims.columns["bill_type_code"] = _bill_type(*both, institutional)
    else:
        claims.columns["bill_type_code"] = nulls(len(claims), pl.String)
    claims.flags["is_predetermination"] = asks | asks_price[at]


def _of_guide(tree: Tree) -> tuple[NDArray[np.int64], Mask]:
    """Per set the kind of claim its guide is for (-1: not told), and whether it asks for a price.

    The last place stands for no set.
    """
    found, sets = tree.found, tree.levels["set"]
    guide = first_of(found.text(sets, 3), found.text(group_header(found, sets), 8))
    same = _told(guide[0]) if guide.n_unique() == 1 else None
    kinds, asks = same or _guides(guide)
    kind = np.full(len(sets) + 1, -1)
    kind[:-1] = kinds
    return kind, np.append(np.broadcast_to(asks, len(sets)), False)


@lru_cache(maxsize=64)
def _told(guide: str | None) -> tuple[NDArray[np.int64], Mask]:
    """The same of one guide: all sets of a file mostly name one."""
    return _guides(pl.Series(values=[guide], dtype=pl.String))


def _guides(guides: pl.Series) -> tuple[NDArray[np.int64], Mask]:
    patterns = {**_TYPES, "asks": _PREDETERMINATION}
    named = pl.col("guide").str.contains
    told = guides.to_frame("guide").select(
        named(pattern).fill_null(value=False).alias(name) for name, pattern in patterns.items()
    )
    kind = np.full(len(guides), -1)
    for number, name in reversed(list(enumerate(_TYPES))):
        kind[told[name].to_numpy()] = number
    return kind, told["asks"].to_numpy()


def _bill_type(facility: pl.Series, frequency: pl.Series, institutional: Mask) -> pl.Series:
    """Type of bill: facility and frequency, on institutional claims."""
    both = pl.DataFrame({"facility": facility, "frequency": frequency})
    code = pl.concat_str("facility", "frequency", ignore_nulls=True)
    written = both.select(code.alias("bill"))["bill"]
    return written.zip_with(booleans(institutional), pl.Series([None], dtype=pl.String))
