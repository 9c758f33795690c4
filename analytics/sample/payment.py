"""Payments: what one payer pays one provider on one day, balanced to the cent."""

from dataclasses import dataclass, field
from datetime import date

from analytics.sample.events import Answer, Claim
from analytics.sample.payers import Payer
from analytics.sample.people import Biller
from analytics.sample.x12 import Totals, X12File, d8, money
from analytics.sample.x835 import claim_payment

ProviderLevel = tuple[str, str, int]  # PLB: reason, reference, cents


@dataclass(slots=True)
class Payment:
    """What one payer pays one provider on one day, as it gathers."""

    payer: Payer
    biller: Biller
    day: date
    is_capitated: bool
    claims: list[str] = field(default_factory=list[str])
    provider_level: list[ProviderLevel] = field(default_factory=list[ProviderLevel])
    totals: Totals = field(default_factory=Totals)

    def add(self, claim: Claim, answer: Answer) -> None:
        """Takes in one claim payment."""
        self.claims.append(claim_payment(claim, answer))
        if answer.interest:
            self.provider_level.append(("L6", answer.payer_number, -answer.interest))
        totals = self.totals
        totals.remit_claims += 1
        totals.remit_lines += len(answer.lines)
        totals.charge += answer.charge
        totals.paid += answer.paid
        for part in (answer, *answer.lines):
            for group, _, amount in part.adjustments:
                totals.adjustments[group] = totals.adjustments.get(group, 0) + amount

    def write(self, out: X12File, owed: int) -> int:
        """Writes the payment as one set; `owed` is what earlier ones carried over.

        Returns what this one carries over to the next.
        """
        if owed:
            self.provider_level.append(("FB", "", owed))
        carried = self.settle()
        out.begin_set("835")
        out.write(f"{self.header(money(self.totals.bpr))}LX*1~{''.join(self.claims)}{self.plb()}")
        out.end_set()
        out.totals.add(self.totals)
        return carried

    def settle(self) -> int:
        """Works out what is due: never less than nothing, the rest is carried over (PLB FB)."""
        due = self.totals.paid - sum(amount for _, _, amount in self.provider_level)
        if due < 0:
            self.provider_level.append(("FB", "", due))
        self.totals.bpr = max(due, 0)
        self.totals.plb = sum(amount for _, _, amount in self.provider_level)
        return max(-due, 0)

    def header(self, due: str) -> str:
        """All before the first claim; `due` is BPR02."""
        payer, biller, day = self.payer, self.biller, d8(self.day)
        method = f"ACH*CCP*01*999999999*DA*1*{payer.remit_code}**01*999999999*DA*2"
        bpr = f"I*{due}*C*{method}" if due != "0" else f"H*0*C*NON{'*' * 11}"
        return (
            f"BPR*{bpr}*{day}~TRN*1*{payer.slug[:3]}{day}{biller.npi[-3:]}{'N' * self.is_capitated}"
            f"*{payer.remit_code}~DTM*405*{day}~N1*PR*{payer.remit_name}~N3*1 PAYER WAY~"
            f"N4*SAMPLETON*{payer.state}*90001~PER*BL*HELP DESK*TE*5550100000~"
            f"N1*PE*{biller.name}*XX*{biller.npi}~REF*TJ*{biller.tin}~"
        )

    def plb(self) -> str:
        """PLB segments, six pairs each."""
        entries = self.provider_level
        start = f"PLB*{self.biller.npi}*{self.day.year}1231"
        text = ""
        for at in range(0, len(entries), 6):
            pairs = "".join(
                f"*{reason}{':' + reference if reference else ''}*{money(amount)}"
                for reason, reference, amount in entries[at : at + 6]
            )
            text += f"{start}{pairs}~"
        return text


class WholeSet:
    """All payments of a file in one set: the header goes first, its amount is filled in last."""

    def __init__(self, out: X12File, first: Payment) -> None:
        self.out = out
        self.sum = Payment(first.payer, first.biller, first.day, is_capitated=False)
        out.begin_set("835")
        self.mark = out.position()
        out.write(f"{self._header()}LX*1~")

    def add(self, payment: Payment) -> None:
        """Writes the claims of one more payment."""
        self.out.write("".join(payment.claims))
        self.sum.totals.add(payment.totals)
        self.sum.provider_level += payment.provider_level

    def close(self) -> None:
        """Writes PLB and fills in the amount."""
        self.sum.settle()
        self.out.write(self.sum.plb())
        self.out.rewrite(self.mark, self._header())
        self.out.totals.add(self.sum.totals)

    def _header(self) -> str:
        due = self.sum.totals.bpr
        return self.sum.header(f"{due // 100:012d}.{due % 100:02d}")  # of one width
