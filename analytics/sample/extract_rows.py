"""Rows of the sample's extracts, each in the manners of the system that would have written it."""

from collections.abc import Iterator, Sequence
from datetime import date

from analytics.sample.events import Answer, AnsweredLine, Claim, Line, Submission
from analytics.sample.tallies import dollars
from analytics.sample.x837 import REFERRER

Row = Sequence[object]

MOST_LINES, MOST_DIAGNOSES, MOST_ADJUSTMENTS, MOST_REMARKS = 5, 3, 4, 2
BILLING = (
    "Claim No", "Date Billed", "Freq", "Orig Ref No", "Auth No", "Payer Seq", "Payer", "Payer ID",
    "Filing Ind", "Member ID", "Subscriber ID", "Pt Last Name", "Pt First Name", "Pt DOB",
    "Pt Sex", "Billing Provider", "Billing NPI", "Tax ID", "Billing Taxonomy", "Rend NPI",
    "Rend Taxonomy", "Ref NPI", "Fac State", "POS", "DOS", "Total Charge",
    *(f"Dx{n}" for n in range(1, MOST_DIAGNOSES + 1)),
    *(
        f"{name}{n}"
        for n in range(1, MOST_LINES + 1)
        for name in ("CPT", "Mods", "Qty", "Chg", "Ptr", "NDC", "Line ID ")
    ),
)  # fmt: skip
REMITS = (
    "CLAIM_PAYMENT_ID", "PAYER", "CHECK_EFT_NO", "PAYMENT_DATE", "PAYEE_NPI", "PAYEE_TIN",
    "PATIENT_CONTROL_NO", "PAYER_CLAIM_NO", "CLAIM_STATUS", "CLAIM_CHARGE", "CLAIM_PAID",
    "PATIENT_RESP", "CLAIM_FREQ", "FACILITY_TYPE", "DRG", "RECEIVED_DATE", "STMT_FROM", "STMT_TO",
    "MEMBER_ID", "LAST_NAME", "FIRST_NAME", "REND_NPI", "LINE_CTRL_NO", "SERVICE_DATE", "PROC_CODE",
    "MODIFIERS", "REV_CODE", "UNITS", "LINE_CHARGE", "LINE_PAID",
    *(
        f"CAS_{name}_{n}"
        for n in range(1, MOST_ADJUSTMENTS + 1)
        for name in ("GRP", "RSN", "AMT")
    ),
    *(f"RARC_{n}" for n in range(1, MOST_REMARKS + 1)),
)  # fmt: skip
DENIALS = (
    "Account #", "Payer", "EOB Date", "Check #", "ICN", "Claim Status", "Claim Billed", "Member ID",
    "DOS", "Line #", "CPT", "Rev", "Mod", "Line Billed", "Denial Code", "Denied Amt", "RARC 1",
    "RARC 2", "Worked By",
)  # fmt: skip
ICD_BEFORE_DOT = 3
STATE = "CA"  # of all billing providers


def billing_row(claim: Claim, sent: Submission) -> Row:
    """A claim as the billing system sent it, its lines side by side."""
    member, biller, renderer = claim.member, claim.biller, claim.renderer
    first_name, born, sex = member.first_name, member.birth_date, member.sex
    if claim.is_dependent and member.dependent:
        first_name, born, sex = member.dependent
    row: list[object] = [
        sent.control, _us(sent.sent), sent.frequency, sent.original, claim.authorization,
        claim.sequence, claim.payer.name, claim.payer.code, claim.payer.filing,
        "" if claim.is_dependent else member.member_id, member.member_id, member.last_name,
        first_name, _us(born), sex, biller.name, biller.npi, biller.tin, biller.taxonomy,
        renderer.npi, renderer.specialty.taxonomy, REFERRER if claim.number % 11 == 0 else "",
        STATE, claim.place, _us(claim.service_from), dollars(sent.charge),
        *_padded([_dotted(code) for code in claim.diagnoses], MOST_DIAGNOSES),
    ]  # fmt: skip
    for line in _padded(sent.lines, MOST_LINES):
        row += _billed(line) if isinstance(line, Line) else [""] * 7
    return row


