"""Who an 835 names on a claim payment: the patient, and others where they are not the same."""

import polars as pl

from analytics.ingest.x12.loops import Parts
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table

# Column of the claim, and NM101 of the person that it names.
_OTHERS = {"subscriber_id": "IL", "corrected_patient_id": "74", "other_subscriber_id": "GB"}


def ids(claims: Table, at: Positions, nm1: Parts) -> dict[str, Positions]:
    """The segments that name who a claim payment is about; `at` are its places among all claims.

    The patient is known by the claim's own segment.
    """
    others = {name: nm1.of("claim", kind)[at] for name, kind in _OTHERS.items()}
    sent = {name: rows for name, rows in others.items() if (rows >= 0).any()}
    return dict.fromkeys(("remit_claim_id", "patient_id"), claims.rows) | sent


def people(
    claims: Table, at: Positions, nm1: Parts, ref: Parts, named: dict[str, Positions]
) -> list[Table]:
    """One row per person that claims name (see `ids`): the patients, and others by who they are.

    The patient has the name of NM1*QC, and the number of NM1*IL, else its own, else REF*1W.
    """
    found, patient = claims.found, nm1.of("claim", "QC")[at]
    number = found.span(nm1.of("claim", "IL")[at], 9).otherwise(found.span(patient, 9))
    number = number.otherwise(found.span(ref.of("claim", "1W")[at], 2))
    table = _named(claims, claims.rows, patient)
    table.columns["member_id"] = found.column(number, upper=True)
    tables = [table]
    for rows in (named[name] for name in _OTHERS if name in named):
        other = _named(claims, rows[rows >= 0], rows[rows >= 0])
        other.text(upper=True, member_id=9)
        tables.append(other)
    return tables


def frame(tables: list[Table]) -> pl.DataFrame:
    """All people of these tables."""
    return pl.concat([table.frame() for table in tables], how="diagonal")


def _named(claims: Table, rows: Positions, names: Positions) -> Table:
    table = Table("patient", claims.found, rows)
    table.text(names, upper=True, last_name=3, first_name=4)
    return table
