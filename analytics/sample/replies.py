"""Replies to each batch of claims: a 999 from the translator, a 277CA from the clearinghouse.

A batch whose syntax is wrong gets a 999 alone.  Each reply is an interchange of its own, and those
of a month stand one behind the other in one file.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from analytics.sample.front_end import (
    PROVIDER,
    SYNTAX,
    TRADING_PARTNER,
    UNKNOWN_PROVIDER,
    batch_fate,
)
from analytics.sample.people import BILLERS
from analytics.sample.x12 import d8, gs, isa, money
from analytics.sample.x277 import CODES, Reply

SYNTAX_GUIDE, CLAIM_GUIDE = "005010X231A1", "005010X214"
_FIRST_NUMBER = 500_000  # far from those of the claims' own interchanges


class Batch(NamedTuple):
    """A set of claims as sent: what identifies it, and the replies to its claims by biller."""

    sent: date
    acknowledged: date
    institutional: bool
    group: int
    number: int
    version: str
    reference: str
    replies: dict[str, list[Reply]]


@dataclass(slots=True)
class ReplyTotals:
    """What a file of replies holds: statuses and answers, and those that reject."""

    transaction_sets: int = 0
    acknowledgements: int = 0
    rejections: int = 0


@dataclass(slots=True)
class Replies:
    """The files of replies under `folder`."""

    folder: Path
    single: bool
    done: dict[str, ReplyTotals] = field(default_factory=dict[str, ReplyTotals])
    _number: int = _FIRST_NUMBER

    def add(self, batch: Batch) -> None:
        """Writes the replies to a batch."""
        fate = batch_fate(batch.sent, institutional=batch.institutional)
        self._write("999", "999", ("FA", SYNTAX_GUIDE), _syntax(batch, fate), batch.acknowledged)
        if fate != SYNTAX:
            text = _claims(batch, fate)
            self._write("277", "277CA", ("HN", CLAIM_GUIDE), text, batch.acknowledged)

    def _write(self, folder: str, name: str, kind: tuple[str, str], body: str, day: date) -> None:
        self._number += 1
        number, segments = self._number, body.count("~") + 2
        text = (
            f"{isa(number, day, back=True)}{gs(*kind, number, day, back=True)}"
            f"ST*{folder}*0001*{kind[1]}~{body}SE*{segments}*0001~"
            f"GE*1*{number}~IEA*1*{number:09d}~"
        )
        file = f"{folder}/{name}.edi" if self.single else f"{folder}/{name}_{day:%Y-%m}.edi"
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab" if file in self.done else "wb") as out:
            out.write(text.replace("~", "~\n").encode("ascii"))
        _count(self.done.setdefault(file, ReplyTotals()), body)


def _count(totals: ReplyTotals, body: str) -> None:
    """Adds what a reply holds: statuses, or answers to sets and groups."""
    totals.transaction_sets += 1
    totals.acknowledgements += sum(body.count(f"~{name}*") for name in ("STC", "AK2", "AK9"))
    totals.rejections += sum(body.count(text) for text in ("*U*", "*U~", "~IK5*R"))


def _syntax(batch: Batch, fate: str) -> str:
    """The body of a 999: one set answered, of a group that holds others too."""
    text = f"AK1*HC*{batch.group}*{batch.version}~AK2*837*{batch.number:04d}*{batch.version}~"
    if fate != SYNTAX:
        return f"{text}IK5*A~AK9*A*1*1*1~"
    first = next(reply for replies in batch.replies.values() for reply in replies)
    return f"{text}IK3*CLM*20*2300*8~CTX*CLM01:{first.control}~IK4*5:1*1331*7~IK5*R*5~AK9*P*1*1*0~"


def _claims(batch: Batch, fate: str) -> str:
    """The body of a 277CA."""
    day, partner = d8(batch.acknowledged), fate == TRADING_PARTNER
    every = [reply for replies in batch.replies.values() for reply in replies]
    said = ("A3:24:41" if partner else "A1:19:PR") + f"*{day}*{CODES[partner]}"
    text = (
        f"BHT*0085*08*R{batch.reference}*{day}*0700*TH~HL*1**20*1~"
        "NM1*AY*2*SAMPLE RECEIVER*****46*SAMPLERECEIVER~"
        f"TRN*1*R{batch.reference}~DTP*050*D8*{d8(batch.sent)}~DTP*009*D8*{day}~"
        f"HL*2*1*21*{int(not partner)}~NM1*41*2*SAMPLE SENDER*****46*SAMPLESENDER~"
        f"TRN*2*{batch.reference}~STC*{said}*{money(sum(one.charge for one in every))}~"
        f"{_sums('90', 'AA', every)}"
    )
    if partner:
        return text
    level = 2
    for biller in BILLERS:
        if replies := batch.replies.get(biller.npi):
            unknown = fate == PROVIDER and biller is UNKNOWN_PROVIDER
            level += 1
            text += (
                f"HL*{level}*2*19*{int(not unknown)}~NM1*85*2*{biller.name}*****XX*{biller.npi}~"
            )
            text += f"TRN*1*0~{_provider(replies, rejected=unknown)}{_sums('QA', 'QC', replies)}"
            text += "" if unknown else _patients(replies, level)
            level += 0 if unknown else len(replies)
    return text


def _provider(replies: list[Reply], *, rejected: bool) -> str:
    """The status of a provider, sent where it stands for all its claims."""
    charge = money(sum(one.charge for one in replies))
    return f"STC*A8:496:85**U*{charge}~" if rejected else ""


def _patients(replies: list[Reply], provider: int) -> str:
    return "".join(
        f"HL*{provider + at}*{provider}*PT~{reply.text}" for at, reply in enumerate(replies, 1)
    )


def _sums(accepted: str, rejected: str, replies: Iterable[Reply]) -> str:
    """Counts and charges of what was accepted and what was not."""
    text = ""
    for quantity, amount, wanted in ((accepted, "YU", False), (rejected, "YY", True)):
        charges = [one.charge for one in replies if one.is_rejected is wanted]
        if charges:
            text += f"QTY*{quantity}*{len(charges)}~AMT*{amount}*{money(sum(charges))}~"
    return text
