"""The options that say what becomes of small cells, and the frames of exports without them."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from analytics import formats, suppression
from analytics.exporting.place import placed

SmallCells = Annotated[
    str | None,
    typer.Option(
        "--small-cells",
        metavar="HOW",
        help="hide: groups of 1 to 10 people and what would tell them, as if not given; strict:"
        " parts of every rate too; show: all, for a --reason.",
    ),
]
Reason = Annotated[
    str | None,
    typer.Option(
        "--reason", help="Why small cells are shown, without names: it is written beside them."
    ),
]


def told(
    small_cells: str | None, reason: str | None, *, is_written: bool
) -> suppression.Told | None:
    """The way with small cells of a file; None on the screen, where all is shown."""
    if not is_written:
        if small_cells or reason:
            raise typer.BadParameter("--small-cells is of files: add --out")
        return None
    return suppression.asked(small_cells, reason)


def without_small(frame: pl.DataFrame, cells: suppression.Told | None) -> pl.DataFrame:
    """The frame as a file holds it.  Rows of a list, which count nothing, stay as they are."""
    if cells is None or cells.how == suppression.SHOW or not is_counted(frame):
        return frame
    if "n" not in frame.columns:
        return _curves(frame)
    with suppression.using(cells.how):
        known = formats.guarded(frame)
    period = ["period"] if "period" in known.columns else []
    return suppression.suppressed(known, [*formats.groups_of(known), *period])


def is_counted(frame: pl.DataFrame) -> bool:
    """Whether its rows are of groups, or of curves of groups, and not of a list."""
    return not {"n", "at_risk"}.isdisjoint(frame.columns)


def _curves(frame: pl.DataFrame) -> pl.DataFrame:
    """Without the curves of groups that are small, or would tell one: none has a row left."""
    groups = [c for c in frame.columns[: frame.columns.index("days")] if c != "outcome"]
    whole = pl.col("at_risk").max().alias("n")
    sizes = frame.group_by(groups).agg(whole) if groups else frame.select(whole)
    gone = sizes.filter(suppression.hidden(sizes, groups).rows)
    if not groups:
        return frame if gone.is_empty() else frame.clear()
    return frame.join(gone, on=groups, how="anti", nulls_equal=True, maintain_order="left")


def write_reason(out: Path, cells: suppression.Told | None, what: Mapping[str, Any]) -> None:
    """Beside a file with small cells in it, a manifest that says so and why."""
    if cells is None or cells.how != suppression.SHOW:
        return
    made = sha256(out.read_bytes()).hexdigest()
    said = {**what, "small_cells": cells.manifest, "outputs": {out.name: made}}
    with placed(out.with_name(out.name + ".manifest.json")) as part:
        part.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def hidden_count(before: pl.DataFrame, after: pl.DataFrame) -> int:
    """How many rows lost their numbers or are left out."""
    if "n" not in before.columns:
        return len(before) - len(after)
    return len(before) - len(after) + after["n"].null_count() - before["n"].null_count()
