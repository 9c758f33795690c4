"""Claims as 837 text: one piece a submission, without HL segments, which the set numbers."""

from functools import lru_cache
from typing import NamedTuple

from analytics.sample.events import AnsweredLine, Claim, Line, Submission
from analytics.sample.payers import Payer
from analytics.sample.people import Biller, Member, Renderer, npi
from analytics.sample.x12 import d8, money
from analytics.sample.x277 import Reply, reply

RELATION_OF_DEPENDENT = "19"
REFERRER = npi(900)


class Piece(NamedTuple):
    """One submission: loops 2000B, 2000C (empty when the subscriber is the patient), 2300."""

    subscriber: str
    patient: str
    claim: str
    lines: int
    charge: int
    reply: Reply


def piece(claim: Claim, sent: Submission) -> Piece:
    """The text of one submission."""
    member, payer = claim.member, claim.payer
    is_self = not claim.is_dependent
    subscriber = f"SBR*{claim.sequence}*{'18' if is_self else ''}*SMPGRP******{payer.filing}~"
    subscriber += _subscriber(member) + _payer(payer)
    body = _institutional(claim, sent) if claim.is_institutional else _professional(claim, sent)
    return Piece(
        subscriber, "" if is_self else _patient(member), body, len(sent.lines), sent.charge,
        reply(claim, sent),
    )  # fmt: skip


@lru_cache(maxsize=65536)
def _subscriber(member: Member) -> str:
    return (
        f"NM1*IL*1*{member.last_name}*{member.first_name}****MI*{member.member_id}~{member.address}"
        f"DMG*D8*{d8(member.birth_date)}*{member.sex}~"
    )


@lru_cache(maxsize=65536)
def _patient(member: Member) -> str:
    first_name, born, sex = member.dependent or ("", member.birth_date, "U")
    return (
        f"PAT*{RELATION_OF_DEPENDENT}~NM1*QC*1*{member.last_name}*{first_name}~{member.address}"
        f"DMG*D8*{d8(born)}*{sex}~"
    )


@lru_cache
def _payer(payer: Payer) -> str:
    return f"NM1*PR*2*{payer.name}*****PI*{payer.code}~"


@lru_cache
def _renderer(renderer: Renderer, entity: str, role: str) -> str:
    name = f"NM1*{entity}*1*{renderer.last_name}*{renderer.first_name}****XX*{renderer.npi}~"
    return f"{name}PRV*{role}*PXC*{renderer.specialty.taxonomy}~"


@lru_cache
def billing_loop(biller: Biller) -> str:
    """Loop 2000A and 2010AA after the HL segment."""
    return (
        f"PRV*BI*PXC*{biller.taxonomy}~NM1*85*2*{biller.name}*****XX*{biller.npi}~"
        f"N3*1 INVENTED PLAZA~N4*SAMPLETON*CA*900010001~REF*EI*{biller.tin}~"
    )


def _references(claim: Claim, sent: Submission) -> str:
    text = f"REF*G1*{claim.authorization}~" if claim.authorization else ""
    return text + (f"REF*F8*{sent.original}~" if sent.original else "")


def _patient_paid(claim: Claim) -> str:
    """A copay taken at the desk, on some claims of commercial payers."""
    takes = claim.payer.line_of_business == "commercial" and claim.number % 9 == 0
    return "AMT*F5*25~" if takes else ""


def _professional(claim: Claim, sent: Submission) -> str:
    first, *others = claim.diagnoses
    text = (
        f"CLM*{sent.control}*{money(sent.charge)}***{claim.place}:B:{sent.frequency}*Y*A*Y*Y~"
        f"{_patient_paid(claim)}{_references(claim, sent)}"
        f"HI*ABK:{first}{''.join(f'*ABF:{code}' for code in others)}~"
    )
    if claim.number % 11 == 0:
        text += f"NM1*DN*1*GOSLINGTON*IVORNE****XX*{REFERRER}~"
    text += _renderer(claim.renderer, "82", "PE") + _other_payer(claim)
    return text + "".join(
        f"LX*{at}~SV1*HC:{_procedure(line)}*{money(line.charge)}*UN*{line.units}***{line.pointers}~"
        f"DTP*472*D8*{d8(line.day)}~REF*6R*{line.number}~{_drug(line)}{_cob_line(claim, line)}"
        for at, line in enumerate(sent.lines, 1)
    )


