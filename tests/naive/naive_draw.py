"""Random core tables: claims sent again, replaced, voided; answers of every kind, in any order.

Odder than any file: numbers shared by billers, late replacements, answers before their claim, lines
denied for several reasons at once.  What is drawn is balanced, so money is never made up.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

import polars as pl

from analytics import schema
from analytics.database import Database

Row = dict[str, Any]


class Billed(NamedTuple):
    """A line as billed; some providers do not number theirs."""

    key: str | None
    procedure: str
    charge: int


START, END = date(2026, 1, 1), date(2026, 9, 30)
DENIALS = ("4", "16", "27", "29", "50", "62", "96", "97", "197", "204", "252", "B18")
OTHERS = ("45", "45", "45", "1", "2", "3", "23", "253", "59", "151", "18", "193", "133", "ZZ9")
REMARKS = ("M76", "N382", "N115", "MA130", "N130", "N706", "M15", "MA01", "XX1")
GROUPS = ("CO", "CO", "CO", "OA", "PI", "CR")
STATUSES = ("1", "1", "1", "1", "4", "2", "3", "19", "20", "21", "22", "23", "25")


class Draw:
    """Rows of the core tables as they come."""

    def __init__(self, seed: int, shared: float = 0.15) -> None:
        self.shared = shared
        self.rng = Random(seed)  # noqa: S311
        self.rows: dict[str, list[Row]] = {}
        self._id = 1 << 32
        for number in (1, 2, 3):
            self.add(
                "payer", payer_id=number, payer_code=f"P{number}", payer_name=f"PAYER {number}"
            )

    def next(self) -> int:
        """A new id, which is also a place in the file."""
        self._id += 1
        return self._id

    def add(self, table: str, **row: Any) -> None:
        """One more row."""
        self.rows.setdefault(table, []).append(row)

    def start(self, first: date, rng: Random) -> date:
        """A day within two months of `first`, by other dice."""
        return first + timedelta(days=rng.randrange(60))

    def day(self, first: date, most: int) -> date:
        """A day up to `most` days after `first`."""
        return first + timedelta(days=self.rng.randrange(most + 1))


def database(seed: int, claims: int = 150, shared: float = 0.15) -> Database:
    """A database with a random world, where so many of the claims bear another's number."""
    drawn = Draw(seed, shared)
    for number in range(claims):
        _claim(drawn, number)
    db = Database()
    for table, rows in drawn.rows.items():
        frame = pl.DataFrame(rows, schema_overrides=schema.polars_schema(table))
        db.connection.register("drawn", frame)
        db.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM drawn")
        db.connection.unregister("drawn")
    return db


def _claim(drawn: Draw, number: int) -> None:
    """The same services sent once or more, and what came back."""
    rng = drawn.rng
    control = f"C{number}" if rng.random() >= drawn.shared else f"C{rng.randrange(number + 1)}"
    service = drawn.day(START, 120)
    last = drawn.day(service, 3)
    claim = {
        "claim_type": "professional",
        "payer_sequence_code": rng.choice("PPPPST"),
        "billing_npi": rng.choice(("1", "1", "1", "2")),
        "payer_id": rng.randrange(3) + 1,
        "is_predetermination": False,
        "service_from_date": service,
        "service_to_date": last,
    }
    lines, sent, numbers = _lines(drawn, number), drawn.day(last, 20), [""]
    for at in range(rng.choice((1, 1, 1, 2, 2, 3))):
        frequency = rng.choice("1117778882345") if at else "1"
        if frequency == "7" or (at and rng.random() < 0.1):
            lines = [one._replace(charge=rng.choice((one.charge, 60))) for one in lines]
        if frequency in "78" and rng.random() < 0.4:
            control = f"R{number}"
        original = rng.choice(numbers) if frequency in "78" else None
        _send(drawn, claim, control, frequency, original or None, sent, lines)
        for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
            _answer(drawn, claim, control, sent, lines, numbers, f"N{number}")
        sent = drawn.day(sent, 60)
    _posted(drawn, control, sent)


def _lines(drawn: Draw, number: int) -> list[Billed]:
    """One to three lines, numbered by most."""
    rng = drawn.rng
    numbered = rng.random() < 0.8
    return [
        Billed(f"{number}-{at}" if numbered else None, f"9921{at}", rng.choice((0, 50, 100, 175)))
        for at in range(1, rng.choice((2, 3, 4)))
    ]


