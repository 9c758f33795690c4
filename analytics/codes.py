"""The code tables that come with the library: reasons for adjustments, in our own words."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files

import polars as pl

from analytics import schema

# Reason codes that leave the naming to a remark code, beyond those the published list marks.
_SAYS_LITTLE = ("16", "96", "125", "129", "148", "226", "227", "252", "A1")
_FILES: Mapping[str, str] = {
    "carc": "carc_groups.csv",
    "rarc": "rarc_codes.csv",
    "plb_reason": "plb_reason_codes.csv",
}


def code_tables() -> dict[str, pl.DataFrame]:
    """The rows of carc, rarc and plb_reason, in the columns and types of the core schema."""
    made = {"carc": _carc(_read("carc")), "rarc": _rarc(_read("rarc"))}
    made["plb_reason"] = _read("plb_reason").rename({"plb": "reason_code"})
    return {
        name: frame.select(
            pl.col(column).cast(kind) for column, kind in schema.polars_schema(name).items()
        )
        for name, frame in made.items()
    }


@cache
def version() -> str:
    """A short hash of the code files: facts built with equal versions used equal rules."""
    text = b"".join(_path(name) for name in _FILES)
    return sha256(text).hexdigest()[:12]


def _carc(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.rename({"carc": "carc_code", "soft_or_hard": "hardness"}).with_columns(
        is_retired=pl.col("status") == "retired",
        says_little=(pl.col("rarc_required") == "yes").fill_null(value=False)
        | pl.col("carc_code").is_in(_SAYS_LITTLE),
    )


def _rarc(raw: pl.DataFrame) -> pl.DataFrame:
    return raw.rename({"rarc": "rarc_code"}).with_columns(is_retired=pl.col("status") == "retired")


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(_path(name), infer_schema=False)


def _path(name: str) -> bytes:
    return files("analytics").joinpath("sql", "reference", _FILES[name]).read_bytes()
