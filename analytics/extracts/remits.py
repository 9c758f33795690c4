"""Payments, claim payments, their lines, adjustments and remarks: statements that append them.

What balances an 835 fills what an extract does not say: charge = paid + adjustments.
"""

import duckdb

from analytics.extracts import codes, people
from analytics.extracts.groups import column, head, key_of
from analytics.extracts.levels import INHERITED
from analytics.extracts.members import adjusted, is_adjusted, lines, listed
from analytics.extracts.required import answers, is_there, pays
from analytics.extracts.sql import REMIT, REMIT_CLAIM, REMIT_LINE, id_of, insert, said_as
from analytics.extracts.stage import Stage

_MADE = ("extract_remit_lines", "extract_remit_claims")
_NO_FLAG = "CAST(NULL AS BOOLEAN)"
_STATUS = "CASE {sequence} WHEN 'S' THEN '2' WHEN 'T' THEN '3' ELSE '1' END"


def prepare(stage: Stage) -> list[str]:
    """What makes the temporary tables that the statements read."""
    if "remit_claim" not in stage.levels:
        return []
    return [*([_lines(stage)] if "remit_line" in stage.levels else []), _claims(stage)]


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop these tables, of which one may be a view."""
    views = {
        name
        for (name,) in connection.execute(
            "SELECT view_name FROM duckdb_views() WHERE temporary"
        ).fetchall()
    }
    for name in _MADE:
        connection.execute(f"DROP {'VIEW' if name in views else 'TABLE'} IF EXISTS temp.{name}")


def statements(stage: Stage, file: int) -> list[str]:
    """What appends the payments of a stage and all that is part of them."""
    if "remit_claim" not in stage.levels:
        return []
    found = [_insert_remits(stage, file), _insert_claims(file)]
    if "remit_line" in stage.levels:
        found.append(_insert_lines(file))
    if stage.layout.has("provider_adjustment"):
        found.append(_insert_provider_level(stage, file))
    return [
        *found,
        *(_insert_listed(stage, t, file) for t in ("adjustment", "remark") if stage.layout.has(t)),
    ]


def _lines(stage: Stage) -> str:
    """Lines with what an extract leaves out; a view where nothing of it is worked out twice."""
    relation, names = lines(stage, "remit_line")
    own = {name: f"l.{name}" for name in names}
    own["paid_amount"] = f"coalesce({own['paid_amount']}, 0)"
    own["modifiers"] = own.get("modifiers", "CAST([] AS VARCHAR[])")
    own["modifier_key"] = codes.modifier_key(own["modifiers"]) if "modifiers" in names else "''"
    is_simple = "line_no" in own and stage.levels["remit_line"].key is None
    own.setdefault("line_no", "row_number() OVER (PARTITION BY l.owner ORDER BY l.no, l.number)")
    own["units_paid"] = f"coalesce({own.get('units_paid', 'NULL')}, 1)"
    own["units_billed"] = f"coalesce({own.get('units_billed', 'NULL')}, {own['units_paid']})"
    _filled(stage, own, "coalesce(l.adjusted, 0)")
    return (
        f"CREATE OR REPLACE TEMP {'VIEW' if is_simple else 'TABLE'} extract_remit_lines AS "
        f"SELECT l.k, l.no, l.owner, {1 << 27} * l.number + l.no AS line_at, "
        f"{said_as('remit_line', own)} FROM {relation} AS l"
    )


def _filled(stage: Stage, own: dict[str, str], adjusted: str) -> None:
    """The charge that balances, the last day, and whether charge less adjustments is paid."""
    paid = own["paid_amount"]
    own["charge_amount"] = f"coalesce({own.get('charge_amount', 'NULL')}, {paid} + {adjusted})"
    first = own.setdefault("service_from_date", "NULL")
    own["service_to_date"] = f"coalesce({own.get('service_to_date', 'NULL')}, {first})"
    balanced = f"{own['charge_amount']} - {adjusted} = {paid}"
    own["is_balanced"] = balanced if stage.layout.has("adjustment") else _NO_FLAG


def _claims(stage: Stage) -> str:
    """Claim payments, with what their lines and adjustments add up to."""
    own = {
        name: f"h.{column(found)}"
        for (table, name), target in INHERITED.items()
        if table == "remit_claim" and (found := stage.layout.field(*target))
    }
    told = {f.column: f"h.{column(f)}" for f in stage.layout.of("remit_claim")}
    own |= told
    adjusted, joins = _adjusted(stage)
    shared = "a.shared" if joins else "NULL"
    if "remit_line" in stage.levels:
        joins += _line_sums()
        for name in ("paid_amount", "service_from_date", "service_to_date"):
            own[name] = f"coalesce({own.get(name, 'NULL')}, l.{name})"
        own["charge_amount"] = told.get("charge_amount", "l.charge_amount")
    own["paid_amount"] = f"coalesce({own['paid_amount']}, 0)"
    responsible = own.get("patient_responsibility_amount", "NULL")
    own["patient_responsibility_amount"] = f"coalesce({responsible}, {shared}, 0)"
    sequence = stage.layout.field("claim", "payer_sequence_code")
    status = _STATUS.format(sequence=f"h.{column(sequence)}") if sequence else "'1'"
    own["status_code"] = f"coalesce({own.get('status_code', 'NULL')}, {status})"
    _filled(stage, own, adjusted)
    patient, insured = (people.id_of_join(stage, who) for who in ("patient", "subscriber"))
    joins += "".join(people.id_join(stage, who, "h") for who in ("patient", "subscriber"))
    return (
        "CREATE OR REPLACE TEMP TABLE extract_remit_claims AS SELECT h.k, h.id, h.k_remit, "
        f"{patient} AS patient_id, coalesce({insured}, {patient}) AS subscriber_id, "
        f"{said_as('remit_claim', own)} FROM {head(stage, 'remit_claim')} AS h{joins}"
    )


def _adjusted(stage: Stage) -> tuple[str, str]:
    """What adjustments add up to by claim payment, and the join that gives it."""
    if not stage.layout.has("adjustment"):
        return "0", ""
    owner = key_of(stage.levels["remit_claim"])
    sums = (
        f"SELECT {owner} AS owner, sum({adjusted(stage)}) AS amount, "
        f"sum({adjusted(stage, 'PR')}) AS shared FROM {stage.sound} "
        f"WHERE {answers(stage.layout)} GROUP BY 1"
    )
    return "coalesce(a.amount, 0)", f" LEFT JOIN ({sums}) AS a ON a.owner = h.k"


def _line_sums() -> str:
    return (
        " LEFT JOIN (SELECT owner, sum(charge_amount) AS charge_amount, "
        "sum(paid_amount) AS paid_amount, min(service_from_date) AS service_from_date, "
        "max(service_to_date) AS service_to_date FROM extract_remit_lines GROUP BY owner) AS l "
        "ON l.owner = h.k"
    )


def _insert_remits(stage: Stage, file: int) -> str:
    own = {f.column: f"h.{column(f)}" for f in stage.layout.of("remit")}
    levelled, join = _provider_sums(stage)
    paid = f"coalesce(c.paid_amount, 0) - {levelled}" if join else "c.paid_amount"
    own["payment_amount"] = f"coalesce({own.get('payment_amount', 'NULL')}, {paid})"
    ids = {
        "remit_id": id_of(file, REMIT, "h.id"),
        "file_id": str(file),
        "record_no": "h.id",
        "payer_id": people.id_of_join(stage, "payer"),
    }
    sums = "SELECT k_remit, sum(paid_amount) AS paid_amount FROM extract_remit_claims GROUP BY 1"
    return insert(
        "remit",
        ids | own,
        f"{head(stage, 'remit')} AS h LEFT JOIN ({sums}) AS c ON c.k_remit = h.k{join}"
        f"{people.id_join(stage, 'payer', 'h')}",
    )


def _provider_level(stage: Stage) -> str:
    """Provider-level adjustments, wherever they stand, with their place in the row."""
    layout = stage.layout
    return " UNION ALL BY NAME ".join(
        f"SELECT no, {number} AS position, k_remit AS owner, "
        + ", ".join(f"{f.name} AS {f.column}" for f in layout.of("provider_adjustment", number))
        + f" FROM {stage.sound} WHERE {pays(layout)} "
        f"AND {is_there(layout, 'provider_adjustment', number)}"
        for number in range(1, layout.counts["provider_adjustment"] + 1)
    )


def _provider_sums(stage: Stage) -> tuple[str, str]:
    """What they add up to by payment, and the join that gives it."""
    if not stage.layout.has("provider_adjustment"):
        return "0", ""
    sums = f"SELECT owner, sum(amount) AS amount FROM ({_provider_level(stage)}) GROUP BY 1"
    return "coalesce(p.amount, 0)", f" LEFT JOIN ({sums}) AS p ON p.owner = h.k"


def _insert_provider_level(stage: Stage, file: int) -> str:
    names = sorted({f.column for f in stage.layout.of("provider_adjustment")})
    ids = {
        "remit_id": id_of(file, REMIT, "r.id"),
        "file_id": str(file),
        "record_no": "a.no",
        "position": "a.position",
    }
    source = f"({_provider_level(stage)}) AS a JOIN extract_remit AS r ON r.k = a.owner"
    return insert("provider_adjustment", ids | {n: f"a.{n}" for n in names}, source)


def _insert_claims(file: int) -> str:
    claim, remit = id_of(file, REMIT_CLAIM, "c.id"), id_of(file, REMIT, "r.id")
    return (
        f"INSERT INTO remit_claim BY NAME SELECT {claim} AS remit_claim_id, {remit} AS remit_id, "
        f"{file} AS file_id, c.id AS record_no, c.* EXCLUDE (k, id, k_remit) "
        "FROM extract_remit_claims AS c JOIN extract_remit AS r ON r.k = c.k_remit"
    )


def _insert_lines(file: int) -> str:
    claim = id_of(file, REMIT_CLAIM, "c.id")
    line = id_of(file, REMIT_LINE - 1, "l.line_at")
    return (
        f"INSERT INTO remit_line BY NAME SELECT {line} AS remit_line_id, "
        f"{claim} AS remit_claim_id, {file} AS file_id, l.no AS record_no, "
        "l.* EXCLUDE (k, no, owner, line_at) "
        "FROM extract_remit_lines AS l JOIN extract_remit_claims AS c ON c.k = l.owner"
    )


def _insert_listed(stage: Stage, table: str, file: int) -> str:
    """Adjustments or remarks, of the line where there is one."""
    names = sorted({f.column for f in stage.layout.of(table)})
    own = {name: f"a.{name}" for name in names}
    if table == "remark":
        own.setdefault("source", "'LQ'")
    join = f"{listed(stage, table)} AS a JOIN extract_remit_claims AS c ON c.k = a.owner"
    line = "CAST(NULL AS BIGINT)"
    if is_adjusted(stage):
        line = id_of(file, REMIT_LINE, "a.no")  # the one line of its row
        if stage.levels["remit_line"].key is not None:
            join += " LEFT JOIN extract_remit_line AS l ON l.k = a.line"
            line = id_of(file, REMIT_LINE, "l.id")
    ids = {
        "remit_claim_id": id_of(file, REMIT_CLAIM, "c.id"),
        "remit_line_id": line,
        "file_id": str(file),
        "record_no": "a.no",
        "position": "a.position",
    }
    there = "carc_code" if table == "adjustment" else "rarc_code"
    return f"{insert(table, ids | own, join)} WHERE a.{there} IS NOT NULL"