def _posted(drawn: Draw, control: str, after: date) -> None:
    """A write-off, an appeal and a patient's payment of some claims."""
    rng, other = drawn.rng, Random(control)  # noqa: S311
    if other.random() < 0.3:
        drawn.add(
            "patient_payment", file_id=9, record_no=drawn.next(), patient_control_number=control,
            payment_date=drawn.start(after, other), amount=Decimal(other.choice((30, 15, -10))),
        )  # fmt: skip
    if rng.random() < 0.2:
        drawn.add(
            "write_off", file_id=9, record_no=drawn.next(), patient_control_number=control,
            write_off_date=drawn.day(after, 90), amount=Decimal(rng.choice((20, 50, 100))),
        )  # fmt: skip
    if rng.random() < 0.2:
        appealed = drawn.day(after, 60)
        decided = drawn.day(appealed, 60) if rng.random() < 0.8 else None
        decision = rng.choice(("WON", "PARTLY_WON", "LOST", "WITHDRAWN")) if decided else None
        drawn.add(
            "appeal", file_id=9, record_no=drawn.next(), patient_control_number=control,
            appeal_date=appealed, decision_code=decision, decision_date=decided,
        )  # fmt: skip


def _send(
    drawn: Draw,
    claim: Row,
    control: str,
    frequency: str,
    original: str | None,
    sent: date,
    lines: list[Billed],
) -> None:
    place = drawn.next()
    case = control.lower() if drawn.rng.random() < 0.1 else control
    drawn.add(
        "claim", **claim, claim_id=place, file_id=1, record_no=place, submission_date=sent,
        patient_control_number=case, frequency_code=frequency, original_payer_claim_number=original,
        billed_amount=Decimal(sum(one.charge for one in lines)),
    )  # fmt: skip
    for at, one in enumerate(lines, 1):
        line = drawn.next()
        drawn.add(
            "claim_line", claim_line_id=line, claim_id=place, file_id=1, record_no=line, line_no=at,
            line_control_number=one.key, procedure_code=one.procedure, modifier_key="",
            billed_amount=Decimal(one.charge), service_from_date=claim["service_from_date"],
            service_to_date=claim["service_to_date"],
        )  # fmt: skip


def _answer(
    drawn: Draw,
    claim: Row,
    control: str,
    sent: date,
    lines: list[Billed],
    numbers: list[str],
    stem: str,
) -> None:
    """One claim payment, or its lines in two of one day, or only some of them."""
    rng = drawn.rng
    remit, day = drawn.next(), drawn.day(sent, 45)
    drawn.add(
        "remit", remit_id=remit, file_id=1, record_no=remit, payer_id=claim["payer_id"],
        payment_date=day,
    )  # fmt: skip
    if len(numbers) == 1 or rng.random() < 0.6:
        numbers.append(f"{stem}/{len(numbers)}")
    how, number = rng.random(), rng.choice(numbers)
    if how < 0.12:
        given = [_payment(drawn, claim, control, remit, number, lines, whole=True)]
    else:
        cut = rng.randrange(1, len(lines)) if len(lines) > 1 and how < 0.3 else len(lines)
        given = [_payment(drawn, claim, control, remit, number, lines[:cut], whole=False)]
        if cut < len(lines) and rng.random() < 0.6:
            number = rng.choice(numbers)
            given.append(_payment(drawn, claim, control, remit, number, lines[cut:], whole=False))
    for one in given:
        if rng.random() < 0.25:
            _reverse(drawn, one, drawn.day(day, 30))


