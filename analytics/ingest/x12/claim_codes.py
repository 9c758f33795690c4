"""HI segments of an 837: diagnoses of every kind, and the DRG."""

import numpy as np
import polars as pl

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.loops import ordinal

_COMPOSITES = 12
_PRESENT_ON_ADMISSION = 8

# Qualifier: kind and code system.  ABx is ICD-10-CM, the older two-letter form ICD-9-CM.
_DIAGNOSES = {
    "ABK": ("principal", "icd10"),
    "BK": ("principal", "icd9"),
    "ABF": ("other", "icd10"),
    "BF": ("other", "icd9"),
    "ABJ": ("admitting", "icd10"),
    "BJ": ("admitting", "icd9"),
    "APR": ("reason", "icd10"),
    "PR": ("reason", "icd9"),
    "ABN": ("external", "icd10"),
    "BN": ("external", "icd9"),
}


def diagnoses(tree: Tree) -> pl.DataFrame:
    """One row per diagnosis.

    Principal and other ones count in one list, as pointers do: principal 1, others from 2.
    """
    codes = _codes(tree)
    kinds = pl.DataFrame(
        [(q, kind, system) for q, (kind, system) in _DIAGNOSES.items()],
        schema=["qualifier", "kind", "code_system"],
        orient="row",
    )
    frame = codes.join(kinds, on="qualifier", how="inner", maintain_order="left")
    pointed = pl.col("kind").is_in(["principal", "other"])
    frame = frame.with_columns(
        listing=pl.when(pointed).then(pl.lit("listed")).otherwise("kind"),
        principal_first=pl.col("kind") != "principal",
    ).sort("claim_id", "listing", "principal_first", "record_no", "order", nulls_last=True)
    key = frame.select(pl.struct("claim_id", "listing").rle_id())["claim_id"].to_numpy()
    nothing = pl.lit(None, pl.String)
    return frame.select(
        "record_no",
        "claim_id",
        pl.Series("position", ordinal(key.astype(np.int32)), dtype=pl.Int32),
        pl.col("code")
        .str.to_uppercase()
        .str.replace_all(".", "", literal=True)
        .alias("diagnosis_code"),
        "kind",
        "code_system",
        "present_on_admission_code",
        fault=nothing,
        doubt=nothing,
    )


def drg(tree: Tree) -> pl.DataFrame:
    """Claims (``claim_id``) with their ``drg_code``."""
    codes = _codes(tree).filter(pl.col("qualifier") == "DR")
    return codes.group_by("claim_id").agg(pl.col("code").first().alias("drg_code"))


def _codes(tree: Tree) -> pl.DataFrame:
    """One row per composite of every HI segment: qualifier, code, present on admission."""
    found, rows = tree.found, tree.found.new("HI")
    base = pl.DataFrame(
        {
            "record_no": found.record_no[rows],
            "claim_id": found.records(tree.loops.at("claim", rows)),
        }
    )
    listed: list[pl.DataFrame] = []
    for k in range(found.repeats(rows, first=1, step=1, most=_COMPOSITES)):
        whole = found.span(rows, 1 + k)
        listed.append(
            base.with_columns(
                order=pl.lit(k, pl.Int32),
                qualifier=found.strings(found.component(whole, 0)).str.to_uppercase(),
                code=found.strings(found.component(whole, 1)),
                present_on_admission_code=found.strings(
                    found.component(whole, _PRESENT_ON_ADMISSION)
                ).str.to_uppercase(),
            ).filter(pl.col("code").is_not_null())
        )
    return pl.concat(listed)
