"""What is so of nearly every row of an extract, so that rules are looked at in the others alone."""

from collections.abc import Sequence

from analytics.extracts.kinds import NUMBERS
from analytics.extracts.layout import Field, Layout
from analytics.extracts.required import says
from analytics.ingest.limits import MOST

_NO_BOUND = ("contract_rate", "contract")  # tables with bounds of their own


def usual(layout: Layout, met: Sequence[str]) -> str:
    """What is so of nearly every row, and tells cheaply that it breaks none of the rules."""
    single = [f for f in layout.fields if f.places and not f.is_list]
    # A row that says what is needed is not blank; what stands in for empty cells tells nothing.
    if not any(says(f) in met for f in single if f.reader.value.default is None):
        return ""
    there = [_usual_value(f) for f in single if says(f) not in met and _is_ruled(f)]
    bounds = [f"coalesce(abs({f.name}) <= {MOST}, TRUE)" for f in single if is_bound(f)]
    return f"WHEN {' AND '.join(dict.fromkeys([*met, *there, *bounds]))} THEN NULL"


def _usual_value(f: Field) -> str:
    empty = [f"t_{f.name} IS NULL", *(f"s{place} IS NULL" for place in f.places)]
    return f"({says(f)} OR {' AND '.join(empty if f.reader.value.codes else empty[:1])})"


def _is_ruled(f: Field) -> bool:
    """Whether there are texts that are no value of the field."""
    return f.reader.rule is not None or f.reader.value.codes is not None


def is_bound(f: Field) -> bool:
    """Whether an amount must be one that can be."""
    return bool(f.places) and f.reader.kind in NUMBERS[:1] and f.table not in _NO_BOUND
