"""Which claim a number means."""

import polars as pl

from analytics.database import Database
from analytics.errors import AnalyticsError, DatabaseError, NotBuiltError
from analytics.fact import text

_UNTIED = """
SELECT count(*) AS n
FROM remit_claim
WHERE upper(trim(patient_control_number)) = $number OR upper(trim(payer_claim_number)) = $number
"""


class SeveralClaimsError(AnalyticsError):
    """A number means several claims: `claims` lists them, so that one can be chosen.

    One row each: ``claim_id, payer_name, payer_sequence_code, service_from_date, service_to_date,
    submission_date, billed_amount, open_balance_amount``.
    """

    def __init__(self, claims: pl.DataFrame) -> None:
        self.claims = claims
        super().__init__(
            f"the number means {len(claims)} claims: choose one by its claim_id (--claim-id)"
        )


def check_facts(db: Database) -> None:
    """Raise where there are no facts, or they are not of all that is loaded."""
    if db.as_of is None:
        raise NotBuiltError
    if not db.is_fresh:
        raise DatabaseError(
            "the facts are not all, or not of all that is loaded (files, maps), so they are no"
            " evidence: run db.build(), or `revcycle build`"
        )


def chosen(db: Database, claim: str | None, claim_id: int | None) -> int:
    """The claim_id meant.  Numbers are compared without case, and blanks around them.

    Raises SeveralClaimsError, and AnalyticsError where no claim is meant; neither says the number.
    """
    if claim is None or not claim.strip():
        return _known(db, claim_id)
    number = claim.strip().upper()
    found = db.sql(text("evidence", "named"), number=number)
    if found.is_empty():
        raise AnalyticsError(_unknown(db, number))
    if claim_id is not None:
        found = found.filter(pl.col("claim_id") == claim_id)
        if found.is_empty():
            raise AnalyticsError("the number does not mean the claim of that claim_id")
    if len(found) > 1:
        raise SeveralClaimsError(found)
    return int(found["claim_id"][0])


def _known(db: Database, claim_id: int | None) -> int:
    if claim_id is None:
        raise AnalyticsError("name a claim by its number or by its claim_id")
    query = "SELECT claim_id FROM claim_outcome WHERE claim_id = $claim_id"
    if db.sql(query, claim_id=claim_id).is_empty():
        raise AnalyticsError(
            "no claim has that claim_id: it is that of claim_outcome, of the first submission"
        )
    return claim_id


def _unknown(db: Database, number: str) -> str:
    said = "no claim has that number, neither as its patient control number nor as a payer's"
    untied = int(db.sql(_UNTIED, number=number)["n"][0])
    if untied:
        return f"{said}; {untied} claim payments have it, but no claim they answer is loaded"
    return f"{said} claim control number"
