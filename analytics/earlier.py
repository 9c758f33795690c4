"""Claims already loaded that claims not sent yet meet: of the same people, about the same days.

They are what a duplicate, a global period, a pair of procedures or the units of a day are seen by.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

import polars as pl

from analytics import rows
from analytics.database import Database
from analytics.errors import NotBuiltError

# The longest global period is 90 days; a visit the day before it is in it too.
_REACH = 91
_ASKED = """
SELECT
    claim.claim_id,
    upper(trim(patient.member_id)) AS member_number,
    coalesce(claim.billing_npi, '') AS billing_npi,
    coalesce(claim.payer_sequence_code, 'P') AS payer_sequence_code,
    upper(trim(claim.patient_control_number)) AS control_number,
    coalesce(claim.service_from_date, claim.service_to_date) AS first_day,
    coalesce(claim.service_to_date, claim.service_from_date) AS last_day,
    CASE WHEN claim.frequency_code IN ('7', '8')
        THEN nullif(upper(trim(claim.original_payer_claim_number)), '') END AS replaces
FROM claim
JOIN patient ON patient.patient_id = claim.patient_id
WHERE trim(patient.member_id) <> ''
"""
# A claim is edited as first sent, and not where it was voided.  What no build has seen yet counts
# as it came.
_CHAINS = """
    SELECT submission.submission_id, submission.claim_id AS chain_id, billed_claim.is_voided
    FROM submission
    JOIN billed_claim ON billed_claim.claim_id = submission.claim_id
"""
_NO_CHAINS = """
    SELECT claim_id AS submission_id, claim_id AS chain_id, FALSE AS is_voided
    FROM claim
    WHERE FALSE
"""
_MET = """
WITH span AS (
    SELECT member_number, min(first_day) AS first_day, max(last_day) AS last_day
    FROM asked_claim
    GROUP BY member_number
),

known AS ({chains}),

near AS (
    SELECT
        claim.claim_id,
        coalesce(known.chain_id, claim.claim_id) AS chain_id,
        coalesce(known.is_voided, claim.frequency_code = '8', FALSE) AS is_voided,
        span.member_number,
        coalesce(claim.billing_npi, '') AS billing_npi,
        coalesce(claim.payer_sequence_code, 'P') AS payer_sequence_code,
        upper(trim(claim.patient_control_number)) AS control_number,
        coalesce(claim.service_from_date, claim.service_to_date) AS first_day,
        coalesce(claim.service_to_date, claim.service_from_date) AS last_day
    FROM span
    JOIN patient ON upper(trim(patient.member_id)) = span.member_number
    JOIN claim ON claim.patient_id = patient.patient_id
    LEFT JOIN known ON known.submission_id = claim.claim_id
    WHERE NOT coalesce(claim.is_predetermination, FALSE)
      AND coalesce(claim.service_from_date, claim.service_to_date) <= span.last_day + {reach}
      AND coalesce(claim.service_to_date, claim.service_from_date) >= span.first_day - {reach}
),

same AS (
    -- What is sent again, by its own number or by that of the payer, meets itself only.
    SELECT near.chain_id, asked_claim.claim_id
    FROM asked_claim
    JOIN near
        ON near.control_number = asked_claim.control_number
        AND near.billing_npi = asked_claim.billing_npi
        AND near.payer_sequence_code = asked_claim.payer_sequence_code
        AND near.first_day <= asked_claim.last_day
        AND near.last_day >= asked_claim.first_day
    UNION
    SELECT near.chain_id, asked_claim.claim_id
    FROM asked_claim
    JOIN remit_claim ON upper(trim(remit_claim.payer_claim_number)) = asked_claim.replaces
    JOIN near
        ON near.control_number = upper(trim(remit_claim.patient_control_number))
        AND near.member_number = asked_claim.member_number
        AND near.payer_sequence_code = asked_claim.payer_sequence_code
)

SELECT claim_id, FALSE AS is_sent_before
FROM near
WHERE claim_id = chain_id AND NOT is_voided AND chain_id NOT IN (SELECT chain_id FROM same)
UNION
SELECT claim_id, TRUE
FROM same
"""
_NEEDED = {
    "source_file": "file_id IN (SELECT file_id FROM claim WHERE claim_id IN (FROM met_claim))",
    "patient": "patient_id IN (SELECT patient_id FROM claim WHERE claim_id IN (FROM met_claim))",
    "payer": "payer_id IN (SELECT payer_id FROM claim WHERE claim_id IN (FROM met_claim))",
    "claim_line": "claim_id IN (FROM met_claim)",
    "claim": "claim_id IN (FROM met_claim)",
}


def bring(db: Database, memory: Database) -> list[int]:
    """Put what `db` holds of the people in `memory` beside it; gives back who was sent before.

    These are the ids, in memory, of claims that are submissions of one already loaded: they are
    not compared with it.  People are known by their member numbers.  Files in memory must have
    higher numbers than those of `db`.
    """
    asked = memory.sql(_ASKED)
    if asked.is_empty():
        return []
    with _named(db, "asked_claim", asked):
        found = _met(db)
    met = found.filter(~pl.col("is_sent_before")).select("claim_id")
    # However the files are dated, what is loaded was first.
    first_sent = memory.sql("SELECT min(submission_date) FROM claim").item()
    with _named(db, "met_claim", met):
        for table, where in _NEEDED.items():
            held = db.sql(f"FROM {table} WHERE {where}")
            if table == "claim":
                held = held.with_columns(pl.min_horizontal("submission_date", pl.lit(first_sent)))
            rows.append(memory.connection, table, held)
    return found.filter("is_sent_before")["claim_id"].to_list()


def _met(db: Database) -> pl.DataFrame:
    try:
        return db.sql(_MET.format(chains=_CHAINS, reach=_REACH))
    except NotBuiltError:
        return db.sql(_MET.format(chains=_NO_CHAINS, reach=_REACH))


@contextmanager
def _named(db: Database, name: str, frame: pl.DataFrame) -> Generator[None]:
    db.connection.register(name, cast("Any", frame).to_arrow())
    try:
        yield
    finally:
        db.connection.unregister(name)
