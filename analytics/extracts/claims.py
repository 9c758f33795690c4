"""Claims, their lines and diagnoses as the core tables have them: statements that append them."""

from analytics.extracts import codes, people
from analytics.extracts.groups import column, head
from analytics.extracts.members import lines
from analytics.extracts.sql import CLAIM, CLAIM_LINE, any_of, id_of, insert
from analytics.extracts.stage import Stage

_FILLED = {"payer_sequence_code": "'P'", "frequency_code": "'1'"}
_PEOPLE = ("patient", "subscriber", "payer")
_OF_CLAIM = ("place_of_service_code", "rendering_npi", "service_from_date", "service_to_date")


def statements(stage: Stage, file: int) -> list[str]:
    """What appends the claims of a stage, their lines, diagnoses and providers."""
    if "claim" not in stage.levels:
        return []
    found = [_claims(stage, file)]
    if "claim_line" in stage.levels:
        found.append(_lines(stage, file))
    if stage.layout.has("claim_diagnosis"):
        found.append(_diagnoses(stage, file))
    if stage.layout.has("claim_other_payer"):
        found.append(_other_payers(stage, file))
    return [*found, *_providers(stage, file)]


def _claims(stage: Stage, file: int) -> str:
    own = {f.column: f"h.{column(f)}" for f in stage.layout.of("claim")}
    for name, value in _FILLED.items():
        own[name] = f"coalesce({own[name]}, {value})" if name in own else value
    source = f"{head(stage, 'claim')} AS h"
    sums = _from_lines(stage, set(own))
    if sums:
        relation, _ = lines(stage, "claim_line")
        told = ", ".join(f"{value} AS {name}" for name, value in sums.items())
        source += f" LEFT JOIN (SELECT owner, {told} FROM {relation} GROUP BY owner) AS l"
        source += " ON l.owner = h.k"
        own |= {name: f"l.{name}" for name in sums}
    last = own.get("service_to_date", "NULL")
    own["service_to_date"] = f"coalesce({last}, {own['service_from_date']})"
    for name, target in (
        ("principal_diagnosis_code", ("claim_diagnosis", "diagnosis_code")),
        ("billing_taxonomy_code", ("billing_provider", "taxonomy_code")),
    ):
        found = stage.layout.field(*target)
        if name not in own and found is not None:
            own[name] = f"h.{column(found)}"
    source += "".join(people.id_join(stage, who, "h") for who in _PEOPLE)
    return insert("claim", _ids(stage, file) | own, source)


def _ids(stage: Stage, file: int) -> dict[str, str]:
    """What a claim has of the loader."""
    patient, insured, payer = (people.id_of_join(stage, who) for who in _PEOPLE)
    return {
        "claim_id": id_of(file, CLAIM, "h.id"),
        "file_id": str(file),
        "record_no": "h.id",
        "patient_id": patient,
        "subscriber_id": f"coalesce({insured}, {patient})",
        "payer_id": payer,
        "is_predetermination": "FALSE",
        "note_count": "0",
        "k3_count": "0",
    }


def _from_lines(stage: Stage, own: set[str]) -> dict[str, str]:
    """What a claim that does not say it takes from its lines."""
    if "claim_line" not in stage.levels:
        return {}
    _, names = lines(stage, "claim_line")
    last = [n for n in ("service_to_date", "service_from_date") if n in names]
    sums = {
        "billed_amount": ("sum(billed_amount)", "billed_amount" in names),
        "service_from_date": ("min(service_from_date)", "service_from_date" in names),
        "service_to_date": (f"max(coalesce({', '.join(last)}))", bool(last)),
    }
    return {name: value for name, (value, there) in sums.items() if there and name not in own}


