"""What insurers still owe, how old it is, and how many days of charges it is."""

from analytics.facts import claim_balance
from analytics.metrics._aging import AgedShare, Aging, Credits, DaysOpen

_FORMULA = (
    "Open = charge - paid - contractual - patient share - prior payer - other non-denial "
    "adjustments - write-offs, of answers not taken back. Denied and pended dollars stay open; "
    "a resubmission adds no second charge; a void closes the claim until it is sent again."
)
_BY_AGE = "balance on a day; age from the last day of service, or as asked"

ar_aging = Aging(
    name="ar_aging",
    title="A/R aging",
    definition="Dollars insurers still owe on a day, by the age of the claim.",
    unit="dollars",
    better="lower",
    denominator="claims with an open balance",
    date_basis=_BY_AGE,
    source="HFMA MAP Keys, aged A/R",
    notes=f"{_FORMULA} Credit balances stand apart, never netted.",
    fact=claim_balance,
    period="from_date",
)

aged_ar_share = AgedShare(
    name="aged_ar_share",
    title="A/R over 90 days",
    definition="Of the dollars insurers still owe, the share on claims older than 90 days.",
    unit="share",
    better="lower",
    denominator="dollars of open balances above zero",
    date_basis=_BY_AGE,
    source="HFMA MAP Keys, aged A/R",
    notes="Credit balances are left out. Claims without the date their age begins on are not old.",
    fact=claim_balance,
    period="from_date",
)

credit_balances = Credits(
    name="credit_balances",
    title="Credit balances",
    definition="Dollars by which claims settled for more than was asked stand below zero on a day.",
    unit="dollars",
    better="lower",
    denominator="claims with a balance below zero",
    date_basis="balance on a day",
    source="CMS-838 credit balance report; HFMA MAP Keys keep them out of net A/R",
    notes=f"{_FORMULA} What patients paid too much is not in it.",
    fact=claim_balance,
    period="from_date",
)

days_in_ar = DaysOpen(
    name="days_in_ar",
    title="Days in A/R",
    definition="Dollars insurers still owe on a day, over the average daily charges of claims "
    "first sent in the 90 days up to it (or since the first claim, where that is less).",
    unit="days",
    better="lower",
    denominator="average daily charges of the last 90 days",
    date_basis="balance on a day",
    source="HFMA MAP Keys FM-1, net days in A/R, on gross charges",
    notes=f"{_FORMULA} Credit balances are left out of the numerator. `window_days` says how "
    "many days the charges are of: fewer than the window while the data is younger.",
    fact=claim_balance,
    period="from_date",
)