def _payment(
    drawn: Draw,
    claim: Row,
    control: str,
    remit: int,
    payer_number: str,
    lines: list[Billed],
    *,
    whole: bool,
) -> int:
    """One claim payment; `whole` without lines.  Returns its id."""
    rng, place = drawn.rng, drawn.next()
    status = rng.choice(STATUSES)
    sign = -1 if status == "22" else 1
    total = sum(one.charge for one in lines)
    paid = share = 0
    for at, one in enumerate([Billed("", "", total)] if whole else lines, 1):
        line = None if whole else drawn.next()
        left, owed = _adjust(drawn, place, line, one.charge, sign)
        paid, share = paid + left, share + owed
        if line is not None:
            sent_allowed = Decimal(sign * (left + owed)) if rng.random() < 0.3 else None
            drawn.add(
                "remit_line", remit_line_id=line, remit_claim_id=place, file_id=1, record_no=line,
                line_no=at, line_control_number=one.key, procedure_code=one.procedure,
                modifier_key="", charge_amount=Decimal(sign * one.charge),
                paid_amount=Decimal(sign * left), allowed_amount=sent_allowed,
                service_from_date=claim["service_from_date"],
                service_to_date=claim["service_to_date"],
            )  # fmt: skip
    if not whole and rng.random() < 0.1:  # withheld from the claim, lines or not
        paid, owed = _adjust(drawn, place, None, paid, sign)
        share += owed
    dated = rng.random() < 0.8
    drawn.add(
        "remit_claim", remit_claim_id=place, remit_id=remit, file_id=1, record_no=place,
        patient_control_number=control, status_code=status, charge_amount=Decimal(sign * total),
        paid_amount=Decimal(sign * paid), patient_responsibility_amount=Decimal(sign * share),
        payer_claim_number=payer_number or None,
        allowed_amount=Decimal(sign * (paid + share)) if whole and rng.random() < 0.3 else None,
        service_from_date=claim["service_from_date"] if dated else None,
        service_to_date=claim["service_to_date"] if dated else None,
    )  # fmt: skip
    return place


def _reverse(drawn: Draw, payment: int, day: date) -> None:
    """Takes a claim payment back: the same with every sign turned."""
    remit, place = drawn.next(), drawn.next()
    old = _of(drawn, "remit_claim", payment)[0]
    payer = next(r["payer_id"] for r in drawn.rows["remit"] if r["remit_id"] == old["remit_id"])
    drawn.add("remit", remit_id=remit, file_id=1, record_no=remit, payer_id=payer, payment_date=day)
    ids = {"remit_id": remit, "remit_claim_id": place, "record_no": place, "status_code": "22"}
    drawn.add("remit_claim", **_turned(old) | ids)
    lines: dict[int | None, int | None] = {None: None}
    for table in ("remit_line", "adjustment"):
        for row in _of(drawn, table, payment):
            here = drawn.next()
            if table == "remit_line":
                lines[row["remit_line_id"]] = here
            line = lines[row["remit_line_id"]]
            ids = {"remit_claim_id": place, "remit_line_id": line, "record_no": here}
            drawn.add(table, **_turned(row) | ids)


def _of(drawn: Draw, table: str, payment: int) -> list[Row]:
    return [row for row in drawn.rows.get(table, []) if row["remit_claim_id"] == payment]


def _turned(row: Row) -> Row:
    """A row with its amounts turned."""
    return {
        name: -value if name.endswith("amount") and value is not None else value
        for name, value in row.items()
    }


def _adjust(drawn: Draw, payment: int, line: int | None, charge: int, sign: int) -> tuple[int, int]:
    """Up to three adjustments of a line; what they leave to pay, and the patient's share."""
    rng, left, share = drawn.rng, charge, 0
    codes = [
        rng.choice(DENIALS if rng.random() < 0.35 else OTHERS) for _ in range(rng.randrange(4))
    ]
    for at, code in enumerate(codes, 1):
        part = left if at == len(codes) and rng.random() < 0.5 else left // rng.choice((2, 5, 10))
        part = -part if rng.random() < 0.03 else part
        group = "PR" if code in "123" or rng.random() < 0.1 else rng.choice(GROUPS)
        left -= part
        share += part if group == "PR" and code in "123" else 0
        place = drawn.next()
        drawn.add(
            "adjustment", remit_claim_id=payment, remit_line_id=line, file_id=1, record_no=place,
            position=1, group_code=group, carc_code=code, amount=Decimal(sign * part),
        )  # fmt: skip
    for at in range(rng.choice((0, 0, 1, 2))):
        place = drawn.next()
        drawn.add(
            "remark", remit_claim_id=payment, remit_line_id=line, file_id=1, record_no=place,
            position=at + 1, rarc_code=rng.choice(REMARKS), source="LQ" if line else "MOA",
        )  # fmt: skip
    return left, share
