"""Where in our tables a reading goes: of a claim or of its lines, by what its cells say."""

import polars as pl

from analytics.maps.language import Target
from analytics.maps.targets import is_list, repeats
from analytics.proposing.columns import Column
from analytics.proposing.kinds import portion
from analytics.proposing.levels import Shape
from analytics.proposing.matching import Matched, Reading, concepts

_CODES = {"carc", "group_and_carc"}
_OF_CODES = ("adjustment_amount", "group_code")
_VARIES, _SAME = 0.1, 0.03  # shares of claims of several rows
_ENOUGH = 3  # of them


def place(reading: Reading, shape: Shape, found: Matched) -> Target | None:
    """Where a reading goes; None for nowhere."""
    if reading.concept in _OF_CODES and not _CODES & set(found.chosen):
        return None  # a total of adjustments: no amount without its reason
    target = shape.place(reading.concept)
    if target is not None and target[0] == "provider_adjustment" and shape.has_claims:
        return None  # of payments, whose rows are not claims sent
    if shape.grain == "claim" and reading.column.is_group and _has_lines(found):
        target = _of_line(reading.concept, shape) or target
    if reading.concept == "claim_charge" and shape.grain == "line" and _is_of_lines(reading, found):
        target = _of_line("line_charge", shape)
    return target


def may_repeat(target: Target) -> bool:
    """Whether several columns may fill a column of ours."""
    return repeats(target[0]) or is_list(*target)


def _of_line(concept: str, shape: Shape) -> Target | None:
    """The place of a concept in a line: lines may stand side by side in the row of a claim."""
    sides = (("line", shape.has_claims), ("remit_line", shape.has_payments))
    places = concepts()[concept].places
    return next((places[side] for side, has in sides if has and side in places), None)


def _has_lines(found: Matched) -> bool:
    services = (found.chosen.get(c) for c in ("procedure", "revenue"))
    return any(reading.column.is_group for reading in services if reading)


def _is_of_lines(reading: Reading, found: Matched) -> bool:
    """Whether what is called a total differs within claims, where no charge of lines is there."""
    if "line_charge" in found.chosen or "charge" in found.chosen:
        return False
    claim = found.chosen.get("control_number")
    return claim is not None and varies(claim.column, reading.column)


def varies(of: Column, column: Column) -> bool:
    """Whether a tenth of claims of several rows have several values in the column."""
    return portion(_several(of, column)) > _VARIES


def is_of_claims(of: Column, column: Column) -> bool:
    """Whether the column is the same in all rows of nearly every claim that has several."""
    several = _several(of, column)
    return len(several) >= _ENOUGH and portion(several) < _SAME


def _several(of: Column, column: Column) -> pl.Series:
    """Of each claim of several rows, whether they have several values in the column."""
    if of.is_group or column.is_group:
        return pl.Series(dtype=pl.Boolean)
    both = pl.DataFrame({"of": of.cells, "cell": column.cells}).drop_nulls("of")
    groups = both.group_by("of").agg(pl.len(), values=pl.col("cell").n_unique())
    return groups.filter(pl.col("len") > 1)["values"] > 1
