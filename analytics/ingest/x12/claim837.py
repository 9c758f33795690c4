"""837 claims to frames: claim, claim_line, claim_diagnosis, other payers, and who is named.

Guides: ASC X12N 005010X222A1 (professional), X223A2 (institutional), X224A2 (dental).
"""

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12 import (
    balance,
    claim_codes,
    claim_details,
    claim_head,
    claim_lines,
    claim_other_payers,
    claim_parties,
    later,
    warn,
)
from analytics.ingest.x12.claim_kind import add_kind
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.dates import days, filled
from analytics.ingest.x12.loops import parts
from analytics.ingest.x12.settle import settle
from analytics.ingest.x12.spans import Mask, integers
from analytics.ingest.x12.table import Table, note, sums
from analytics.ingest.x12.tokens import Segments


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The 837 rows of a chunk and the sums of its sets; `found` shows the segments of 837 sets."""
    tree = Tree(found)
    codes = claim_codes.Codes(tree)
    claims, lines, diagnoses = _claims(tree, codes), claim_lines.lines(tree), codes.diagnoses()
    others = claim_other_payers.other_payers(tree)
    details = [
        lines,
        diagnoses,
        others,
        claim_other_payers.line_answers(tree),
        claim_other_payers.adjustments(tree),
        *claim_details.details(tree, codes),
    ]
    people, whole = _people(tree, claims, others), (len(claims), len(others))
    npis = claim_parties.npis(tree)
    _dates(tree, claims)
    missing = claims.columns["patient_control_number"].is_null().to_numpy()
    note(claims.faults, "control_number_missing", missing)
    settle(claims, details, findings)
    filled(claims, lines)
    claim_lines.take_over(lines, claims)
    claims.flags["is_summed"] = _is_summed(claims, lines)
    warn.claims(claims, lines, diagnoses, findings)
    tables = {"claim": _finished(tree, claims)}
    for table in details:
        if len(table):
            tables[table.name] = table.frame(claim_details.ids(tree, table, claims))
    totals = balance.claim_totals(tree.levels["set"], claims, lines, _header(tree))
    if (len(claims), len(others)) != whole:  # some could not be used
        people = _people(tree, claims, others)
    tables |= {table.name: table.frame() for table in people}
    return tables | {"provider": claim_parties.providers(tree, *npis)}, totals


def _header(tree: Tree) -> dict[str, pl.Series]:
    """What each set says of itself (BHT)."""
    found, rows = tree.found, tree.header("BHT")
    names = {"purpose_code": 2, "reference_number": 3, "use_code": 6}
    return {name: found.text(rows, element) for name, element in names.items()}


def _claims(tree: Tree, codes: claim_codes.Codes) -> Table:
    """One row per CLM."""
    owners = {"set": tree.loops.owner("set", tree.claims)}
    claims = Table("claim", tree.found, tree.claims, owners, level="claim")
    _own(tree, claims)
    _from_above(tree, claims)
    _named(tree, claims)
    add_kind(tree, claims)
    codes.add_to(claims)
    return claims


def _own(tree: Tree, claims: Table) -> None:
    """What the claim says of itself."""
    ref, amt = parts(tree.detail, "REF"), parts(tree.detail, "AMT")
    cl1 = parts(tree.loops, "CL1").any_of("claim")
    claims.text(patient_control_number=1)
    claims.money(missing=0, billed_amount=2)
    claims.text(ref.of("claim", "F8"), original_payer_claim_number=2)
    claims.text(ref.of("claim", "G1"), prior_authorization_number=2)
    claims.text(cl1, admission_type_code=1, admission_source_code=2, discharge_status_code=3)
    claims.money(amt.of("claim", "F5"), patient_paid_amount=2)
    claims.columns["note_count"] = _count(tree, "NTE")
    claims.columns["k3_count"] = _count(tree, "K3")
    claim_head.add(tree, claims)


def _dates(tree: Tree, claims: Table) -> None:
    """Statement dates, else the service date of the claim; admission; submission."""
    found, dtp = tree.found, parts(tree.detail, "DTP")
    statement, service, admitted = (
        found.span(dtp.of("claim", qualifier), 3) for qualifier in ("434", "472", "435")
    )
    first, last = days(found, statement.otherwise(service))
    claims.day(service_from_date=first, service_to_date=last)
    claims.day(optional=True, admission_date=admitted)
    claims.day(
        optional=True,
        submission_date=later.days(found, tree.of_set("BHT"), 4),
        group_date=later.days(found, tree.group_header(), 4),
    )
    submitted, group = claims.typed["submission_date"], claims.typed.pop("group_date")
    undated = ~submitted.valid
    claims.doubts.clear()
    note(claims.doubts, "submission_date_missing", undated)
    doubtful = claims.typed["admission_date"].unread | submitted.unread | group.unread
    note(claims.doubts, "optional_date_unreadable", doubtful)
    claims.typed["submission_date"] = submitted.otherwise(group)


def _from_above(tree: Tree, claims: Table) -> None:
    """What the loops of subscriber and dependent say for the claim."""
    found = tree.found
    subscriber = tree.above("subscriber", parts(tree.loops, "SBR").any_of("subscriber"))
    claims.text(
        subscriber, payer_sequence_code=1, group_number=3, claim_filing_code=9,
        insurance_type_code=5,
    )  # fmt: skip
    dependent = tree.above("patient", parts(tree.loops, "PAT").any_of("patient"))
    own = found.span(subscriber, 2)
    claims.columns["relationship_code"] = found.column(found.span(dependent, 1).otherwise(own))


def _named(tree: Tree, claims: Table) -> None:
    """Who is named on the claim and above it."""
    found, names = tree.found, tree.names
    billing = tree.above("billing", names.of("billing", "85"))
    facility = names.of("claim", "77")
    state = found.span(tree.below(facility, "N4"), 2)
    state = state.otherwise(found.span(tree.below(billing, "N4"), 2))
    claims.columns |= {
        "billing_npi": tree.npi(billing),
        "billing_tin": later.texts(found, tree.below(billing, "REF", "EI", "SY"), (2,))[0],
        "rendering_npi": tree.npi(names.of("claim", "82")),
        "referring_npi": tree.npi(names.of("claim", "DN", "P3")),
        "attending_npi": tree.npi(names.of("claim", "71")),
        "facility_npi": tree.npi(facility),
        "facility_state_code": found.column(state, upper=True),
    }


def _count(tree: Tree, name: str) -> pl.Series:
    """Per claim how many such segments it carries; their text is left where it is."""
    owner = tree.loops.owner("claim", tree.found.of(name))
    counts = np.bincount(owner[owner >= 0], minlength=len(tree.claims))
    return integers(counts[: len(tree.claims)])


def _is_summed(claims: Table, lines: Table) -> Mask:
    """Whether the charge of each claim is the sum of its lines."""
    total = sums(lines.owners["claim"], lines.typed["billed_amount"].values, len(claims))
    return total == claims.typed["billed_amount"].values


def _finished(tree: Tree, claims: Table) -> pl.DataFrame:
    at = np.searchsorted(tree.claims, claims.rows)
    return claims.frame(
        {
            "claim_id": claims.rows,
            "transaction_id": tree.loops.at("set", claims.rows),
            "patient_id": tree.patients[at],
            "subscriber_id": tree.insured[at],
            "payer_id": tree.payers[at],
        }
    )


def _people(tree: Tree, claims: Table, others: Table) -> tuple[Table, Table]:
    """Patients and subscribers, and payers, of these claims."""
    at = np.searchsorted(tree.claims, claims.rows)
    return claim_parties.people(tree, at, others), claim_parties.payers(tree, at)
