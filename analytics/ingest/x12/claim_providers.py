"""Who else is named on claims and lines of an 837 (loops 2310 and 2420): one row per provider."""

import numpy as np
import polars as pl

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.table import Table

# NM101 and the role it stands for.  73, FA, LI and TL are of version 4010.
ROLES = {
    "82": "rendering",
    "77": "facility",
    "DN": "referring",
    "P3": "primary_care",
    "71": "attending",
    "72": "operating",
    "ZZ": "other_operating",
    "DQ": "supervising",
    "DK": "ordering",
    "QB": "purchased",
    "DD": "assistant_surgeon",
    "73": "other",
    "FA": "facility",
    "LI": "facility",
    "TL": "facility",
}


def providers(tree: Tree) -> Table:
    """The providers of claims and lines, not those that other payers know by numbers of theirs."""
    found, names = tree.found, tree.names
    role = np.full(len(names.rows), -1, np.int64)
    for number, name in enumerate(ROLES):
        role[names.qualifiers == packed(name)] = number
    at = np.flatnonzero((role >= 0) & (names.rows >= found.context))
    rows = names.rows[at]
    own = (tree.loops.innermost("claim", rows) >= 0) | (tree.loops.innermost("line", rows) >= 0)
    rows, role = rows[own], role[at[own]]
    table = Table("claim_provider", found, rows)
    if len(rows):
        words = pl.Series(values=list(ROLES.values()), dtype=pl.String)
        table.columns["role"] = words[role]
        table.columns["npi"] = tree.npi(rows)
        table.text(tree.below(rows, "PRV"), taxonomy_code=3)
    return table
