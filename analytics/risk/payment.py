"""From raw scores to those that payment goes by: normalisation, coding intensity, blend."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import cast

import polars as pl

from analytics.frames import Frame, read_frame
from analytics.risk.findings import require
from analytics.risk.tables import HccError

_DIGITS = 3
_NUMBERS = ("weight", "normalization", "coding_adjustment")
_COLUMNS = ("payment_year", "model", *_NUMBERS)


def payment_factors(path: str | Path | None = None) -> pl.DataFrame:
    """One row per payment year and model: ``payment_year, model, weight, normalization``.

    With ``coding_adjustment``, whether each is checked against its source (``is_verified``), and
    the ``source``.  They come from `path`, a CSV file of these columns, or from the library: write
    those as CSV, correct them, and name the file.
    Raises `HccError` for a file that is none of this form.
    """
    shipped = files("analytics").joinpath("risk", "payment_factors.csv").read_bytes()
    try:
        raw = pl.read_csv(path or shipped, infer_schema=False)
        require(raw, "the table of payment factors", _COLUMNS)
        return _typed(raw)
    except (OSError, TypeError, pl.exceptions.PolarsError):
        raise HccError(f"{path} is no table of payment factors: {', '.join(_COLUMNS)}") from None


def _typed(raw: pl.DataFrame) -> pl.DataFrame:
    year, numbers = pl.col("payment_year").cast(pl.Int64), pl.col(_NUMBERS).cast(pl.Float64)
    return raw.with_columns(year, numbers)


def _given(factors: Frame) -> pl.DataFrame:
    table = read_frame(factors, "factors", HccError)
    require(table, "factors", _COLUMNS)
    try:
        return _typed(table)
    except pl.exceptions.PolarsError:
        raise HccError(
            f"factors must have numbers in payment_year, {', '.join(_NUMBERS)}"
        ) from None


def _frames(scores: Mapping[str, Frame]) -> dict[str, pl.DataFrame]:
    """The scores of each model: one row a person, who is of one type in all of them."""
    if not isinstance(cast("object", scores), Mapping):
        raise HccError('scores must be by model: {"V28": what hcc_scores gave}')
    found = {m: read_frame(one, f"scores of {m}", HccError) for m, one in scores.items()}
    for model, frame in found.items():
        require(frame, f"scores of {model}", ("person_id", "score"))
        if not (frame.schema["score"].is_numeric() or frame.schema["score"] == pl.Null):
            raise HccError(f"scores of {model} must have numbers in score")
        if frame["person_id"].is_duplicated().any():
            raise HccError(f"scores of {model} have a person twice")
    if len({frame.schema["person_id"] for frame in found.values()}) > 1:
        raise HccError("person_id is of one type in the scores of one model and another in others")
    score = pl.col("score").cast(pl.Float64).fill_nan(None)
    return {model: frame.with_columns(score) for model, frame in found.items()}


def payment_scores(
    scores: Mapping[str, Frame],
    payment_year: int,
    *,
    factors: Frame | None = None,
    is_coding_adjusted: bool = True,
) -> pl.DataFrame:
    """The score that payment goes by in a year: ``person_id, score``.

    Each model's raw score is divided by its normalisation factor, lowered by the coding-intensity
    adjustment and weighted; every step is rounded to three decimals, as CMS does.

    Args:
        scores: what `hcc_scores` gave, by model: ``{"V24": ..., "V28": ...}``.
        payment_year: the year.
        factors: as `payment_factors` gives them; those of the library by default, which are not
            verified against the announcements: its `is_verified` and `source` say so.
        is_coding_adjusted: False for programs that do not lower scores for coding, such as ACOs.

    Returns:
        One row per person of the first model's frame, in its order; null where a score is.

    Raises:
        HccError: no factors for the year, weights that do not add up to 1, a normalisation not
            above 0, a model missing, or what is no such frame.

    Source: CMS rate announcements (Medicare Advantage, part C).
    """
    table = payment_factors() if factors is None else _given(factors)
    by_model = _frames(scores)
    if not isinstance(cast("object", payment_year), int):
        raise HccError("payment_year must be a year, such as 2026")
    of_year = table.filter(payment_year=payment_year)
    _check(of_year, by_model, payment_year, table)
    parts: list[pl.DataFrame] = []
    for row in of_year.iter_rows(named=True):  # a year has one or two models
        lowered = 1 - row["coding_adjustment"] if is_coding_adjusted else 1
        normal = (pl.col("score") / row["normalization"]).round(_DIGITS)
        paid = (normal * lowered).round(_DIGITS) * row["weight"]
        parts.append(by_model[row["model"]].select("person_id", **{row["model"]: paid}))
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, on="person_id", how="left", maintain_order="left")
    models = of_year["model"].to_list()
    total = pl.sum_horizontal(models, ignore_nulls=False).round(_DIGITS)
    return joined.select("person_id", score=total)


def _check(
    of_year: pl.DataFrame, scores: Mapping[str, pl.DataFrame], year: int, table: pl.DataFrame
) -> None:
    if of_year.is_empty():
        known = ", ".join(map(str, table["payment_year"].unique().sort()))
        raise HccError(f"there are no payment factors for {year}, only for {known}")
    is_usable = pl.all_horizontal(pl.col(_NUMBERS).is_finite(), pl.col("normalization") > 0)
    if not of_year.select(is_usable.fill_null(value=False).all()).item():
        raise HccError(
            f"a factor of {year} is missing or no number, or a normalization not above 0"
        )
    if abs(of_year["weight"].sum() - 1) > 1e-9:
        raise HccError(f"the weights of {year} do not add up to 1")
    missing = [model for model in of_year["model"] if model not in scores]
    if missing:
        raise HccError(f"{year} is paid by scores of {', '.join(missing)} too: give them as well")
