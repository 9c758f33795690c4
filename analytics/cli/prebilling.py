"""What `revcycle check --edits` says of the lines of a file: places and codes, no people."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from analytics.prebilling import Prebill

_MOST_LINES = 200  # told of, of each file
_HIGH = 2.0  # times the payer's own share of denials: told though no edit is broken


def edited(found: Prebill, sha256: str) -> Iterator[str]:
    """The lines of text about the file of that content: several may have one name."""
    lines = found.lines.filter(pl.col("sha256") == sha256)
    if lines.is_empty():
        yield "  edits: no claims to edit"
        return
    services = lines.drop_nulls("line_no")
    broken = lines.filter(pl.col("edits").list.len() > 0)
    count = int(broken["edits"].list.len().sum())
    yield f"  edits: {count:,} broken in {len(broken):,} places, of {len(services):,} lines"
    told = lines.filter((pl.col("edits").list.len() > 0) | _is_high())
    for row in told.head(_MOST_LINES).iter_rows(named=True):
        yield f"    {_place(row)}{_chance(row)}"
        yield from (f"      {_edit(one, row['file_name'])}" for one in row["edits"])
    if len(told) > _MOST_LINES:
        yield f"    and {len(told) - _MOST_LINES:,} more lines: --json lists all"
    if services["denial_chance"].null_count() == len(services):
        yield "    no history of denials: load remittances and run `revcycle build`"
    if count := lines.filter("is_sent_before")["claim_segment"].n_unique():
        word = "claim" if count == 1 else "claims"
        yield f"    sent before: {count:,} {word}, compared with other claims only"
    for row in found.unchecked.filter(pl.col("sha256") == sha256).iter_rows(named=True):
        needs = f": needs {row['needs']} of their days" if row["needs"] else ""
        what = f"{row['edit_code']} ({row['title']})"
        yield f"  not checked: {what} of {row['claims']:,} claims{needs}"


def edits_dict(found: Prebill, sha256: str) -> dict[str, Any]:
    """All of it as plain values."""
    of_file = pl.col("sha256") == sha256
    lines = found.lines.filter(of_file).drop("file_name", "sha256")
    unchecked = found.unchecked.filter(of_file).drop("file_name", "sha256")
    return {"lines": lines.to_dicts(), "not_checked": unchecked.to_dicts()}


def _is_high() -> pl.Expr:
    return (pl.col("denial_chance") >= _HIGH * pl.col("payer_chance")).fill_null(value=False)


def _place(row: dict[str, Any]) -> str:
    if row["line_no"] is None:
        return f"claim at segment {row['segment']:,}"
    service = " ".join(filter(None, (row["procedure_code"], row["modifier_key"]))) or "no procedure"
    where = f"line {row['line_no']} at segment {row['segment']:,}"
    return f"claim at segment {row['claim_segment']:,}, {where}: {service}"


def _chance(row: dict[str, Any]) -> str:
    if row["denial_chance"] is None:
        return ""
    of_payer = f"the payer's {row['payer_chance']:.1%}"
    return f", denied {row['denial_chance']:.1%} (of {row['chance_lines']:,} lines; {of_payer})"


def _edit(one: dict[str, Any], name: str) -> str:
    finding = f": {one['finding']}" if one["finding"] else ""
    is_here = one["other_file"] == name and not one["is_other_loaded"]
    where = "" if is_here else f" of {one['other_file']}"
    where += ", already loaded" if one["is_other_loaded"] else ""
    word = "on" if one["is_on_other"] else "with"
    other = f", {word} the line at segment {one['other_segment'] or 0:,}{where}"
    return f"{one['edit']} {one['title']}{finding}{other if one['other_segment'] else ''}"
