"""The six payers of the sample and how each behaves.  Names are invented, or a programme's."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from analytics.sample import codes
from analytics.sample.codes import Reason


@dataclass(frozen=True, slots=True, eq=False)
class Payer:
    """A payer: how it is named on the wire, when it pays, what it denies."""

    slug: str
    canonical: str
    line_of_business: str
    filing: str  # SBR09, CLP06
    code: str  # NM109 in the 837
    name: str  # NM103 in the 837
    remit_name: str  # N102 in the 835
    remit_code: str  # TRN03 in the 835
    share: float  # of the sample's claims
    pay_weekday: int | None  # None: on the 5th and the 20th
    lag: int
    spread: int
    denied: float
    partly_denied: float
    overturned: float
    professional_permille: int  # allowed of charge
    institutional_permille: int
    reasons: tuple[Reason, ...]
    deny_status: str = "1"
    sends_allowed: bool = True
    sends_lines_institutional: bool = True
    sequesters: str = ""  # line or claim
    weekly_files: bool = False
    defers_recoupment: bool = False
    pays_interest: bool = False
    lowers_case: bool = False
    capitated: float = 0.0
    recodes: tuple[str, str] | None = None  # pays this code, of every third claim, as that one
    wire: str = "*:\n"  # element separator, component separator, newline after each segment
    state: str = "CA"
    filing_limit: int = 180
    appeal_limit: int = 90


COMMON = (codes.MISSING_DATA, codes.WRONG_IDENTIFIER, codes.WRONG_PROVIDER, codes.BUNDLED)

MEDICARE = Payer(
    "MEDICARE", "Medicare", "medicare", "MB", "SMPMB", "MEDICARE PART B SAMPLE",
    "MEDICARE SAMPLE CONTRACTOR", "1990000101", 0.26, 3, 14, 6, 0.06, 0.05, 0.45, 420, 310,
    (*COMMON, codes.NOT_NECESSARY, codes.NOT_NECESSARY, codes.NOT_COVERED, codes.WRONG_DIAGNOSIS,
     codes.REDUCED_TO_NOTHING, codes.DIAGNOSIS_MISMATCH),
    sequesters="line", weekly_files=True, wire="*:", filing_limit=365, appeal_limit=120,
)  # fmt: skip
MEDICAID = Payer(
    "MEDICAID", "State Medicaid", "medicaid", "MC", "SMPMC", "STATE MEDICAID SAMPLE",
    "STATE MEDICAID SAMPLE", "1990000202", 0.14, None, 18, 14, 0.12, 0.05, 0.35, 300, 240,
    (*COMMON, codes.OTHER_PAYER_FIRST, codes.COVERAGE_ENDED, codes.NO_AUTHORIZATION, codes.BARE_16,
     codes.OLD_AUTHORIZATION),
    deny_status="4", sends_lines_institutional=False, wire="|>\r\n", filing_limit=365,
)  # fmt: skip
HERONBANK = Payer(
    "HERONBANK", "Heronbank Health", "commercial", "CI", "SMP01", "HERONBANK HEALTH",
    "HERONBANK HEALTH", "1990000303", 0.20, 1, 12, 16, 0.07, 0.06, 0.60, 610, 520,
    (*COMMON, codes.NO_AUTHORIZATION, codes.NO_AUTHORIZATION, codes.RECORDS_WANTED,
     codes.NOT_IN_PLAN, codes.WRONG_MODIFIER),
    pays_interest=True, defers_recoupment=True,
)  # fmt: skip
TALLOWMERE = Payer(
    "TALLOWMERE", "Tallowmere Mutual", "commercial", "12", "SMP02", "TALLOWMERE MUTUAL",
    "TALLOWMERE MUTUAL INS CO", "1990000404", 0.18, 4, 21, 25, 0.05, 0.04, 0.55, 580, 500,
    (*COMMON, codes.BUNDLED, codes.NOTES_WANTED, codes.TOO_LATE, codes.NOT_COVERED_PATIENT,
     codes.DIAGNOSIS_MISMATCH, codes.OLD_CODE),
    sends_allowed=False, lowers_case=True, filing_limit=120,
)  # fmt: skip
QUINCEFIELD = Payer(
    "QUINCEFIELD", "Quincefield Health Plan", "commercial", "HM", "SMP03", "QUINCEFIELD HLTH HMO",
    "QFP BENEFIT ADMINISTRATORS", "1990000505", 0.12, None, 16, 20, 0.09, 0.05, 0.50, 550, 470,
    (*COMMON, codes.NO_AUTHORIZATION, codes.NOT_IN_PLAN, codes.COVERAGE_ENDED,
     codes.RECORDS_WANTED),
    deny_status="4", pays_interest=True, capitated=0.12, state="NV", recodes=("99215", "99214"),
)  # fmt: skip
LARKSPUR = Payer(
    "LARKSPUR", "Larkspur Advantage", "medicare_advantage", "16", "SMP04", "LARKSPUR ADVANTAGE",
    "LARKSPUR ADVANTAGE", "1990000606", 0.10, 2, 15, 18, 0.13, 0.07, 0.65, 430, 320,
    (*COMMON, codes.NO_AUTHORIZATION, codes.NO_AUTHORIZATION, codes.NOT_NECESSARY,
     codes.RECORDS_WANTED, codes.TOO_LATE),
    sequesters="claim", wire="*:", filing_limit=365, appeal_limit=60, recodes=("99214", "99213"),
)  # fmt: skip

PAYERS = (MEDICARE, MEDICAID, HERONBANK, TALLOWMERE, QUINCEFIELD, LARKSPUR)


@lru_cache(maxsize=8192)
def payment_day(payer: Payer, ready: date) -> date:
    """The first day on or after `ready` on which this payer pays."""
    if payer.pay_weekday is not None:
        return ready + timedelta(days=(payer.pay_weekday - ready.weekday()) % 7)
    for day in (5, 20):
        if ready.day <= day:
            return ready.replace(day=day)
    return (ready.replace(day=1) + timedelta(days=32)).replace(day=5)


@lru_cache(maxsize=8192)
def batch_day(ready: date) -> date:
    """The first Tuesday or Friday on or after `ready`: the days claims are sent."""
    weekday = ready.weekday()
    return ready + timedelta(days=min((1 - weekday) % 7, (4 - weekday) % 7))
