"""What a clearinghouse says of one submission, as 277CA text: loops 2100D and 2200D."""

from datetime import date
from typing import NamedTuple

from analytics.sample.events import Claim, Submission
from analytics.sample.front_end import ACCEPTED
from analytics.sample.x12 import d8, money

CODES = {True: "U", False: "WQ"}  # STC03 where rejected, where not


class Reply(NamedTuple):
    """The reply to one submission: its text without the HL segment, and what adds up."""

    text: str
    control: str
    charge: int
    is_rejected: bool


def reply(claim: Claim, sent: Submission) -> Reply:
    """The reply that comes on the day after, whether or not the sample still holds it."""
    member, day = claim.member, sent.acknowledged or sent.sent
    first_name = member.dependent[0] if claim.is_dependent and member.dependent else ""
    text = (
        f"NM1*QC*1*{member.last_name}*{first_name or member.first_name}****MI*{member.member_id}~"
        f"TRN*2*{sent.control}~{status(sent.rejection, day, sent.charge)}"
        f"REF*D9*CH{claim.number:07d}~DTP*472*{_service(claim)}~"
    )
    if sent.rejection and claim.number % 2 and not claim.is_institutional:
        line = sent.lines[0]
        text += (
            f"SVC*HC:{line.procedure}*{money(line.charge)}****{line.units}~STC*A7:454**U~"
            f"REF*FJ*{line.number}~"
        )
    return Reply(text, sent.control, sent.charge, bool(sent.rejection))


def status(codes: tuple[str, ...], day: date, charge: int) -> str:
    """STC: accepted into the payer's system, or rejected with these codes."""
    composite = ":".join(codes or ACCEPTED).rstrip(":")
    return f"STC*{composite}*{d8(day)}*{CODES[bool(codes)]}*{money(charge)}~"


def _service(claim: Claim) -> str:
    if claim.service_from == claim.service_to:
        return f"D8*{d8(claim.service_to)}"
    return f"RD8*{d8(claim.service_from)}-{d8(claim.service_to)}"