def _billed(line: Line) -> Row:
    return [
        line.procedure, line.modifiers.replace(":", " "), line.units, dollars(line.charge),
        line.pointers.replace(":", ","), line.ndc, line.number,
    ]  # fmt: skip


def remit_rows(claim: Claim, answer: Answer) -> Iterator[Row]:
    """An answer as a portal lists it: a row a line."""
    payer, renderer = claim.payer, claim.renderer
    period = (answer.day, claim.service_from, claim.service_to)
    paid_on, first, last = (f"{day:%Y%m%d}" for day in period)
    stay = claim.is_institutional
    number = claim.answers.index(answer) + 1
    of_claim: list[object] = [
        f"{answer.control.upper()}-{number}", payer.remit_name, trace(claim, answer), paid_on,
        claim.biller.npi, claim.biller.tin, answer.control, answer.payer_number, answer.status,
        dollars(answer.charge), dollars(answer.paid), dollars(answer.patient),
        answer.frequency, claim.place, claim.drg,
        f"{answer.received:%Y%m%d}" if answer.received and claim.number % 5 > 0 else "",
        first if stay else "", last if stay else "",
        claim.member.member_id, claim.member.last_name, claim.member.first_name,
        "" if stay else renderer.npi,
    ]  # fmt: skip
    for answered in answer.lines:
        yield [*of_claim, *_answered(answered)]


def _answered(answered: AnsweredLine) -> Row:
    line = answered.line
    adjustments: list[object] = []
    for group, code, amount in answered.adjustments:
        adjustments += [group, code, dollars(amount)]
    return [
        line.number, f"{line.day:%Y%m%d}", line.procedure, line.modifiers.replace(":", " "),
        line.revenue, line.units, dollars(answered.charge), dollars(answered.paid),
        *_padded(adjustments, MOST_ADJUSTMENTS * 3), *_padded(answered.remarks, MOST_REMARKS),
    ]  # fmt: skip


def denial_rows(claim: Claim, answer: Answer) -> Iterator[Row]:
    """A denied claim as a denials team logs it: a row an adjustment."""
    of_claim = [
        answer.control, claim.payer.remit_name, f"{answer.day:%d-%b-%Y}", trace(claim, answer),
        answer.payer_number, "Denied", _priced(answer.charge), claim.member.member_id,
    ]  # fmt: skip
    for at, answered in enumerate(answer.lines):
        line, last = answered.line, len(answered.adjustments)
        of_line = [
            f"{line.day:%d-%b-%Y}", line.number, line.procedure,
            "" if line.procedure else line.revenue, line.modifiers.replace(":", " "),
            _priced(answered.charge),
        ]  # fmt: skip
        for place, (group, code, amount) in enumerate(answered.adjustments, 1):
            # The contractual part comes first; the remark is about the last.
            remarks = _padded(answered.remarks if place == last else (), MOST_REMARKS)
            team = f"Team {'AB'[(claim.number + at) % 2]}"
            yield [*of_claim, *of_line, f"{group}-{code}", _priced(amount), *remarks, team]


def trace(claim: Claim, answer: Answer) -> str:
    """TRN02 of the payment that an answer is in."""
    end = "N" * answer.is_capitated
    return f"{claim.payer.slug[:3]}{answer.day:%Y%m%d}{claim.biller.npi[-3:]}{end}"


def _us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _priced(cents: int) -> str:
    """Dollars as a spreadsheet shows them."""
    return f"${cents // 100:,}.{cents % 100:02d}"


def _dotted(code: str) -> str:
    """ICD-10 as people write it."""
    end = code[ICD_BEFORE_DOT:]
    return f"{code[:ICD_BEFORE_DOT]}.{end}" if end else code


def _padded(cells: Sequence[object], width: int) -> Sequence[object]:
    if len(cells) > width:
        raise ValueError(f"an extract has room for {width}, not for {len(cells)}")
    return [*cells, *[""] * (width - len(cells))]
