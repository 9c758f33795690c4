"""Denials counted on claim payments: of primary payers, and of all."""

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.metrics.remit_denials import primary_denial_rate, remittance_denial_rate


def rates(db, **options):
    """Hits and n of the rate of primary answers, then of all payments."""
    return [
        metric(db, **options).select("hits", "n").row(0)
        for metric in (primary_denial_rate, remittance_denial_rate)
    ]


def answered(given, *remits, adjusted=(), sent=()):
    return given(
        claim=claims(claim(1), *sent),
        remit=REMIT,
        remit_claim=payments(*remits),
        adjustment=adjustments(*adjusted),
    )


@pytest.mark.parametrize(
    ("remits", "adjusted", "primary", "every"),
    [
        # Paid nothing and denied; paid in part and denied in part; nothing paid, nothing denied.
        ([payment(10)], [(10, "CO", "197", "100")], (1, 1), (1, 1)),
        ([payment(10, paid="60")], [(10, "CO", "197", "40")], (0, 1), (1, 1)),
        ([payment(10)], [(10, "CO", "45", "100")], (0, 1), (0, 1)),
        # Nothing paid, part moved to the patient, part denied.
        ([payment(10)], [(10, "PR", "1", "60"), (10, "CO", "197", "40")], (1, 1), (1, 1)),
        # Each answer counts, not only the first.
        (
            [payment(10), payment(11, 2), payment(12, 3, paid="80")],
            [(10, "CO", "197", "100"), (11, "CO", "197", "100")],
            (2, 3),
            (2, 3),
        ),
        # Two payments of one day are one answer, and it paid something.
        (
            [payment(10, charge="60", paid="50"), payment(11, charge="40")],
            [(11, "CO", "197", "40")],
            (0, 1),
            (1, 2),
        ),
        # An answer taken back was one; the reversal is none.
        (
            [payment(10), payment(11, 2, status="22", charge="-100")],
            [(10, "CO", "197", "100"), (11, "CO", "197", "-100")],
            (1, 1),
            (1, 1),
        ),
        ([payment(10)], [(10, "OA", "133", "100")], (0, 0), (0, 0)),
        ([payment(10, status="23")], [(10, "CO", "197", "100")], (0, 0), (0, 0)),
        # Tied to no claim: no answer, but a claim payment all the same.
        ([payment(10, 1, "Z")], [(10, "CO", "197", "100")], (0, 0), (1, 1)),
    ],
)
def test_what_counts(given, remits, adjusted, primary, every):
    assert rates(answered(given, *remits, adjusted=adjusted)) == [primary, every]


def test_secondary_payers_are_no_primary_answers(given):
    db = answered(
        given,
        payment(10, status="1", paid="80"),
        payment(11, 2, status="2"),
        adjusted=[(11, "CO", "197", "100")],
        sent=[claim(2, seq="S", sent="2026-01-15")],
    )
    assert rates(db) == [(0, 1), (1, 2)]
    assert primary_denial_rate.excluded(db).row(0) == ("not of the primary payer", 1, 100)


def test_duplicates_are_out_unless_asked_for(given):
    db = answered(given, payment(10), adjusted=[(10, "OA", "18", "100")])
    assert rates(db) == [(0, 0), (0, 0)]
    assert rates(db, include_duplicates=True) == [(1, 1), (1, 1)]


def test_a_payment_of_no_claim_has_the_payer_and_sequence_it_names(given):
    db = given(
        payer="payer_id | payer_name\n7 | EASTWIND",
        remit="remit_id | payment_date | payer_id\n1 | 2026-02-01 | 7",
        remit_claim=payments(payment(10, status="2")),
    )
    found = remittance_denial_rate(db, by=["payer_name", "payer_sequence_code"])
    assert found.row(0)[:3] == ("EASTWIND", "S", 1)
