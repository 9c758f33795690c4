"""Short ways to draw members, their cover and the claims that payers settled for them."""

MEMBER_HEAD = "patient_id | member_id | birth_date | sex_code | death_date | file_id"
SPAN_HEAD = (
    "file_id | record_no | patient_id | payer_name | line_of_business | coverage_code | start_date"
    " | end_date"
)
CLAIM_HEAD = (
    "payer_claim_id | file_id | record_no | feed_code | claim_number | claim_key | claim_type"
    " | patient_id | payer_name | line_of_business | bill_type_code | service_from_date"
    " | service_to_date | admission_date | processed_date | discharge_status_code | drg_code"
    " | principal_diagnosis_code | provider_number | rendering_npi | allowed_amount | paid_amount"
)
LINE_HEAD = (
    "payer_claim_line_id | payer_claim_id | feed_code | file_id | record_no | line_no"
    " | procedure_code | revenue_code | place_of_service_code | rendering_npi | service_from_date"
    " | service_to_date | allowed_amount | paid_amount"
)


def member(number, born="1950-05-05", sex="F", died="", file=1):
    """One row of patient."""
    return f"{number} | M{number} | {born} | {sex} | {died} | {file}"


def members(*rows):
    """The table patient."""
    return "\n".join([MEMBER_HEAD, *rows])


def span(
    patient, start, end="", *, file=1, payer="Medicare", line="medicare", part="", record=None
):  # fmt: skip
    """One row of eligibility."""
    record = record or f"{patient}{str(start).replace('-', '')}"[:9]
    return f"{file} | {record} | {patient} | {payer} | {line} | {part} | {start} | {end}"


def cover(*rows):
    """The table eligibility."""
    return "\n".join([SPAN_HEAD, *rows])


def settled(
    number, day, to=None, *, patient=1, kind="institutional", bill="111", status="01", drg="",
    diagnosis="I5033", provider="450001", npi="", allowed=100, paid=80, admitted="", known="",
):  # fmt: skip
    """One row of payer_claim: an inpatient stay unless said otherwise."""
    bill = bill if kind == "institutional" else ""
    cells = (
        number, 7, number, "tuva", f"N{number}", f"N{number}", kind, patient, "Medicare",
        "medicare", bill, day, to or day, admitted, known, status, drg, diagnosis, provider, npi,
        allowed, paid,
    )  # fmt: skip
    return " | ".join(map(str, cells))


def settled_claims(*rows):
    """The table payer_claim."""
    return "\n".join([CLAIM_HEAD, *rows])


def line(
    number, claim, *, code="", revenue="", place="", npi="", day="", allowed=0, paid=0, line_no=1
):  # fmt: skip
    """One row of payer_claim_line."""
    cells = (
        number, claim, "tuva", 7, number, line_no, code, revenue, place, npi, day, day, allowed,
        paid,
    )  # fmt: skip
    return " | ".join(map(str, cells))


def lines(*rows):
    """The table payer_claim_line."""
    return "\n".join([LINE_HEAD, *rows])
