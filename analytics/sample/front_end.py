"""What a clearinghouse makes of each submission, before any payer sees it.

It follows the claims' lives without changing them: what is rejected is sent again on the next batch
day, and the payer answers that.  Nothing is drawn, so all else stays as the dice had it.
"""

from dataclasses import replace
from datetime import date, timedelta

from analytics.sample.events import Claim, Submission
from analytics.sample.payers import batch_day
from analytics.sample.people import BILLERS

ACCEPTED = ("A2", "20", "PR")  # claim status category, status, entity
# The first batch of some months goes wrong as a whole: month, institutional -> how.
SYNTAX, TRADING_PARTNER, PROVIDER = "syntax", "trading partner", "provider"
BAD_BATCHES = {(1, True): SYNTAX, (3, True): TRADING_PARTNER, (5, False): PROVIDER}
UNKNOWN_PROVIDER = BILLERS[1]
_REASONS = (
    ("A7", "562", "85"),
    ("A7", "164", "IL"),
    ("A6", "126", "QC"),
    ("A3", "33", "IL"),
    ("A8", "187", ""),
)
_EVERY = 43  # one claim in so many is rejected alone
_LOST = 3  # one rejected claim in so many that no payer answered is never sent again


def batch_fate(day: date, *, institutional: bool) -> str:
    """How the batch of a day goes wrong as a whole, or nothing."""
    is_first = batch_day(day.replace(day=1)) == day
    return BAD_BATCHES.get((day.month, institutional), "") if is_first else ""


def pass_through(claim: Claim, end: date) -> None:
    """Notes what is said of each submission, and sends again what is rejected."""
    alone = (claim.number + 13 * (claim.sequence != "P")) % _EVERY == 7
    claim.submissions[:] = [
        one
        for at, sent in enumerate(claim.submissions)
        for one in _sent(claim, sent, end, alone=alone and at == 0)
    ]


def _sent(claim: Claim, sent: Submission, end: date, *, alone: bool) -> list[Submission]:
    """The submission, with what is said of it on the day after, and those that replace it."""
    day = sent.sent + timedelta(days=1)
    sent.acknowledged = day if day <= end else None
    sent.rejection = _rejection(claim, sent, alone=alone)
    again = replace(sent, sent=batch_day(day))
    if not sent.rejection or _is_lost(claim) or again.sent > end:
        return [sent]
    _answer_instead(claim, sent, again)
    return [sent, *_sent(claim, again, end, alone=False)]


def _rejection(claim: Claim, sent: Submission, *, alone: bool) -> tuple[str, str, str] | tuple[()]:
    """The status that rejects a submission, alone or with its batch; nothing where none does."""
    fate = batch_fate(sent.sent, institutional=claim.is_institutional)
    if fate in (SYNTAX, TRADING_PARTNER):
        return ("A3", "24", "41")
    if fate == PROVIDER and claim.biller is UNKNOWN_PROVIDER:
        return ("A8", "496", "85")
    return _REASONS[claim.number % len(_REASONS)] if alone else ()


def _is_lost(claim: Claim) -> bool:
    """Whether nobody looks at the rejection of a claim that no payer will answer."""
    return not claim.answers and claim.number % _LOST == 0


def _answer_instead(claim: Claim, sent: Submission, again: Submission) -> None:
    """What was said of the rejected submission is said of the one after it."""
    for answer in claim.answers:
        if answer.submission is sent:
            answer.submission = again
            answer.received = again.sent + timedelta(days=claim.number % 3)
