"""Core tables as plain rows, nothing later than a day, and the codes as the reference files say."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import analytics

Row = dict[str, Any]
REFERENCE = Path(analytics.__file__).parent / "sql" / "reference"
# Codes that say little alone, by the definition; beside those that the reference marks so.
SAY_LITTLE = {"16", "96", "125", "129", "148", "226", "227", "252", "A1"}
KINDS = {
    "denial": "denial", "contractual": "contractual", "patient_resp": "patient_share",
    "cob": "prior_payer", "pend": "pend",
}  # fmt: skip


def _read(name: str, key: str) -> dict[str, dict[str, str]]:
    text = (REFERENCE / name).read_text("utf-8")
    return {row[key]: row for row in csv.DictReader(text.splitlines())}


CARC = _read("carc_groups.csv", "carc")
RARC = _read("rarc_codes.csv", "rarc")
ALERTS = {code for code, row in RARC.items() if row["type"].startswith("alert")}


@dataclass
class World:
    """All that the naive computation reads."""

    as_of: date
    claims: list[Row]
    payments: list[Row]  # CLP rows with payment_date
    lines: dict[int, list[Row]]  # SVC rows by payment
    adjustments: dict[int, list[Row]]  # CAS triplets by payment, in order
    remarks: dict[int, list[Row]]
    write_offs: list[Row]
    appeals: list[Row]
    patient_payments: list[Row]
    payer_map: list[Row]
    payers: dict[int, Row]
    remits: dict[int, Row]
    billed: dict[int, set[str | None]]  # line control numbers by submission


def rows(db: Any, table: str) -> list[Row]:
    """One table, every row a dictionary."""
    return db.sql(f"SELECT * FROM {table}").to_dicts()


def world(db: Any, as_of: date) -> World:
    """Everything dated up to `as_of`."""
    remits = rows(db, "remit")
    days = {one["remit_id"]: one["payment_date"] for one in remits}
    payments = [one | {"payment_date": days[one["remit_id"]]} for one in rows(db, "remit_claim")]
    return World(
        as_of,
        sorted(
            (
                one
                for one in rows(db, "claim")
                if one["submission_date"] <= as_of and not one["is_predetermination"]
            ),
            key=lambda one: (one["submission_date"], one["claim_id"]),
        ),
        sorted(
            (one for one in payments if one["payment_date"] <= as_of),
            key=lambda one: (one["payment_date"], one["remit_claim_id"]),
        ),
        _by_payment(rows(db, "remit_line"), "remit_line_id"),
        _by_payment(rows(db, "adjustment"), "record_no", "position"),
        _by_payment(rows(db, "remark"), "record_no", "position"),
        [one for one in rows(db, "write_off") if one["write_off_date"] <= as_of],
        [one for one in rows(db, "appeal") if one["appeal_date"] <= as_of],
        [one for one in rows(db, "patient_payment") if one["payment_date"] <= as_of],
        rows(db, "payer_map"),
        {one["payer_id"]: one for one in rows(db, "payer")},
        {one["remit_id"]: one for one in remits},
        _billed(db),
    )


def _billed(db: Any) -> dict[int, set[str | None]]:
    found: dict[int, set[str | None]] = defaultdict(set)
    for one in rows(db, "claim_line"):
        found[one["claim_id"]].add(one["line_control_number"])
    return found


def _by_payment(found: list[Row], *order: str) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for one in sorted(found, key=lambda one: tuple(one[name] for name in order)):
        grouped[one["remit_claim_id"]].append(one)
    return grouped


def number(row: Row) -> str:
    """The patient control number, as it is compared: trimmed, whatever the case."""
    return (row["patient_control_number"] or "").strip().upper()


def payer_name(world: World, payer_id: int) -> str | None:
    """The name to report a payer under: of the rows that fit the one that says most."""
    payer = world.payers[payer_id]
    fits = [
        one
        for one in world.payer_map
        if one["payer_code"] in (None, payer["payer_code"])
        and one["payer_name"] in (None, payer["payer_name"])
    ]
    if not fits:
        return payer["payer_name"]
    best = max(fits, key=lambda one: sum(one[c] is not None for c in ("payer_code", "payer_name")))
    return best["canonical_payer"]


def kind(adjustment: Row) -> str:
    """What an adjustment is: the kinds of section 1."""
    if adjustment["group_code"] == "CR":
        return "reversal"
    code = CARC.get(adjustment["carc_code"])
    return "other" if code is None else KINDS.get(code["adjustment_class"], "other")


def counts(adjustment: Row) -> str:
    """Whether an adjustment denies: yes, partial, separate, repeat or no."""
    if adjustment["group_code"] == "CR" or adjustment["carc_code"] not in CARC:
        return "no"
    return CARC[adjustment["carc_code"]]["counts_as_denial"]


def category(adjustment: Row, remarks: list[str]) -> str:
    """Why: by the code, or by the first remark that names a reason where the code says little."""
    code = CARC.get(adjustment["carc_code"])
    if code is None:
        return "unmapped"
    if adjustment["carc_code"] in SAY_LITTLE or code["rarc_required"] == "yes":
        for remark in remarks:
            if remark in RARC and remark not in ALERTS:
                return RARC[remark]["category"]
    return code["category"]
