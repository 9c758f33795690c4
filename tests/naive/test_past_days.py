"""The balance of a past day, looked up today, is what a build of that day would have said.

No claim bears another's number here; where three of one number come one after another, the second
is passed over.
Left out are claims of which a later answer told that they are one (their submissions changed
claims), and claims with a reversal: a later one can take back what an earlier one had.
"""

import datetime as dt

import naive_draw
import pytest
from seldom import seldom

END = dt.date(2026, 12, 31)
READ = ("claim_balance", "submission", "answer", "tie")
DAYS = [dt.date(2026, 2, 28), dt.date(2026, 4, 5), dt.date(2026, 5, 31), dt.date(2026, 7, 31)]


def balances(db, day):
    text = (
        "SELECT claim_id, open_amount FROM claim_balance WHERE $day BETWEEN from_date AND to_date"
    )
    return dict(db.sql(text, day=day).iter_rows())


def chains(db):
    return dict(db.sql("SELECT submission_id, claim_id FROM submission").iter_rows())


def turned(db):
    """Claims with a reversal, or that had one for a while."""
    text = """
    SELECT claim_id FROM answer WHERE role = 'reversal' AND claim_id IS NOT NULL
    UNION
    SELECT submission.claim_id
    FROM tie
    JOIN submission ON submission.submission_id = tie.former_chain_id
    JOIN remit_claim USING (remit_claim_id)
    WHERE remit_claim.status_code = '22' OR EXISTS (
        SELECT 1 FROM remit_claim AS back
        WHERE back.status_code = '22' AND back.payer_claim_number = remit_claim.payer_claim_number
    )
    """
    return {claim for (claim,) in db.sql(text).iter_rows()}


@pytest.mark.parametrize("seed", seldom([1, 24], 1))
def test_a_past_day_is_what_it_was(seed):
    db = naive_draw.database(seed, 150, shared=0)
    db.build(END, only=READ)
    now = {day: balances(db, day) for day in DAYS}
    today, reversed_ = chains(db), turned(db)
    compared = 0
    for day in DAYS:
        db.build(day, only=READ)
        then, known = balances(db, day), chains(db)
        merged = {known[one] for one in known if known[one] != today[one]}
        merged |= {today[one] for one in known if known[one] != today[one]}
        for claim in (then.keys() | now[day].keys()) - merged - reversed_ - turned(db):
            assert now[day].get(claim) == then.get(claim), (day, claim)
            compared += 1
    assert compared > 150
