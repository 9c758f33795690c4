"""Damaged files: each row is kept or named as kept out, and the money kept is the money sent."""

import os
from collections import Counter
from decimal import Decimal

import plain
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wire import PAYMENT, Wire, interchange, lines, rules, said, set_
from worlds import PAID, REMITS, claims, remits, replies, stays, taken

from analytics.ingest.extract import Extract

EXAMPLES = int(os.environ.get("REVCYCLE_FUZZ_EXAMPLES", "15"))
SLOW = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="REVCYCLE_FUZZ_EXAMPLES" not in os.environ,  # a campaign looks for new cases
    suppress_health_check=[HealthCheck.too_slow],
)
# Tables whose rows an independent reading can count.
COUNTED = (
    "transaction_set",
    "remit",
    "remit_claim",
    "remit_line",
    "adjustment",
    "remark",
    "provider_adjustment",
    "claim",
    "claim_line",
    "claim_other_payer",
    "claim_line_other_payer",
    "claim_other_payer_adjustment",
    "acknowledgement",
    "acknowledgement_error",
    "claim_other_payer_remark",
    "claim_code",
    "claim_provider",
    "claim_reference",
    "claim_date",
    "claim_amount",
    "claim_tooth",
    "claim_attachment",
    "remit_group",
    "remit_amount",
    "remit_reference",
)
SAMPLES = {"remits": remits(1), "two": remits(2), "claims": claims(), "stays": stays()}
SAMPLES |= {"taken": taken(), "replies": replies()}
VALUES = ["", "X", "1e3", "12.345", "-1", "+200", ".5", "060", "100.", "9" * 40, "20260231", "\0"]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["cut", "drop", "twice", "move", "element", "extra", "id"]),
        st.integers(2, 200),
        st.integers(0, 200),
        st.sampled_from(VALUES),
    ),
    max_size=5,
)


def edited(segments: list[str], edits) -> list[str]:
    """The segments with some edits; ISA and GS stay, so that the delimiters are known."""
    found = list(segments)
    for kind, place, other, value in edits:
        if len(found) < 4:
            break
        at = 2 + place % (len(found) - 2)
        parts = found[at].split("*")
        if kind == "cut":
            del found[at:]
        elif kind == "drop":
            del found[at]
        elif kind == "twice":
            found.insert(2 + other % (len(found) - 2), found[at])
        elif kind == "move":
            found.insert(2 + other % (len(found) - 2), found.pop(at))
        elif kind == "element":
            parts[other % len(parts)] = value
            found[at] = "*".join(parts)
        elif kind == "extra":
            found[at] += f"*{value}"
        else:
            name = found[1 + other % (len(found) - 1)].split("*")[0]  # a second ISA would count
            found[at] = "*".join([name, *parts[1:]])
    return found


def kept_and_rejected(found: Extract) -> Counter[str]:
    """Rows by table, with those that were kept out."""
    out = found.rejected
    out = out.filter((out["severity"] == "rejected") & (out["table_name"] != "transaction_set"))
    rows = Counter({name: len(frame) for name, frame in found.tables.items()})
    return rows + Counter(out["table_name"].to_list())


def sums(found: Extract) -> dict[str, Decimal]:
    """What the 835 claims and adjustments kept add up to."""
    columns = {"charge": "charge_amount", "paid": "paid_amount"}
    claims_, adjustments = found["remit_claim"], found["adjustment"]
    total = {name: claims_[column].sum() or Decimal(0) for name, column in columns.items()}
    return total | {"adjusted": adjustments["amount"].sum() or Decimal(0)}


def without_rejected_sets(found: Extract, text: str) -> list[list[str]]:
    """The segments of the text outside the sets that were rejected."""
    dropped = found["transaction_set"].filter(found["transaction_set"]["status"] == "rejected")
    spans = [(r["record_no"], r["segment_count"]) for r in dropped.to_dicts()]
    segments = enumerate(plain.split(text), 1)
    return [s for n, s in segments if not any(a <= n < a + count for a, count in spans)]


@SLOW
@given(name=st.sampled_from(sorted(SAMPLES)), edits=EDITS)
@example(name="remits", edits=[("element", 22, 3, "1e3")])
@example(name="two", edits=[("drop", 44, 0, "")])
def test_rows_kept_and_rejected_are_what_a_plain_split_counts(name, edits):
    text = Wire(line_end="").write(edited(SAMPLES[name], edits))
    found = said(text)
    ours, theirs = kept_and_rejected(found), plain.counts(plain.split(text))
    # A file without a single 835 set has no frames of an 835, and so on.
    assert {t: ours[t] for t in COUNTED} == {t: theirs[t] for t in COUNTED}


@SLOW
@given(name=st.sampled_from(["remits", "two"]), edits=EDITS)
def test_money_kept_is_that_of_the_claims_that_can_be_read(name, edits):
    text = Wire(line_end="").write(edited(SAMPLES[name], edits))
    found = said(text)
    assert sums(found) == plain.paid(without_rejected_sets(found, text))


@SLOW
@given(edits=EDITS)
def test_a_damaged_set_does_not_touch_the_sets_around_it(edits):
    sound = set_("835", PAID + REMITS, "0001"), set_("835", PAID + REMITS, "0003")
    bad = edited(["", "", *set_("835", PAID + REMITS, "0002")], edits)[2:]
    bad = [s for s in bad if s.split("*")[0] not in ("ISA", "GS", "GE", "IEA")]
    found = said(interchange(sound[0], bad, sound[1]))
    last = found["transaction_set"].filter(found["transaction_set"]["st_control_number"] == "0003")
    first = found["transaction_set"].row(0, named=True)
    assert first["difference_amount"] == last.row(-1, named=True)["difference_amount"] == 0
    for transaction in (first["transaction_id"], last["transaction_id"][-1]):
        kept = found["remit_claim"]
        kept = kept.filter(kept["remit_id"] == transaction)
        assert kept["paid_amount"].sum() == Decimal("150.00")
        assert len(kept) == 4


def test_a_claim_with_an_unreadable_amount_goes_out_whole_and_alone():
    text = "\n".join(lines(REMITS)).replace("CAS*PR*1*20**2*5*1", "CAS*PR*1*2O**2*5*1")
    found = said(interchange(set_("835", PAID + text)))
    assert found["remit_claim"]["patient_control_number"].to_list() == ["R2", "R3", "R4"]
    out = rules(found, "rejected")
    assert out.count(("adjustment", "amount_unreadable")) == 1
    assert out.count(("remit_claim", "claim_rejected")) == 1
    assert out.count(("remit_line", "claim_rejected")) == 2
    assert out.count(("remark", "claim_rejected")) == 3


def test_a_finding_carries_no_value_but_in_raw():
    text = "\n".join(lines(REMITS)).replace("CLP*R1*1*300", "CLP*SECRET9*1*SECRET8")
    found = said(interchange(set_("835", PAYMENT + text)))
    shown = found.rejected.drop("raw").write_csv()
    assert "SECRET" not in shown
    assert found.rejected["raw"].drop_nulls().to_list()[0].startswith("CLP*SECRET9")
