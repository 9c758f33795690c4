"""Any bytes at all: rows and findings, or one of our own errors; and never money out of nothing.

``REVCYCLE_FUZZ_EXAMPLES`` sets how many cases are tried.
"""

import os
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import plain
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire import Wire
from worlds import claims, everything, remits, replies, stays, taken

from analytics import schema
from analytics.errors import AnalyticsError
from analytics.ingest.extract import Extract
from analytics.ingest.x12.read import read

EXAMPLES = int(os.environ.get("REVCYCLE_FUZZ_EXAMPLES", "25"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REVCYCLE_FUZZ_EXAMPLES" not in os.environ,  # a campaign looks for new cases
    suppress_health_check=[HealthCheck.too_slow],
)
SEEDS = [
    Wire().write(remits(1)).encode(),
    Wire(line_end="").write(claims()).encode(),
    Wire("|", ">", "!", "'", "").write(stays()).encode(),
    Wire("\x1d", "\x1f", "\x1e", "\x1c", "\r\n").write(everything()).encode(),
    Wire(terminator="\n", line_end="").write(remits()).encode("utf-16"),
    Wire().write(taken() + replies()).encode(),
]
BITS = [b"~", b"*", b":", b"\n", b"\0", b"\xff", b"ISA", b"~ISA*00*", b"~ST*835*1~", b"~SE*1*1~"]
BITS += [b"~CLP*X*1*1*1~", b"~SVC*HC:1*1*1~", b"~CAS*CO*45*1~", b"~PLB*1*1*WO*1~", b"~HL*9**22~"]
BITS += [b"~STC*A7:1**U~", b"~TRN*2*X~", b"~AK2*837*1~", b"~IK5*R~", b"~AK9*R~", b"~TA1*1*1*1*R~"]
PIECE = st.one_of(st.binary(max_size=6), st.sampled_from(BITS))
CHANGES = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 40), PIECE), min_size=1, max_size=6
)


def changed(text: bytes, changes) -> bytes:
    """The bytes with pieces cut out and others put in their place."""
    for place, length, piece in changes:
        at = place % (len(text) + 1)
        text = text[:at] + piece + text[at + length :]
    return text


def reading(text: bytes) -> Extract | None:
    """What is read, None for an error of our own; others come through."""
    try:
        return read(BytesIO(text), include_test=True)
    except AnalyticsError:
        return None


def check(found: Extract) -> None:
    """What holds for every reading whatever was read."""
    sets = set(found["transaction_set"]["transaction_id"].to_list())
    assert sets or len(found.rejected)
    for name, frame in found.tables.items():
        known = schema.polars_schema(name)
        kinds = {c: t for c, t in frame.schema.items() if c in known}
        assert kinds == {c: known[c] for c in kinds}, name
        assert frame["record_no"].is_between(1, found.record_count).all()
    _refers(found, "remit_claim", "remit_id", sets)
    _refers(found, "claim", "transaction_id", sets)
    for child, parent, key in (
        ("remit_line", "remit_claim", "remit_claim_id"),
        ("adjustment", "remit_claim", "remit_claim_id"),
        ("adjustment", "remit_line", "remit_line_id"),
        ("claim_line", "claim", "claim_id"),
        ("acknowledgement_error", "acknowledgement", "acknowledgement_id"),
        ("claim_diagnosis", "claim", "claim_id"),
        ("claim_other_payer_adjustment", "claim_line", "claim_line_id"),
    ):
        if parent in found.tables:
            _refers(found, child, key, set(found[parent][key].to_list()))


def _refers(found: Extract, table: str, key: str, ids: set[int]) -> None:
    if table in found.tables:
        assert set(found[table][key].drop_nulls().to_list()) <= ids, (table, key)


@FUZZ
@given(st.binary(max_size=4000))
def test_any_bytes(text):
    if (found := reading(text)) is not None:
        check(found)


@FUZZ
@given(seed=st.sampled_from(SEEDS), changes=CHANGES)
def test_a_file_with_any_bytes_changed(seed, changes):
    if (found := reading(changed(seed, changes))) is not None:
        check(found)


@FUZZ
@given(seed=st.sampled_from(SEEDS), cut=st.integers(0, 20_000))
def test_a_file_cut_off_anywhere(seed, cut):
    if (found := reading(seed[: cut % len(seed)])) is not None:
        check(found)


@FUZZ
@given(changes=CHANGES)
def test_money_of_a_changed_file_is_that_of_its_text(changes):
    """The envelope is left alone, so that a plain split with known delimiters says the same."""
    text = SEEDS[0]
    start = text.index(b"ST*")
    body = changed(text[start:], changes)
    if any(c in body for c in (b"ISA", b"isa")) or not body.isascii():
        return
    found = reading(text[:start] + body)
    segments = plain.split((text[:start] + body).decode())
    lost = [r for r in found["transaction_set"].to_dicts() if r["status"] == "rejected"]
    spans = [(r["record_no"], r["record_no"] + r["segment_count"]) for r in lost]
    kept = [s for n, s in enumerate(segments, 1) if not any(a <= n < b for a, b in spans)]
    stated = plain.paid(kept)
    assert _sum(found, "remit_claim", "charge_amount") == stated["charge"]
    assert _sum(found, "remit_claim", "paid_amount") == stated["paid"]
    assert _sum(found, "adjustment", "amount") == stated["adjusted"]


def _sum(found: Extract, table: str, column: str) -> Decimal:
    return Decimal(found[table][column].sum() or 0) if table in found.tables else Decimal(0)


BROKEN: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("reversed", lambda text: text[::-1]),
    ("twice", lambda text: text + text),
    ("in capitals", lambda text: text.upper()),
    ("in small letters", lambda text: text.lower()),
    ("every second byte", lambda text: text[::2]),
    ("high bits", lambda text: bytes(b | 0x80 for b in text)),
    ("no digits", lambda text: bytes(b for b in text if not 48 <= b < 58)),
    ("no blanks", lambda text: text.replace(b" ", b"")),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("breaking", [f for _, f in BROKEN], ids=[name for name, _ in BROKEN])
def test_a_file_broken_as_a_whole(seed, breaking):
    if (found := reading(breaking(seed))) is not None:
        check(found)
