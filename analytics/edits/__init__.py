"""Edits of claims by published tables, on plain frames: what a payer's editor would say."""

from analytics.edits.claims import Claims, claim_edits
from analytics.edits.diagnoses import diagnosis_edits
from analytics.edits.loaded import inpatient_claims
from analytics.edits.tables import MceTables, Tables, mce_tables

__all__ = [
    "Claims",
    "MceTables",
    "Tables",
    "claim_edits",
    "diagnosis_edits",
    "inpatient_claims",
    "mce_tables",
]
