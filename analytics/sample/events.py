"""What happens in the sample: claims, what was sent, what came back.  Money is whole cents.

Cents in an `int` are exact and several times faster than Decimal; they become text when written.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from analytics.sample.payers import Payer
    from analytics.sample.people import Biller, Member, Renderer

Adjustment = tuple[str, str, int]  # group code, reason code, cents


@dataclass(slots=True)
class Line:
    """A service line as billed.  `number` (REF*6R) stays the same through the claim's life."""

    number: str
    procedure: str
    modifiers: str  # joined with a colon, as on the wire
    revenue: str
    units: int
    unit_code: str
    charge: int
    pointers: str
    ndc: str
    day: date


@dataclass(slots=True, eq=False)
class Submission:
    """One CLM."""

    sent: date
    control: str
    frequency: str
    original: str  # the payer's number of the claim replaced (REF*F8)
    lines: list[Line]
    acknowledged: date | None = None  # day of the replies, None where none came in time
    rejection: tuple[str, str, str] | tuple[()] = ()  # claim status of a rejection at the front end

    @property
    def charge(self) -> int:
        """The sum of its lines, in cents."""
        return sum(line.charge for line in self.lines)


@dataclass(slots=True)
class AnsweredLine:
    """One SVC: what the payer did with a line.  `allowed` is None where no AMT*B6 is sent.

    `procedure` is the one it was adjudicated as, empty where that is the one billed.
    """

    line: Line
    charge: int
    paid: int
    allowed: int | None
    adjustments: list[Adjustment]
    remarks: tuple[str, ...] = ()
    procedure: str = ""


@dataclass(slots=True, eq=False)
class Answer:
    """One CLP.  `lines` is empty where the payer answers the claim as a whole."""

    day: date
    status: str
    control: str
    payer_number: str
    charge: int
    paid: int
    patient: int
    lines: list[AnsweredLine]
    adjustments: list[Adjustment]
    remarks: tuple[str, ...] = ()
    allowed: int | None = None  # AMT*AU, sent where there are no lines
    frequency: str = "1"
    original: str = ""
    received: date | None = None
    interest: int = 0
    is_capitated: bool = False
    takes_back: "Answer | None" = None
    taken_back_on: date | None = None
    submission: Submission | None = None  # what is answered


class WriteOff(NamedTuple):
    """What the office gives up of a claim, as its billing system posts it."""

    day: date
    control: str
    reason: str
    amount: int


class PatientPayment(NamedTuple):
    """What a patient pays on a claim, or gets back (below zero)."""

    day: date
    control: str
    amount: int


@dataclass(slots=True)
class Appeal:
    """A denial appealed: WON, PARTLY_WON, LOST or WITHDRAWN once it is decided."""

    day: date
    control: str
    level: int
    amount: int
    decision: str = ""
    decided: date | None = None


@dataclass(slots=True, eq=False)
class Claim:
    """One chain: all submissions for the same services to one payer sequence, and their answers.

    A claim without submissions holds an answer that belongs to none of ours.
    """

    number: int
    payer: "Payer"
    sequence: str
    member: "Member"
    is_dependent: bool
    biller: "Biller"
    renderer: "Renderer"
    is_institutional: bool
    is_inpatient: bool
    place: str
    service_from: date
    service_to: date
    diagnoses: tuple[str, ...]
    drg: str
    authorization: str
    lines: list[Line]
    submissions: list[Submission] = field(default_factory=list[Submission])
    answers: list[Answer] = field(default_factory=list[Answer])
    primary: "Claim | None" = None
    provider_level: list[tuple[date, str, str, int]] = field(
        default_factory=list[tuple[date, str, str, int]]
    )  # PLB: payment date, reason, reference, cents
    write_offs: list[WriteOff] = field(default_factory=list[WriteOff])
    appeals: list[Appeal] = field(default_factory=list[Appeal])
    patient_payments: list[PatientPayment] = field(default_factory=list[PatientPayment])


def anew(claim: Claim, **changes: Any) -> Claim:
    """The same services as a claim of its own, of which nothing has been sent or said."""
    untold = (
        "submissions",
        "answers",
        "provider_level",
        "write_offs",
        "appeals",
        "patient_payments",
    )
    return replace(claim, **{name: [] for name in untold}, **changes)
