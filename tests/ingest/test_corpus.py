"""Public X12 files: what we read equals what an independent reader counted, to the cent.

The files where it does not are listed, with the reason, in corpus_differences.md.
"""

import json
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.errors import AnalyticsError
from analytics.ingest.extract import Extract
from analytics.ingest.x12.read import read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
DIFFERENCES = Path(__file__).parents[1] / "corpus_differences.md"
FACTS = CORPUS / "facts.json"

pytestmark = pytest.mark.skipif(not FACTS.exists(), reason="no corpus beside the project")
# No file holds a 277CA; the statuses of other 277s are no acknowledgements.
REPLIES = {
    "acknowledgement": ("AK2", "AK9", "TA1"),
    "acknowledgement_error": ("IK3", "IK4", "AK3", "AK4"),
}


def facts() -> list[dict[str, Any]]:
    return json.loads(FACTS.read_text()) if FACTS.exists() else []


@cache
def explained() -> frozenset[str]:
    """The files named in the list of differences."""
    return frozenset(re.findall(r"^\| `([^`]+)` \|", DIFFERENCES.read_text(), re.MULTILINE))


EACH_FILE = pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact["file"][-60:])


def total(frame: pl.DataFrame, column: str) -> Decimal:
    return frame[column].sum() or Decimal(0)


def tally(column: pl.Series) -> dict[str, int]:
    return dict(Counter(column.fill_null("").to_list()))


def remits(found: Extract) -> dict[str, Any]:
    claims, lines, adjustments = found["remit_claim"], found["remit_line"], found["adjustment"]
    on_line = adjustments.filter(pl.col("remit_line_id").is_not_null())
    on_claim = adjustments.filter(pl.col("remit_line_id").is_null())
    sets = found["transaction_set"].filter(pl.col("type_code") == "835")
    return {
        "n_tx": len(found["remit"]),
        "n_clp": len(claims),
        "charge": total(claims, "charge_amount"),
        "paid": total(claims, "paid_amount"),
        "ptresp": total(claims, "patient_responsibility_amount"),
        "bpr": total(found["remit"], "payment_amount"),
        "n_svc": len(lines),
        "svc_paid": total(lines, "paid_amount"),
        "n_plb": len(found["provider_adjustment"]),
        "plb": total(found["provider_adjustment"], "amount"),
        "cas_line": on_line["record_no"].n_unique(),
        "cas_claim": on_claim["record_no"].n_unique(),
        "tx_out_of_balance": len(sets.filter(pl.col("difference_amount") != 0)),
        "claims_out_of_balance": len(claims.filter(~pl.col("is_balanced"))),
        "lines_out_of_balance": len(lines.filter(~pl.col("is_balanced"))),
        "status": tally(claims["status_code"]),
        "cas_groups": tally(adjustments.unique("record_no")["group_code"]),
        "claims_no_svc": len(set(claims["remit_claim_id"]) - set(lines["remit_claim_id"])),
    }


def claims(found: Extract) -> dict[str, Any]:
    return {
        "n_clm": len(found["claim"]),
        "charge": total(found["claim"], "billed_amount"),
        "n_lines": len(found["claim_line"]),
        "line_charge": total(found["claim_line"], "billed_amount"),
        "cob_loops": len(found["claim_other_payer"]),
        "svd": len(found["claim_line_other_payer"]),
        "cas": found["claim_other_payer_adjustment"]["record_no"].n_unique(),
        "n_tx": len(found["transaction_set"].filter(pl.col("type_code") == "837")),
        "freq": tally(found["claim"]["frequency_code"]),
    }


def said(fact: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {n: Decimal(fact[n]) if isinstance(fact[n], str) else fact[n] for n in names}


@EACH_FILE
def test_reads_without_a_crash(fact):
    try:
        found = read(CORPUS / fact["file"])
    except AnalyticsError as error:
        pytest.fail(f"unreadable: {error}")
    assert found.record_count == fact["facts"]["nseg"]


def differing(fact: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What we read and what they counted, where the two differ."""
    found = read(CORPUS / fact["file"], include_test=True)
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for kind, count in (("x835", remits), ("x837", claims)):
        if kind in fact["facts"]:
            counted = count(found)
            ours |= {f"{kind} {name}": value for name, value in counted.items()}
            said_of = said(fact["facts"][kind], list(counted))
            theirs |= {f"{kind} {name}": value for name, value in said_of.items()}
    count = Counter(fact["facts"]["segcount"])
    for table, segments in REPLIES.items():
        ours[table] = len(found.tables.get(table, ()))
        theirs[table] = sum(count[name] for name in segments)
    return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


@EACH_FILE
def test_counts_and_amounts_are_those_of_the_file(fact):
    differences = differing(fact)
    if fact["file"] in explained():
        assert differences, "no longer differs: take it out of corpus_differences.md"
    else:
        assert not differences


@EACH_FILE
def test_every_file_says_something(fact):
    found = read(CORPUS / fact["file"])
    rows = sum(len(frame) for name, frame in found.tables.items() if name != "transaction_set")
    assert rows or len(found.rejected), "zero rows in silence"


def test_only_files_of_the_corpus_are_explained():
    assert explained() <= {fact["file"] for fact in facts()}
