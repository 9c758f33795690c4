"""How much of what was charged, and of what could be collected, came in."""

from analytics.facts import collection
from analytics.metrics._kinds import Ratio
from analytics.metrics._maturity import MATURE, Maturity

FINAL = 180  # days after which a claim that is still open is taken as settled
_PAID = "payer_paid_amount + patient_paid_amount - refund_amount"
_SETTLED = Maturity(
    column="settled_share",
    settled=f"CASE WHEN is_settled OR days_since_sent > {FINAL} THEN 1 ELSE 0 END",
)
_NOTES = (
    "Charges of claims to second and third payers ask again for the same services and are not "
    "added; what these payers pay is. Payments count as they came, less those taken back. What "
    "patients paid is of the side table: without it only what insurers paid is known. Interest and "
    "provider-level adjustments are no payments on a claim. A claim is settled once insurers owe "
    f"nothing on it, or {FINAL} days after it was last sent; a month is mature when {MATURE:.0%} "
    "of its claims are."
)
_LEFT_OUT = {"voided": "is_voided"}

net_collection_rate = Ratio(
    name="net_collection_rate",
    title="Net collection rate",
    definition="What payers and patients paid, less refunds, over charges less contractual "
    "adjustments.",
    unit="share",
    better="higher",
    denominator="charges less contractual adjustments",
    date_basis="last day of service",
    source="HFMA MAP Keys and MGMA, net (adjusted) collection rate",
    notes=_NOTES,
    fact=collection,
    left_out=_LEFT_OUT,
    top=_PAID,
    bottom="charge_amount - contractual_amount",
    period="service_to_date",
    maturity=_SETTLED,
)

gross_collection_rate = Ratio(
    name="gross_collection_rate",
    title="Gross collection rate",
    definition="What payers and patients paid, less refunds, over charges.",
    unit="share",
    better="higher",
    denominator="charges",
    date_basis="last day of service",
    source="MGMA, gross collection rate",
    notes=_NOTES,
    fact=collection,
    left_out=_LEFT_OUT,
    top=_PAID,
    bottom="charge_amount",
    period="service_to_date",
    maturity=_SETTLED,
)
