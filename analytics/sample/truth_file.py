"""Shapes what was counted into the truth file: nested names, money as decimal strings."""

from collections import Counter
from dataclasses import asdict
from datetime import date

from analytics.sample.adjudicate import (
    PATTERN_CODE,
    PATTERN_MODIFIER,
    PATTERN_PAYER,
    PATTERN_REASON,
    PATTERN_SHARE,
)
from analytics.sample.replies import ReplyTotals
from analytics.sample.tallies import Json, add_up, dollars, file_truth
from analytics.sample.truth import BUCKETS, CLAIM_COLUMNS, Truth
from analytics.sample.x12 import Totals


def tell(truth: Truth, files: dict[str, Totals], replies: dict[str, ReplyTotals]) -> Json:
    """Everything, ready for JSON."""
    per_file = {name: file_truth(totals) for name, totals in sorted(files.items())}
    return {
        "as_of": truth.as_of.isoformat(),
        "files": per_file,
        "totals": file_truth(add_up(files.values())),
        "acknowledgement_files": {name: asdict(one) for name, one in sorted(replies.items())},
        "metrics": {name: rate.result() for name, rate in sorted(truth.rates.items())}
        | _amounts(truth)
        | truth.denials.result()
        | truth.cash.result()
        | truth.waits.result()
        | truth.pay.result()
        | truth.coded.result(),
        "planted_pattern": _pattern(truth.pattern_start),
        "claims": {"columns": list(CLAIM_COLUMNS), "rows": truth.rows},
    }


def _amounts(truth: Truth) -> Json:
    sums = truth.sums
    return {
        "ar_aging": {day.isoformat(): _aged(truth, day) for day in truth.days},
        "days_in_ar": {
            "ar": dollars(_receivable(truth, truth.as_of)),
            "charges": dollars(sums["window_charges"]),
            "window_days": 90,
        },
        "pmpm": _pmpm(truth),
        "first_outcome": dict(sorted(truth.outcomes.items())),
        "open_balance": dollars(_open(truth, truth.as_of)),
        "claims": len(truth.rows),
        "unmatched_remit_claims": sums["unmatched_remit_claims"],
        "unmatched_paid": dollars(sums["unmatched_paid"]),
    }


def _receivable(truth: Truth, day: date) -> int:
    balances = truth.aging.items()
    return sum(amount for (when, _, name), amount in balances if when == day and name != "credit")


def _open(truth: Truth, day: date) -> int:
    return sum(amount for (when, _, _), amount in truth.aging.items() if when == day)


def _aged(truth: Truth, day: date) -> Json:
    payers = sorted({payer for _, payer, _ in truth.aging})
    return {
        "all": _buckets(truth, day, payers),
        "payer_name": {payer: _buckets(truth, day, [payer]) for payer in payers},
    }


def _buckets(truth: Truth, day: date, payers: list[str]) -> Json:
    names = (*dict(BUCKETS).values(), ">120", "credit")
    return {name: dollars(sum(truth.aging[day, payer, name] for payer in payers)) for name in names}


def _pmpm(truth: Truth) -> Json:
    members = Counter(at for _, at in truth.covered)
    months = {
        at: {"allowed": dollars(truth.allowed[at]), "member_months": members[at]}
        for at in sorted(members)
    }
    return {
        "all": {
            "allowed": dollars(truth.allowed.total()),
            "member_months": members.total(),
        },
        "month": months,
        "left_out": {
            "claims": truth.sums["left_out_claims"],
            "allowed": dollars(truth.sums["left_out_allowed"]),
        },
    }


def _pattern(start: date) -> Json:
    return {
        "payer_name": PATTERN_PAYER.canonical,
        "procedure_code": PATTERN_CODE,
        "modifier": PATTERN_MODIFIER,
        "carc_code": PATTERN_REASON.carc,
        "rarc_code": PATTERN_REASON.remarks[0],
        "share_denied": PATTERN_SHARE,
        "service_from": start.isoformat(),
    }
