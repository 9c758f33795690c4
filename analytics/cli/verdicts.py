"""The verdict on a checked file, as text and as plain values: places and codes, no people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from analytics.cli.checking import AMOUNTS, COUNTS, OUTSIDE, Check

_MOST_SETS = 20  # transaction sets told of, of each file
_LONGEST_CODE = 14
_STATUS = {"loaded": "loads", "rejected": "is rejected", "skipped": "is of a type not loaded"}
_MORE = {"loaded": "load", "rejected": "are rejected", "skipped": "are of a type not loaded"}
_CODES = (
    "type_code",
    "implementation_code",
    "st_control_number",
    "gs_control_number",
    "isa_control_number",
)
_COUNTED = {"claims": "claim", "lines": "line", "answers": "acknowledgement"}
_ADDED = {
    "charge": "charged",
    "line_charge": "on lines",
    "patient": "patient owes",
    "paid": "paid",
    "taken": "provider adjustments",
    "payment": "payment",
}
_UNEVEN = {
    "835": "charge less adjustments is not the amount paid",
    "837": "the charge is not the sum of the lines",
}


def written(check: Check) -> Iterator[str]:
    """The lines of text about one file."""
    if check.problem:
        yield f"{check.name}: cannot be read: {check.problem}"
        return
    found = int(check.findings["count"].sum())
    yield (
        f"{check.name}: {_count(check.records, 'segment')}, "
        f"{_count(len(check.sets), 'transaction set')}, "
        f"{_count(found, 'finding') if found else 'nothing to note'}"
    )
    findings = _by_set(check.findings)
    for row in findings.get(OUTSIDE, []):
        yield f"  {_finding(row)}"
    told = check.sets
    if len(told) > _MOST_SETS:
        told = told.filter(pl.col("number").is_in(list(findings))).head(_MOST_SETS)
    for row in told.iter_rows(named=True):
        yield from _set(row, check.places, findings.get(row["number"], []))
    yield from _others(check.sets.join(told, on="number", how="anti"), set(findings))


def summary(checks: Iterable[Check]) -> str:
    """How many files are fine, in one line."""
    counted = Counter(
        "not readable" if c.problem else "fine" if c.is_clean else "with findings" for c in checks
    )
    said = ", ".join(f"{count:,} {what}" for what, count in sorted(counted.items()))
    return f"{_count(counted.total(), 'file')}: {said}"


def to_dict(check: Check) -> dict[str, Any]:
    """All of it as plain values."""
    findings = _by_set(check.findings)
    places: dict[int, list[dict[str, Any]]] = {}
    for row in check.places.iter_rows(named=True):
        said = {"level": row["level"], "segment": row["record_no"], "difference": row["off"]}
        places.setdefault(row["set"], []).append(said)
    return {
        "file": check.name,
        "problem": check.problem or None,
        "segments": check.records,
        "findings": [_plain(row) for row in findings.get(OUTSIDE, [])],
        "transactions": [
            _described(row)
            | {"claims_kept_out": _kept_out(findings.get(row["number"], []))}
            | {"out_of_balance": places.get(row["transaction_id"], [])}
            | {"findings": [_plain(finding) for finding in findings.get(row["number"], [])]}
            for row in check.sets.iter_rows(named=True)
        ],
    }


def _set(row: dict[str, Any], places: pl.DataFrame, found: list[dict[str, Any]]) -> Iterator[str]:
    """The lines about one transaction set."""
    names = [_code(row[name]) for name in ("type_code", "st_control_number")]
    where = f"segments {row['record_no']:,} to {_last(row):,}"
    out = _kept_out(found)
    but = f", without {_count(out, 'claim')} kept out" if out else ""
    yield f"  {' '.join(names)} ({_envelope(row)}), {where}: {_STATUS[row['status']]}{but}"
    if row["status"] == "skipped":
        return
    yield f"    {_contents(row)}"
    for line in _balance(row, places.filter(pl.col("set") == row["transaction_id"])):
        yield f"    {line}"
    for finding in found:
        yield f"    {_finding(finding)}"


def _kept_out(found: list[dict[str, Any]]) -> int:
    """How many claims are rejected."""
    out = [row for row in found if row["severity"] == "rejected"]
    return sum(row["count"] for row in out if row["table_name"] in ("claim", "remit_claim"))


def _envelope(row: dict[str, Any]) -> str:
    """The interchange and group that a set stands in."""
    named = {"interchange": "isa_control_number", "group": "gs_control_number"}
    said = [f"{word} {_code(row[name])}" for word, name in named.items() if row[name]]
    return ", ".join(said) or "without envelope"


def _contents(row: dict[str, Any]) -> str:
    """How many claims and lines, and what they add up to."""
    counts = [_count(row[name], word) for name, word in _COUNTED.items() if row[name]]
    if row["answers"]:
        counts.append(_count(row["refused"], "rejection"))
    amounts = [f"{w} {row[n]:,.2f}" for n, w in _ADDED.items() if row[n] is not None]
    return "; ".join(filter(None, [", ".join(counts) or "no claims", ", ".join(amounts)]))


def _balance(row: dict[str, Any], places: pl.DataFrame) -> Iterator[str]:
    """Whether the set balances; where not, on which level, and where."""
    if row["is_balanced"] is None:
        return
    off = row["difference_amount"]
    if row["is_balanced"]:
        yield "balances to the cent"
    elif off is None:
        yield "whether it balances cannot be told: an amount is missing, unreadable or too large"
    elif off and row["type_code"] == "835":
        yield f"out of balance by {off:,.2f}: paid less provider adjustments is not the payment"
    for level in ("claim", "line"):
        if count := row[f"unbalanced_{level}_count"]:
            rows = places.filter(pl.col("level") == level).iter_rows(named=True)
            said = [f"segment {place['record_no']:,} by {place['off']:,.2f}" for place in rows]
            yield (
                f"{_count(count, level)} out of balance ({_UNEVEN[row['type_code']]}): "
                f"{_listed(said, count)}"
            )


def _finding(row: dict[str, Any]) -> str:
    """One rule that was broken, where, and what it means."""
    many, places = row["count"], [f"{place:,}" for place in row["places"]]
    how_many = f"{many:,} in " if many > 1 else ""
    where = f"segment{'s' if len(places) > 1 else ''} {_listed(places, row['records'])}"
    return (
        f"{row['severity']}: {row['rule']} ({how_many}{row['table_name']}, at {where}): "
        f"{row['reason']}"
    )


def _others(sets: pl.DataFrame, noted: set[int]) -> Iterator[str]:
    """One line about the sets that are not told of one by one."""
    if len(sets):
        counted = sorted(Counter(sets["status"].to_list()).items())
        said = ", ".join(
            f"{count:,} {(_STATUS if count == 1 else _MORE)[status]}" for status, count in counted
        )
        found = sum(number in noted for number in sets["number"].to_list())
        with_findings = f"{found:,} with findings" if found else "nothing to note"
        yield f"  and {_count(len(sets), 'more transaction set')}: {said}; {with_findings}"


def _described(row: dict[str, Any]) -> dict[str, Any]:
    """A transaction set as plain values."""
    kept = ("interchange_date", "is_test", "status", *COUNTS, *AMOUNTS)
    balance = ("is_balanced", "difference_amount")
    levels = ("unbalanced_claim_count", "unbalanced_line_count")
    return {
        **{name: _code(row[name]) for name in _CODES},
        "first_segment": row["record_no"],
        "last_segment": _last(row),
        **{name: row[name] for name in (*kept, *balance, *levels)},
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A finding as plain values."""
    kept = {name: row[name] for name in ("severity", "rule", "reason", "count")}
    return kept | {"table": row["table_name"], "segments": row["places"]}


def _by_set(findings: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """The findings by the number of their set."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in findings.iter_rows(named=True):
        found.setdefault(row["number"], []).append(row)
    return found


def _last(row: dict[str, Any]) -> int:
    return row["record_no"] + row["segment_count"] - 1


def _code(text: str | None) -> str:
    """A code of the envelope; what is none, in a damaged file, may be anything."""
    is_code = text and text.isalnum() and any(map(str.isdigit, text)) and len(text) <= _LONGEST_CODE
    return text if text and is_code else "?"


def _listed(said: list[str], count: int) -> str:
    """The places, and how many there are besides."""
    more = count - len(said)
    return ", ".join(said) + (f" and {more:,} more" if more else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
