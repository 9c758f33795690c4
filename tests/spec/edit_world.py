"""Claims of one patient drawn line by line, with published tables, and what edits say of them."""

from collections.abc import Iterable
from typing import NamedTuple

from analytics.database import Database

GOOD, OTHER = "1234567893", "1003000126"  # NPIs with right check digits
ALWAYS = "2026-01-01 | 2026-12-31"  # in force all year


_LINE = {
    "unit_code": "UN", "pointers": "[1]", "rev": None, "npi": None, "qualifier": "HC",
    "place": None, "ndc": None,
}  # fmt: skip


class Claim(NamedTuple):
    """A claim of lines (code, modifiers, units, more columns of claim_line as a dict)."""

    lines: tuple
    day: str = "2026-03-02"
    patient: int = 1
    kind: str = "professional"
    bill: str = ""
    place: str = "11"
    npi: str = GOOD
    seq: str = "P"
    sent: str = "2026-06-01"
    dx: tuple = ("A000",)
    more: dict | None = None


def rows(head: str, *drawn: Iterable[object]) -> str:
    """A picture of a table; None and "" are null."""
    lines = [" | ".join("" if c is None else str(c) for c in row) for row in drawn]
    return "\n".join([head, *lines])


def published(*files: tuple, **tables: str) -> dict[str, str]:
    """Reference tables; `files` are (id, kind) or (id, kind, release, from, to, file name)."""
    drawn = [
        (*f, "2026", *ALWAYS.split(" | "), None) if len(f) == 2 else (*f, None)[:6] for f in files
    ]
    head = "reference_id | kind | release | effective_from | effective_to | file_name"
    return {"reference_file": rows(head, *drawn), **tables}


def world(*claims: Claim) -> dict[str, str]:
    """The tables of the claims, numbered from 1."""
    heads, lines, codes = [], [], []
    for number, one in enumerate(claims, start=1):
        more = {"admission_date": None, "discharge_status_code": None, "filing": "CI"}
        more |= {"billing_taxonomy_code": None, "to": one.day} | (one.more or {})
        heads.append((
            number, f"C{number}", one.patient, 1, one.kind, one.bill, one.place, one.npi, one.npi,
            one.seq, one.sent, one.day, more["to"], one.dx[0] if one.dx else None, 100,
            more["admission_date"], more["discharge_status_code"], more["filing"],
            more["billing_taxonomy_code"], number,
        ))  # fmt: skip
        codes += [
            (number, n, "principal" if n == 1 else "other", "icd10", code)
            for n, code in enumerate(one.dx, start=1)
        ]
        for line_no, drawn in enumerate(one.lines, start=1):
            code, modifiers, units, rest = (*drawn, *("", "", 1, {})[len(drawn) :])
            rest = {"day": one.day, "to": None} | _LINE | rest
            lines.append((
                number, line_no, code, modifiers, units, rest["unit_code"], 10, rest["day"],
                rest["to"] or rest["day"], rest["pointers"], rest["rev"], rest["npi"],
                rest["qualifier"], rest["place"], rest["ndc"], number * 10 + line_no,
            ))  # fmt: skip
    return {
        "claim": rows(
            "claim_id | patient_control_number | patient_id | payer_id | claim_type"
            " | bill_type_code | place_of_service_code | billing_npi | rendering_npi"
            " | payer_sequence_code | submission_date | service_from_date | service_to_date"
            " | principal_diagnosis_code | billed_amount | admission_date | discharge_status_code"
            " | claim_filing_code | billing_taxonomy_code | record_no",
            *heads,
        ),
        "claim_line": rows(
            "claim_id | line_no | procedure_code | modifier_key | units | unit_code | billed_amount"
            " | service_from_date | service_to_date | diagnosis_pointers | revenue_code"
            " | rendering_npi | procedure_qualifier | place_of_service_code | ndc_code | record_no",
            *lines,
        ),
        "claim_diagnosis": rows(
            "claim_id | position | kind | code_system | diagnosis_code", *codes
        ),
        "patient": "patient_id | member_id | birth_date | sex_code\n1 | M1 | 1980-01-01 | F\n"
        "2 | M2 | 1980-01-01 | M\n3 | m1 | 1980-01-01 | F",
        "payer": "payer_id | payer_name\n1 | Umbra",
    }


def broken(db: Database, edit: str) -> list[tuple]:
    """The lines (claim, line) that break an edit."""
    text = "SELECT claim_id, line_no FROM line_edit WHERE edit_code = $edit ORDER BY ALL"
    return db.sql(text, edit=edit).rows()


def results(db: Database, edit: str) -> dict[int, str]:
    """What came of an edit, by claim; a claim it is not for is not in it."""
    text = "SELECT claim_id, result FROM edit_result WHERE edit_code = $edit"
    return dict(db.sql(text, edit=edit).iter_rows())
