"""Service lines of an 837: SV1 (professional), SV2 (institutional), SV3 (dental)."""

from dataclasses import dataclass

import polars as pl

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.columns import ZERO, modifiers, typed, upper
from analytics.ingest.x12.dates import days
from analytics.ingest.x12.loops import ordinal, parts, place
from analytics.ingest.x12.tokens import Positions

_MODIFIERS = ("m1", "m2", "m3", "m4")
_POINTERS = ("p1", "p2", "p3", "p4")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where an SV segment holds what; 0 where it does not."""

    procedure: int
    charge: int
    units: int
    unit_code: int = 0
    place: int = 0
    revenue: int = 0
    pointers: int = 0


_LAYOUTS = {
    "SV1": _Layout(procedure=1, charge=2, unit_code=3, units=4, place=5, pointers=7),
    "SV2": _Layout(revenue=1, procedure=2, charge=3, unit_code=4, units=5),
    "SV3": _Layout(procedure=1, charge=2, place=3, units=6),
}


def lines(tree: Tree) -> pl.DataFrame:
    """One row per service line, with the claim's own values still to be filled in."""
    frame = pl.concat(_of_kind(tree, name, layout) for name, layout in _LAYOUTS.items())
    frame = frame.sort("record_no")
    frame = typed(
        frame,
        amounts=["billed_amount"],
        quantities=["units"],
        dates=["service_from_date", "service_to_date"],
    )
    owner = frame["claim_id"].fill_null(-1).to_numpy()
    return _pointers(modifiers(frame, _MODIFIERS)).with_columns(
        pl.Series("line_no", ordinal(owner))
        if len(owner)
        else pl.lit(None, pl.Int32).alias("line_no"),
        pl.col("record_no").alias("claim_line_id"),
        pl.col("billed_amount").fill_null(ZERO),
        upper("procedure_code"),
    )


def _of_kind(tree: Tree, name: str, layout: _Layout) -> pl.DataFrame:
    """The lines that have this SV segment, as text."""
    found = tree.found
    rows = found.new(name)
    loop = tree.loops.owner("line", rows)
    procedure = found.span(rows, layout.procedure)
    names = ("procedure_qualifier", "procedure_code", *_MODIFIERS)
    columns = {n: found.strings(found.component(procedure, i)) for i, n in enumerate(names)}
    first, last = days(found.text(_of_line(tree, loop, "DTP", "472"), 3))
    ndc = place(parts(tree.loops, "LIN", 2).of("line", "N4", direct=False), loop)
    pointers = found.span(rows, layout.pointers) if layout.pointers else None
    for i, pointer in enumerate(_POINTERS):
        columns[pointer] = (
            found.strings(found.component(pointers, i)) if pointers else _none(len(rows))
        )
    return pl.DataFrame(
        {
            "record_no": found.record_no[rows],
            "claim_id": found.records(tree.loops.at("claim", rows)),
            **columns,
            "billed_amount": found.text(rows, layout.charge),
            "units": found.text(rows, layout.units),
            "unit_code": _optional(tree, rows, layout.unit_code),
            "place_of_service_code": _optional(tree, rows, layout.place),
            "revenue_code": _optional(tree, rows, layout.revenue),
            "line_control_number": found.text(_of_line(tree, loop, "REF", "6R"), 2),
            "service_from_date": first,
            "service_to_date": last,
            "rendering_npi": tree.npi(place(tree.names.of("line", "82"), loop)),
            "ndc_code": found.text(ndc, 3),
        }
    )


def _of_line(tree: Tree, loop: Positions, name: str, qualifier: str) -> Positions:
    """For each line loop its own segment of this kind, not that of someone named in it."""
    return place(parts(tree.detail, name).of("line", qualifier), loop)


def _optional(tree: Tree, rows: Positions, element: int) -> pl.Series:
    return tree.found.text(rows, element) if element else _none(len(rows))


def _none(count: int) -> pl.Series:
    return pl.Series(values=[None] * count, dtype=pl.String)


def _pointers(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its diagnosis pointers as one list of positions."""
    numbers = [pl.col(p).cast(pl.Int32, strict=False) for p in _POINTERS]
    listed = pl.concat_list(numbers).list.drop_nulls()
    return frame.with_columns(listed.alias("diagnosis_pointers")).drop(_POINTERS)


def of_claims(lines: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Lines with place of service and rendering provider of their claim where they have none."""
    taken = claims.select("claim_id", pos="place_of_service_code", npi="rendering_npi")
    joined = lines.join(taken, on="claim_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.col("place_of_service_code").fill_null(pl.col("pos")),
        pl.col("rendering_npi").fill_null(pl.col("npi")),
    ).drop("pos", "npi")
