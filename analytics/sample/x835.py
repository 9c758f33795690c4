"""Answers as 835 text: one claim payment (CLP) with its lines."""

from functools import lru_cache

from analytics.sample.events import Adjustment, Answer, AnsweredLine, Claim, Line
from analytics.sample.people import Member, Renderer
from analytics.sample.x12 import d8, money


def claim_payment(claim: Claim, answer: Answer) -> str:
    """Loop 2100 and its lines."""
    drg = f"*{claim.drg}*1.5" if claim.drg else ""
    frequency = f"{claim.place}*{answer.frequency}{'*' if drg else ''}{drg}"
    return (
        f"CLP*{answer.control}*{answer.status}*{money(answer.charge)}*{money(answer.paid)}"
        f"*{money(answer.patient) if answer.patient else ''}*{claim.payer.filing}"
        f"*{answer.payer_number}*{frequency}~"
        f"{_cas(answer.adjustments)}{_people(claim, answer)}{_remarks(claim, answer)}"
        f"{_references(claim, answer)}"
        f"{''.join(_service(line) for line in answer.lines)}"
    )


def _people(claim: Claim, answer: Answer) -> str:
    text = _member(claim.member, claim.is_dependent)
    if not claim.is_institutional:
        text += _renderer(claim.renderer)
    if answer.status == "19" and claim.member.second_payer:
        second = claim.member.second_payer
        text += f"NM1*TT*2*{second.name}*****PI*{second.code}~"
    return text


@lru_cache(maxsize=65536)
def _member(member: Member, is_dependent: bool) -> str:
    if is_dependent and member.dependent:
        return (
            f"NM1*QC*1*{member.last_name}*{member.dependent[0]}~"
            f"NM1*IL*1*{member.last_name}*{member.first_name}****MI*{member.member_id}~"
        )
    return f"NM1*QC*1*{member.last_name}*{member.first_name}****MI*{member.member_id}~"


@lru_cache
def _renderer(renderer: Renderer) -> str:
    return f"NM1*82*1*{renderer.last_name}*{renderer.first_name}****XX*{renderer.npi}~"


def _remarks(claim: Claim, answer: Answer) -> str:
    """MIA for a stay (one remark in 05, more in 20-23), MOA for other claims."""
    remarks = answer.remarks
    if claim.is_inpatient:
        first = remarks[0] if remarks else ""
        more = "".join(f"*{code}" for code in remarks[1:5])
        tail = f"{'*' * 14}{more}" if more else ""
        return f"MIA*0***{money(max(answer.paid, 0))}*{first}{tail}~"
    return f"MOA***{'*'.join(remarks)}~" if remarks else ""


def _references(claim: Claim, answer: Answer) -> str:
    text = f"REF*F8*{answer.original}~" if answer.original else ""
    if claim.authorization and claim.number % 3 == 0:
        text += f"REF*G1*{claim.authorization}~"
    if claim.is_institutional or not answer.lines:
        text += f"DTM*232*{d8(claim.service_from)}~DTM*233*{d8(claim.service_to)}~"
    if answer.received and tells_receipt(claim):
        text += f"DTM*050*{d8(answer.received)}~"
    if answer.allowed is not None:
        text += f"AMT*AU*{money(answer.allowed)}~"
    if answer.interest:
        text += f"AMT*I*{money(answer.interest)}~"
    if claim.is_inpatient and answer.status != "22":
        text += f"QTY*CA*{claim.lines[0].units}~"
    return text


def tells_receipt(claim: Claim) -> bool:
    """Whether the answers of a claim say when it was received."""
    return claim.number % 5 > 0


def _cas(adjustments: list[Adjustment]) -> str:
    """CAS segments: neighbours of one group share a segment, six triplets at most."""
    parts: list[str] = []
    last, room = "", 0
    for group, code, amount in adjustments:
        if group != last or not room:
            parts.append(f"{'~' if parts else ''}CAS*{group}")
            last, room = group, 6
        parts.append(f"*{code}*{money(amount)}{'*' if room > 1 else ''}")
        room -= 1
    if not parts:
        return ""
    return "".join(parts).replace("*~", "~").rstrip("*") + "~"


def _service(answered: AnsweredLine) -> str:
    line = answered.line
    procedure = answered.procedure or line.procedure
    billed = f"*{_composite(line, line.procedure)}" if answered.procedure else ""  # SVC06
    text = (
        f"SVC*{_composite(line, procedure)}*{money(answered.charge)}*{money(answered.paid)}"
        f"*{_revenue(line)}*{line.units}{billed}~"
        f"DTM*472*{d8(line.day)}~{_cas(answered.adjustments)}REF*6R*{line.number}~"
    )
    if answered.allowed is not None:
        text += f"AMT*B6*{money(answered.allowed)}~"
    return text + "".join(f"LQ*HE*{code}~" for code in answered.remarks)


def _composite(line: Line, procedure: str) -> str:
    """SVC01: the procedure with its modifiers, or the revenue code where there is none."""
    if not procedure:
        return f"NU:{line.revenue}"
    return f"HC:{procedure}:{line.modifiers}" if line.modifiers else f"HC:{procedure}"


def _revenue(line: Line) -> str:
    return line.revenue if line.procedure else ""