def _institutional(claim: Claim, sent: Submission) -> str:
    start, stop = d8(claim.service_from), d8(claim.service_to)
    text = (
        f"CLM*{sent.control}*{money(sent.charge)}***{claim.place}:A:{sent.frequency}**A*Y*Y~"
        f"DTP*434*RD8*{start}-{stop}~"
    )
    if claim.is_inpatient:
        text += f"DTP*435*DT*{start}0930~CL1*{1 + claim.number % 3}*1*01~"
    else:
        text += "CL1*1*1*01~"
    text += _references(claim, sent) + _diagnoses(claim)
    text += _renderer(claim.renderer, "71", "AT") + _other_payer(claim)
    return text + "".join(
        f"LX*{at}~{_institutional_service(line)}DTP*472*D8*{d8(line.day)}~REF*6R*{line.number}~"
        f"{_drug(line)}{_cob_line(claim, line)}"
        for at, line in enumerate(sent.lines, 1)
    )


def _diagnoses(claim: Claim) -> str:
    """HI segments, with present on admission and the DRG for a stay."""
    first, *others = claim.diagnoses
    if not claim.is_inpatient:
        return f"HI*ABK:{first}~HI*APR:{first}~" + _others(others, "")
    poa = ":::::::Y"
    return f"HI*ABK:{first}{poa}~HI*ABJ:{first}~HI*DR:{claim.drg}~" + _others(others, poa)


def _others(codes: list[str], poa: str) -> str:
    return f"HI{''.join(f'*ABF:{code}{poa}' for code in codes)}~" if codes else ""


def _procedure(line: Line) -> str:
    return f"{line.procedure}:{line.modifiers}" if line.modifiers else line.procedure


def _institutional_service(line: Line) -> str:
    procedure = f"HC:{_procedure(line)}" if line.procedure else ""
    return f"SV2*{line.revenue}*{procedure}*{money(line.charge)}*{line.unit_code}*{line.units}~"


def _drug(line: Line) -> str:
    return f"LIN**N4*{line.ndc}~CTP****{line.units}*ML~" if line.ndc else ""


def _other_payer(claim: Claim) -> str:
    """Loop 2320: what the first payer did, on a claim to a second."""
    if claim.primary is None:
        return ""
    payer, answer = claim.primary.payer, claim.primary.answers[0]
    member = claim.member
    return (
        f"SBR*P*18*******{payer.filing}~AMT*D*{money(answer.paid)}~AMT*EAF*{money(answer.patient)}~"
        f"OI***Y***Y~NM1*IL*1*{member.last_name}*{member.first_name}****MI*{member.member_id}~"
        f"{_payer(payer)}"
    )


def _cob_line(claim: Claim, line: Line) -> str:
    """Loop 2430: what the first payer did with this line."""
    if claim.primary is None:
        return ""
    answer = claim.primary.answers[0]
    answered = next((one for one in answer.lines if one.line.number == line.number), None)
    if answered is None:
        return ""
    composite = f"HC:{_procedure(line)}" if line.procedure else ""
    paid = f"{claim.primary.payer.code}*{money(answered.paid)}"
    service = f"SVD*{paid}*{composite}*{line.revenue}*{line.units}~"
    return f"{service}{adjustments(answered)}DTP*573*D8*{d8(answer.day)}~"


def adjustments(line: AnsweredLine) -> str:
    """CAS segments of one line, one a triplet."""
    return "".join(f"CAS*{g}*{code}*{money(amount)}~" for g, code, amount in line.adjustments)
