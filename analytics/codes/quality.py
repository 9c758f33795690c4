"""What maps of quality measures must hold to beyond the form of their columns."""

import polars as pl

from analytics.cells import LINE as _LINE

_FORMS = {
    "procedure": r"^[0-9A-Z]{5}$",
    "diagnosis": r"^[A-Z][0-9A-Z]{0,6}$",
    "icd_procedure": r"^[0-9A-Z]{7}$",
    "place": r"^[0-9]{2}$",
}


def measure_faults(raw: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines of a file of `quality_measure`, numbered in `_line`, that break a rule, and why."""
    before, within = (pl.col(f"diagnosis_months_{name}") for name in ("before", "within"))
    again = pl.col("measure").is_not_null() & ~pl.col("measure").is_first_distinct()
    return [
        _said(raw, "diagnosis_months_within", before.is_null() != within.is_null(),
              "goes with diagnosis_months_before"),
        _said(raw, "measure", again, "names the measure of a line above"),
    ]  # fmt: skip


def code_faults(raw: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines of a file of `quality_code`, likewise."""
    code, kind = pl.col("code"), pl.col("code_kind")
    odd_age = pl.col("min_age").is_not_null() & (pl.col("role") != "exclusion")
    return [
        *(
            _said(raw, "code", (kind == name) & ~code.str.contains(form), f"is no {name} code")
            for name, form in _FORMS.items()
        ),
        _said(raw, "modifier", ~pl.col("modifier").str.contains(r"^[0-9A-Z]{2}$"),
              "is no modifier: two letters or digits"),
        _said(raw, "min_age", odd_age, "is of exclusions alone"),
    ]  # fmt: skip


def _said(rows: pl.DataFrame, column: str, test: pl.Expr, fault: str) -> pl.DataFrame:
    told = pl.format("line {}, column {}: it {}", _LINE, pl.lit(column), pl.lit(fault))
    return rows.filter(test.fill_null(value=False)).select(_LINE, said=told)
