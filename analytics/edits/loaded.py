"""The inpatient claims a database holds, as the editor reads them."""

import polars as pl

from analytics.database import Database

# The grouper takes the age on admission.  External causes stand behind the other diagnoses.
_INPATIENT = """
WITH secondary AS (
    SELECT claim_id, list(diagnosis_code ORDER BY kind = 'external', position) AS codes
    FROM claim_diagnosis
    WHERE kind IN ('other', 'external') AND code_system = 'icd10'
    GROUP BY claim_id
)

SELECT
    claim.claim_id,
    coalesce(claim.service_to_date, claim.service_from_date) AS discharge_date,
    date_sub(
        'year', patient.birth_date, coalesce(claim.admission_date, claim.service_from_date)
    ) AS age,
    patient.sex_code,
    claim.discharge_status_code AS discharge_status,
    claim.principal_diagnosis_code AS principal,
    coalesce(secondary.codes, []) AS secondary
FROM claim
LEFT JOIN patient ON patient.patient_id = claim.patient_id
LEFT JOIN secondary ON secondary.claim_id = claim.claim_id
WHERE claim.claim_type = 'institutional'
  AND claim.bill_type_code LIKE '11%'
  AND NOT coalesce(claim.is_predetermination, FALSE)
ORDER BY claim.claim_id
"""


def inpatient_claims(db: Database) -> pl.DataFrame:
    """The inpatient hospital claims (bill type 11x) of a database, every submission of them.

    One row a submission: ``claim_id, discharge_date`` (the last day of service)``, age`` (in years
    on admission)``, sex_code, discharge_status, principal, secondary``: what `diagnosis_edits` and
    `claim_edits` take.  It holds what can help to name a person: keep it as you keep the database.
    """
    return db.sql(_INPATIENT)
