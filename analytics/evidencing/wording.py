"""What codes mean that are in no table of the database: lists that come with the library."""

from functools import cache
from importlib.resources import files

import polars as pl

_LISTS = {
    "group": ("cagc.csv", "cagc"),
    "claim status (CLP02)": ("clp02_claim_status.csv", "clp02"),
}
# CLM05-3, in our own words.
_FREQUENCY = {
    "1": "Original claim",
    "2": "Interim bill, the first of a stay",
    "3": "Interim bill, one that continues",
    "4": "Interim bill, the last of a stay",
    "5": "Late charges, to be added",
    "7": "Replaces the claim sent before",
    "8": "Voids the claim sent before",
}
UNKNOWN = "in no map of this database"


def worded(codes: pl.DataFrame) -> pl.DataFrame:
    """The frame ``code_list, code, meaning`` with every meaning filled in."""
    keys = ["code_list", "code"]
    told = codes.join(_shipped(), on=keys, how="left", maintain_order="left")
    meaning = pl.coalesce("meaning", "wording", pl.lit(UNKNOWN)).alias("meaning")
    return told.select(*keys, meaning)


@cache
def _shipped() -> pl.DataFrame:
    frames = [
        pl.DataFrame(
            {
                "code_list": ["frequency"] * len(_FREQUENCY),
                "code": list(_FREQUENCY),
                "wording": list(_FREQUENCY.values()),
            }
        )
    ]
    for name, (file, column) in _LISTS.items():
        content = files("analytics").joinpath("sql", "reference", file).read_bytes()
        rows = pl.read_csv(content, infer_schema=False)
        frames.append(rows.select(pl.lit(name).alias("code_list"), pl.col(column).alias("code"),
                                  pl.col("short_wording").alias("wording")))  # fmt: skip
    return pl.concat(frames)
