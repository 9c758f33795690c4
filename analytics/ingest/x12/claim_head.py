"""What the CLM and its neighbours say that few claims need: flags, causes, contract, hours."""

import numpy as np

from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.loops import parts
from analytics.ingest.x12.modifiers import code_lists
from analytics.ingest.x12.spans import Span
from analytics.ingest.x12.table import Table

_CAUSES = 3
_DAY, _TIME = 8, 4  # CCYYMMDD, HHMM


def add(tree: Tree, claims: Table) -> None:
    """Add the columns that hold a value on any claim of the chunk."""
    found = tree.found
    claims.text(signature_code=6, assignment_code=7, benefits_assigned_code=8, release_code=9)
    related = found.span(claims.rows, 11)
    if related.length.any():  # most claims have no cause but illness
        cause = found.components(related, _CAUSES + 1)
        claims.columns["related_cause_codes"] = code_lists(found, cause[:_CAUSES])
        claims.columns["accident_state_code"] = found.column(cause[_CAUSES], upper=True)
    claims.sparse(special_program_code=12, delay_reason_code=20)
    contract = parts(tree.detail, "CN1").any_of("claim")
    claims.sparse(contract, contract_type_code=1, contract_code=4)
    _hours(tree, claims)
    provider = parts(tree.loops, "PRV").of("billing", "BI")
    claims.sparse(tree.above("billing", provider), billing_taxonomy_code=3)


def _hours(tree: Tree, claims: Table) -> None:
    """Hour and minute of admission and discharge."""
    found, dtp = tree.found, parts(tree.detail, "DTP")
    for name, qualifier in (("admission_time", "435"), ("discharge_time", "096")):
        rows = dtp.of("claim", qualifier)
        if (rows >= 0).any():
            claims.columns[name] = found.column(_time(found.span(rows, 3)))


def _time(span: Span) -> Span:
    """The time of day in HHMM or CCYYMMDDHHMM; absent where there is none."""
    dated = span.length >= _DAY + _TIME
    told = dated | (span.length == _TIME)
    time = span.part(_DAY, _TIME, dated)
    return Span(time.start, np.where(told, time.length, 0))