def _lines(stage: Stage, file: int) -> str:
    relation, names = lines(stage, "claim_line")
    own = {name: f"l.{name}" for name in names}
    own.setdefault("modifiers", "CAST([] AS VARCHAR[])")
    own.setdefault("diagnosis_pointers", "CAST([] AS INTEGER[])")
    own["modifier_key"] = codes.modifier_key(own["modifiers"]) if "modifiers" in names else "''"
    own.setdefault("line_no", "row_number() OVER (PARTITION BY l.owner ORDER BY l.no, l.number)")
    for name in _OF_CLAIM:
        above = stage.layout.field("claim", name)
        if above is not None:
            claim = f"h.{column(above)}"
            own[name] = f"coalesce({own[name]}, {claim})" if name in own else claim
    if "service_from_date" in own:
        last = own.get("service_to_date", "NULL")
        own["service_to_date"] = f"coalesce({last}, {own['service_from_date']})"
    ids = {
        "claim_line_id": id_of(file, CLAIM_LINE - 1, f"({1 << 27} * l.number + l.no)"),
        "claim_id": id_of(file, CLAIM, "h.id"),
        "file_id": str(file),
        "record_no": "l.no",
    }
    source = f"{relation} AS l JOIN {head(stage, 'claim')} AS h ON h.k = l.owner"
    return insert("claim_line", ids | own, source)


def _diagnoses(stage: Stage, file: int) -> str:
    """Diagnoses side by side; the first is principal where the map does not say."""
    parts: list[str] = []
    for number in range(1, stage.layout.counts["claim_diagnosis"] + 1):
        said = {f.column: f"h.{column(f)}" for f in stage.layout.of("claim_diagnosis", number)}
        said.setdefault("kind", "'principal'" if number == 1 else "'other'")
        said.setdefault("code_system", "'icd10'")
        cells = ", ".join(f"{value} AS {name}" for name, value in said.items())
        parts.append(
            f"SELECT {id_of(file, CLAIM, 'h.id')} AS claim_id, {file} AS file_id, "
            f"h.id AS record_no, {number} AS position, {cells} FROM {head(stage, 'claim')} AS h "
            f"WHERE {said['diagnosis_code']} IS NOT NULL"
        )
    return f"INSERT INTO claim_diagnosis BY NAME {' UNION ALL BY NAME '.join(parts)}"


def _other_payers(stage: Stage, file: int) -> str:
    """Other payers side by side, each where it is named or paid."""
    parts: list[str] = []
    for number in range(1, stage.layout.counts["claim_other_payer"] + 1):
        fields = stage.layout.of("claim_other_payer", number)
        said = {f.column: f"h.{column(f)}" for f in fields}
        cells = ", ".join(f"{value} AS {name}" for name, value in said.items())
        tells = [
            f"coalesce({said[name]}, 0) <> 0"
            if name == "paid_amount"
            else f"{said[name]} IS NOT NULL"
            for name in ("paid_amount", "payer_name", "payer_code")
            if name in said
        ]
        parts.append(
            f"SELECT {id_of(file, CLAIM, 'h.id')} AS claim_id, {file} AS file_id, "
            f"h.id AS record_no, {cells} FROM {head(stage, 'claim')} AS h WHERE {any_of(tells)}"
        )
    return f"INSERT INTO claim_other_payer BY NAME {' UNION ALL BY NAME '.join(parts)}"


def _providers(stage: Stage, file: int) -> list[str]:
    """Who is named on claims, the billing provider aside."""
    taxonomy = stage.layout.field("rendering_provider", "taxonomy_code")
    found: list[str] = []
    for name, role in people.ROLES.items():
        field = stage.layout.field("claim", name)
        if field is None:
            continue
        has = role == "rendering" and taxonomy is not None
        said = {
            "claim_id": id_of(file, CLAIM, "h.id"),
            "file_id": str(file),
            "record_no": "h.id",
            "role": f"'{role}'",
            "npi": f"h.{column(field)}",
            "taxonomy_code": f"h.{column(taxonomy)}" if has and taxonomy else "NULL",
        }
        named = f"{head(stage, 'claim')} AS h WHERE h.{column(field)} IS NOT NULL"
        found.append(insert("claim_provider", said, named))
    return found
