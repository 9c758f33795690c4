"""The things that rows of an extract are put together to: claims, lines, payments."""

from dataclasses import dataclass

from analytics.extracts.layout import Field, Layout
from analytics.extracts.names import Named
from analytics.maps.checks import OWN
from analytics.maps.targets import CLAIMS, REMITS

_DEFAULT = {
    "claim": (
        ("claim", "patient_control_number"),
        ("claim", "payer_sequence_code"),
        ("claim", "frequency_code"),
        ("claim", "submission_date"),
        ("claim", "billing_npi"),
    ),
    "remit": (
        ("remit", "trace_number"),
        ("remit", "payment_date"),
        ("payer", "payer_code"),
        ("payer", "payer_name"),
    ),
    "remit_claim": (
        ("remit_claim", "patient_control_number"),
        ("remit_claim", "payer_claim_number"),
        ("remit_claim", "status_code"),
    ),
}
_LINE = ("line_no", "line_control_number")
_SERVICE = ("procedure_code", "modifiers", "revenue_code", "service_from_date", "service_to_date")
_SEQUENCE = ("claim", "payer_sequence_code")  # tells the status of its answer
_PROVIDERS = ("billing_provider", "rendering_provider")
# What a remittance does not say is what the same row says of its claim.
INHERITED = {
    ("remit_claim", "patient_control_number"): ("claim", "patient_control_number"),
    ("remit_claim", "charge_amount"): ("claim", "billed_amount"),
    ("remit_claim", "service_from_date"): ("claim", "service_from_date"),
    ("remit_claim", "service_to_date"): ("claim", "service_to_date"),
    ("remit_claim", "claim_filing_code"): ("claim", "claim_filing_code"),
    ("remit_line", "line_no"): ("claim_line", "line_no"),
    ("remit_line", "line_control_number"): ("claim_line", "line_control_number"),
    ("remit_line", "procedure_qualifier"): ("claim_line", "procedure_qualifier"),
    ("remit_line", "procedure_code"): ("claim_line", "procedure_code"),
    ("remit_line", "modifiers"): ("claim_line", "modifiers"),
    ("remit_line", "revenue_code"): ("claim_line", "revenue_code"),
    ("remit_line", "charge_amount"): ("claim_line", "billed_amount"),
    ("remit_line", "units_billed"): ("claim_line", "units"),
    ("remit_line", "service_from_date"): ("claim_line", "service_from_date"),
    ("remit_line", "service_to_date"): ("claim_line", "service_to_date"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of thing: `key` is the stage's column with the hash of its key, else a row is one."""

    table: str
    key: str | None
    fields: tuple[Field, ...]  # what a row says of it, and must be the same in all its rows


def levels(layout: Layout) -> dict[str, Level]:
    """The levels of a part, from the top."""
    own = OWN[layout.part.grain]
    there = {
        "claim": layout.has(*CLAIMS),
        "claim_line": layout.has("claim_line"),
        "remit": layout.has(*REMITS),
        "remit_claim": layout.has(*REMITS),
        "remit_line": layout.has("remit_line"),
    }
    found: dict[str, Level] = {}
    for table in (table for table, is_there in there.items() if is_there):
        in_row = table in own or (
            layout.part.grain == "claim" and table in ("claim_line", "remit_line")
        )
        key = None if in_row else f"k_{table}"
        found[table] = Level(table, key, _said(layout, table))
    return found


def _said(layout: Layout, table: str) -> tuple[Field, ...]:
    """The fields that are of a level."""
    also = {
        "claim": (
            "claim_diagnosis",
            "claim_other_payer",
            "patient",
            "subscriber",
            "payer",
            *_PROVIDERS,
        ),
        "remit": ("payer", "billing_provider"),
        "remit_claim": ("patient", "subscriber", "rendering_provider"),
    }
    own = (table, *also.get(table, ()))
    taken = [*([_SEQUENCE] if table == "remit_claim" else [])]
    taken += [source for (owner, _), source in INHERITED.items() if owner == table]
    return tuple(f for f in layout.fields if f.table in own or (f.table, f.column) in taken)


def key_of(layout: Layout, table: str, named: Named) -> str:
    """The key of a level of which rows are put together, as a hash: SQL over the stage's layers."""
    said = layout.part.keys.get(table)
    if said is not None:
        cells = [f"upper(s{place})" for place in named.of(said)]
    elif table in ("claim_line", "remit_line"):
        cells = [key_of(layout, "claim" if table == "claim_line" else "remit_claim", named)]
        cells += _of_line(layout, table)
    else:
        cells = [key_of(layout, "remit", named)] if table == "remit_claim" else []
        cells += [_same(layout, *target) for target in _DEFAULT[table]]
    return f"hash({', '.join([*[c for c in cells if c], '0'])})"


def told_by_key(layout: Layout, table: str) -> set[str]:
    """The fields in which rows of one key cannot differ, as they are of it in just their form."""
    if table in layout.part.keys:
        return set()
    found = [inherited(layout, *target) for target in _DEFAULT.get(table, ())]
    return {f.name for f in found if f is not None and f.reader.kind != "text"}


def _of_line(layout: Layout, table: str) -> list[str]:
    numbered = [cell for name in _LINE if (cell := _same(layout, table, name))]
    return numbered or [_same(layout, table, name) for name in _SERVICE]


def _same(layout: Layout, table: str, column: str) -> str:
    """The value by which keys are compared; nothing where the map has none."""
    found = inherited(layout, table, column)
    if found is None:
        return ""
    return f"upper({found.name})" if found.reader.kind == "text" else found.name


def inherited(layout: Layout, table: str, column: str, number: int = 1) -> Field | None:
    """The field of a column, or of that of the claim which says the same."""
    own = layout.field(table, column, number)
    if own is not None or (table, column) not in INHERITED:
        return own
    return layout.field(*INHERITED[table, column], number)
