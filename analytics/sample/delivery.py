"""Gathers what is sent and paid, by day, and writes it out as soon as a day is complete.

Claims come in the order they are first sent, so no later claim can add to a day before that:
earlier days are written and forgotten, and memory holds only what is under way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from analytics.sample import x837
from analytics.sample.events import Claim
from analytics.sample.payers import PAYERS, Payer
from analytics.sample.payment import Payment, WholeSet
from analytics.sample.people import BILLERS, Biller
from analytics.sample.replies import Batch, Replies
from analytics.sample.x12 import Totals, X12File, d8

PROFESSIONAL, INSTITUTIONAL, REMITTANCE = "005010X222A1", "005010X223A2", "005010X221A1"
FileKey = tuple[str, int]  # name, month (year * 12 + month); month 0 stays open to the end
PaymentKey = tuple[date, int, int, bool]  # day, payer, biller, capitated


@dataclass(slots=True)
class Delivery:
    """The files under `folder`, open and done."""

    folder: Path
    end: date
    files: Literal["monthly", "single"]
    one_set: bool
    done: dict[str, Totals] = field(default_factory=dict[str, Totals])
    byte_count: int = 0
    _sent: dict[tuple[date, bool], dict[str, list[x837.Piece]]] = field(
        default_factory=dict[tuple[date, bool], dict[str, list[x837.Piece]]]
    )
    _paid: dict[PaymentKey, Payment] = field(default_factory=dict[PaymentKey, Payment])
    _owed: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])
    _open: dict[FileKey, X12File] = field(default_factory=dict[FileKey, X12File])
    _whole: dict[Path, WholeSet] = field(default_factory=dict[Path, WholeSet])
    replies: Replies = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        self.replies = Replies(self.folder, self.files == "single")

    def add(self, claim: Claim) -> None:
        """Takes in all submissions and answers of a claim."""
        for sent in claim.submissions:
            groups = self._sent.setdefault((sent.sent, claim.is_institutional), {})
            groups.setdefault(claim.biller.npi, []).append(x837.piece(claim, sent))
        for answer in claim.answers:
            self._payment(claim, answer.day, answer.is_capitated).add(claim, answer)
        for day, reason, reference, amount in claim.provider_level:
            entry = (reason, reference, amount)
            self._payment(claim, day, is_capitated=False).provider_level.append(entry)

    def _payment(self, claim: Claim, day: date, is_capitated: bool) -> Payment:
        biller = BILLERS.index(claim.biller)
        key = (day, PAYERS.index(claim.payer), biller, is_capitated)
        if key not in self._paid:
            self._paid[key] = Payment(claim.payer, claim.biller, day, is_capitated)
        return self._paid[key]

    def flush(self, before: date) -> None:
        """Writes every day before `before`, and closes the files of months gone by."""
        for day, institutional in sorted(key for key in self._sent if key[0] < before):
            self._write_claims(day, institutional, self._sent.pop((day, institutional)))
        for key in sorted(key for key in self._paid if key[0] < before):
            self._write_payment(key, self._paid.pop(key))
        month = before.year * 12 + before.month
        self._close(key for key in list(self._open) if 0 < key[1] < month)

    def close(self) -> None:
        """Writes what is left and closes everything."""
        self.flush(self.end + timedelta(days=1))
        self._close(list(self._open))

    def _close(self, keys: Iterable[FileKey]) -> None:
        for key in keys:
            out = self._open.pop(key)
            if out.path in self._whole:
                self._whole.pop(out.path).close()
            out.close()
            self.done[str(out.path.relative_to(self.folder).as_posix())] = out.totals
            self.byte_count += out.byte_count

    def _write_claims(
        self, day: date, institutional: bool, groups: dict[str, list[x837.Piece]]
    ) -> None:
        kind = "837I" if institutional else "837P"
        version = INSTITUTIONAL if institutional else PROFESSIONAL
        out = self._file("837", kind, f"{day:%Y-%m}", ("HC", version), day)
        number = out.totals.transaction_sets
        if not out.is_set_open:
            out.begin_set("837")
            number = out.totals.transaction_sets
            out.write(_header(day, _reference(day, number, institutional=institutional)))
        for biller in BILLERS:
            if biller.npi in groups:
                _write_group(out, biller, groups[biller.npi])
        if self.one_set:
            return
        out.end_set()
        if (acknowledged := day + timedelta(days=1)) <= self.end:
            replies = {npi: [piece.reply for piece in pieces] for npi, pieces in groups.items()}
            reference = _reference(day, number, institutional=institutional)
            self.replies.add(
                Batch(
                    day, acknowledged, institutional, out.number, number, version, reference,
                    replies,
                )
            )  # fmt: skip

    def _write_payment(self, key: PaymentKey, payment: Payment) -> None:
        day, payer, biller, _ = key
        slug, period = payment.payer.slug, f"{day:%Y-%m}"
        if payment.payer.weekly_files:
            period = f"{day:%Y-%m-%d}"
        name = "ALL" if self.files == "single" else slug
        out = self._file("835", f"835_{name}", period, ("HP", REMITTANCE), day, payment.payer)
        if self.one_set:
            if out.path not in self._whole:
                self._whole[out.path] = WholeSet(out, payment)
            self._whole[out.path].add(payment)
        elif carried := payment.write(out, self._owed.pop((payer, biller), 0)):
            self._owed[payer, biller] = carried

    def _file(
        self,
        folder: str,
        name: str,
        period: str,
        kind: tuple[str, str],
        day: date,
        payer: Payer | None = None,
    ) -> X12File:
        single = self.files == "single"
        path = self.folder / folder / (f"{name}.edi" if single else f"{name}_{period}.edi")
        key = (path.name, 0 if single else day.year * 12 + day.month)
        if key not in self._open:
            self._number += 1
            wire = payer.wire if payer and not single else "*:\n"
            self._open[key] = X12File(path, *kind, self._number, day, wire)
        return self._open[key]


def _reference(day: date, number: int, *, institutional: bool) -> str:
    """BHT03: the sender's own number of the batch."""
    return f"{d8(day)}{number:04d}{'I' if institutional else ''}"


def _header(day: date, reference: str) -> str:
    return (
        f"BHT*0019*00*{reference}*{d8(day)}*0600*CH~"
        "NM1*41*2*SAMPLE SENDER*****46*SAMPLESENDER~PER*IC*BILLING DESK*TE*5550100001~"
        "NM1*40*2*SAMPLE RECEIVER*****46*SAMPLERECEIVER~"
    )


def _write_group(out: X12File, biller: Biller, pieces: list[x837.Piece]) -> None:
    """One billing provider's claims: HL 20, then HL 22 (and 23) for each claim."""
    parent = out.last_hl + 1
    parts = [f"HL*{parent}**20*1~{x837.billing_loop(biller)}"]
    level, totals = parent, out.totals
    for piece in pieces:
        level += 1
        parts.append(f"HL*{level}*{parent}*22*{1 if piece.patient else 0}~{piece.subscriber}")
        if piece.patient:
            level += 1
            parts.append(f"HL*{level}*{level - 1}*23*0~{piece.patient}")
        parts.append(piece.claim)
        totals.lines += piece.lines
        totals.billed += piece.charge
    totals.claims += len(pieces)
    out.last_hl = level
    out.write("".join(parts))
