"""Who an 837 names: patients, payers and providers."""

import numpy as np
import polars as pl

from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.tokens import Positions

_PROVIDERS = ("85", "82", "77", "DN", "P3", "71", "72", "DQ")


def patient_rows(tree: Tree) -> Positions:
    """Per claim the NM1 that names its patient: the dependent's, else the subscriber's."""
    subscriber = tree.above("subscriber", tree.names.of("subscriber", "IL"))
    dependent = tree.above("patient", tree.names.of("patient", "QC"))
    return np.where(dependent >= 0, dependent, subscriber).astype(np.int32)


def payer_rows(tree: Tree) -> Positions:
    """Per claim the NM1 that names the payer billed."""
    return tree.above("subscriber", tree.names.of("subscriber", "PR"))


def patients(tree: Tree) -> pl.DataFrame:
    """One row per patient named on a claim; a dependent carries the subscriber's member number."""
    found, rows = tree.found, patient_rows(tree)
    subscriber = tree.above("subscriber", tree.names.of("subscriber", "IL"))
    home, birth = tree.below(rows, "N4"), tree.below(rows, "DMG")
    frame = pl.DataFrame(
        {
            "record_no": found.records(rows),
            "member_id": found.text(subscriber, 9).str.to_uppercase(),
            "last_name": found.text(rows, 3).str.to_uppercase(),
            "first_name": found.text(rows, 4).str.to_uppercase(),
            "birth_date": found.text(birth, 2),
            "sex_code": found.text(birth, 3).str.to_uppercase(),
            "postal_code": found.text(home, 3),
            "state_code": found.text(home, 2).str.to_uppercase(),
        }
    )
    return frame.filter(pl.col("record_no").is_not_null()).unique("record_no", maintain_order=True)


def payers(tree: Tree) -> pl.DataFrame:
    """One row per payer named on a claim."""
    found, rows = tree.found, np.unique(payer_rows(tree))
    rows = rows[rows >= 0].astype(np.int32)
    return pl.DataFrame(
        {
            "record_no": found.records(rows),
            "payer_code": found.text(rows, 9),
            "payer_name": found.text(rows, 3).str.to_uppercase(),
        }
    )


def providers(tree: Tree) -> pl.DataFrame:
    """One row per NPI named, with its first name and taxonomy."""
    found = tree.found
    rows = tree.names.rows[tree.names.having(*_PROVIDERS)]
    taxonomy = found.text(tree.below(rows, "PRV"), 3)
    billing = tree.loops.segments.of("PRV")
    frame = pl.DataFrame(
        {
            "record_no": found.records(rows),
            "npi": tree.npi(rows),
            "last": found.text(rows, 3).str.to_uppercase(),
            "given": found.text(rows, 4).str.to_uppercase(),
            "taxonomy_code": taxonomy,
            "billing_taxonomy": _billing_taxonomy(tree, rows, billing),
        }
    )
    named = pl.concat_str("last", "given", separator=", ", ignore_nulls=True)
    return (
        frame.filter(pl.col("npi").is_not_null())
        .group_by(
            (pl.col("record_no") // RECORDS_PER_FILE).alias("file"), "npi", maintain_order=True
        )
        .agg(
            pl.col("record_no").first(),
            named.first().alias("provider_name"),
            pl.coalesce("taxonomy_code", "billing_taxonomy")
            .drop_nulls()
            .first()
            .alias("taxonomy_code"),
        )
        .drop("file")
    )


def _billing_taxonomy(tree: Tree, rows: Positions, prv: Positions) -> pl.Series:
    """PRV*BI stands before the NM1 of the billing provider, in its HL loop."""
    found, loops = tree.found, tree.loops
    of_billing = np.full(len(tree.levels["billing"]), -1, np.int32)
    owner = loops.innermost("billing", prv)
    of_billing[owner[owner >= 0]] = prv[owner >= 0]
    at = loops.innermost("billing", rows)
    is_billing = (at >= 0) & tree.names.having("85")[tree.names.having(*_PROVIDERS)]
    index = np.where(is_billing, at, -1)
    if not len(of_billing):
        return found.text(np.full(len(rows), -1, np.int32), 3)
    return found.text(np.where(index >= 0, of_billing[index], -1).astype(np.int32), 3)
