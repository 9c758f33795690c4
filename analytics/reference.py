"""The maps a database reads its codes, payers and providers by; and what they do not name.

A code map (`carc`, `rarc`, `plb_reason`, `prompt_pay_rule`) comes with the library and is replaced
whole by a user's file.  Medicare's fees come from its published files, a year at a time.  The maps
of payers and providers are side tables, found by their file names at load.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import polars as pl

from analytics import codes
from analytics.database import Database
from analytics.duck import transaction
from analytics.errors import UnknownNameError, UnreadableFileError
from analytics.ingest import mpfs
from analytics.query import Claims

_HELD = "SELECT map_name, code_count, version, file_name FROM code_map ORDER BY map_name"
_SIDE = """
SELECT
    $name AS map_name,
    (SELECT count(*) FROM {table}) AS code_count,
    substr(max(sha256), 1, 12) AS version,
    max(file_name) AS file_name
FROM source_file
WHERE file_id = (SELECT max(file_id) FROM source_file WHERE format = $name)
"""
# Each side counts once; reversals take their dollars back.
_UNMAPPED_CODES = """
WITH reason AS (
    SELECT group_code, carc_code, count(*) AS n, sum(amount) AS amount
    FROM adjustment
    WHERE carc_code IS NOT NULL
    GROUP BY group_code, carc_code
),

unnamed AS (
    SELECT carc_code AS code, sum(n) AS n, sum(amount) AS amount
    FROM reason
    WHERE NOT EXISTS (
        SELECT 1 FROM carc
        WHERE carc.carc_code = reason.carc_code
          AND coalesce(carc.group_code, reason.group_code, '') = coalesce(reason.group_code, '')
    )
    GROUP BY carc_code
),

unread AS (
    SELECT remit_claim_id, remit_line_id, rarc_code
    FROM remark
    WHERE rarc_code NOT IN (SELECT rarc_code FROM rarc)
    GROUP BY remit_claim_id, remit_line_id, rarc_code
),

explained AS (
    -- What it would name: adjustments there whose own code says little.
    SELECT unread.rarc_code, sum(adjustment.amount) AS amount
    FROM unread
    JOIN adjustment
        ON adjustment.remit_claim_id = unread.remit_claim_id
        AND adjustment.remit_line_id IS NOT DISTINCT FROM unread.remit_line_id
    WHERE adjustment.carc_code IN (SELECT carc_code FROM carc WHERE says_little)
    GROUP BY unread.rarc_code
),

counted AS (
    SELECT rarc_code, count(*) AS n FROM unread GROUP BY rarc_code
)

SELECT 'carc' AS map_name, code, CAST(n AS BIGINT) AS n, CAST(amount AS DECIMAL(18, 2)) AS amount
FROM unnamed
UNION ALL
SELECT
    'rarc', counted.rarc_code, counted.n,
    CAST(coalesce(explained.amount, 0) AS DECIMAL(18, 2))
FROM counted
LEFT JOIN explained ON explained.rarc_code = counted.rarc_code
UNION ALL
SELECT 'plb_reason', reason_code, count(*), CAST(sum(amount) AS DECIMAL(18, 2))
FROM provider_adjustment
WHERE reason_code NOT IN (SELECT reason_code FROM plb_reason)
GROUP BY reason_code
ORDER BY map_name ASC NULLS LAST, amount DESC NULLS LAST, code ASC NULLS LAST
"""
_UNMAPPED_PAYERS = """
WITH used AS (
    SELECT payer_id, 1 AS claims, 0 AS claim_payments, billed_amount, NULL AS paid_amount
    FROM claim
    UNION ALL
    SELECT remit.payer_id, 0, 1, NULL, remit_claim.paid_amount
    FROM remit_claim
    JOIN remit ON remit.remit_id = remit_claim.remit_id
)

SELECT
    payer.payer_code, payer.payer_name,
    CAST(sum(used.claims) AS BIGINT) AS claims,
    CAST(sum(used.claim_payments) AS BIGINT) AS claim_payments,
    CAST(coalesce(sum(used.billed_amount), 0) AS DECIMAL(18, 2)) AS billed_amount,
    CAST(coalesce(sum(used.paid_amount), 0) AS DECIMAL(18, 2)) AS paid_amount
FROM used
JOIN payer ON payer.payer_id = used.payer_id
JOIN known_payer ON known_payer.payer_id = payer.payer_id
WHERE NOT known_payer.is_mapped
GROUP BY 1, 2
ORDER BY
    billed_amount DESC NULLS LAST, paid_amount DESC NULLS LAST,
    payer_code ASC NULLS LAST, payer_name ASC NULLS LAST
"""
_UNMAPPED_PROVIDERS = """
WITH used AS (
    SELECT claim_id, billing_npi AS npi, billed_amount FROM claim
    UNION
    SELECT claim_id, coalesce(rendering_npi, attending_npi), billed_amount FROM claim
)

SELECT
    used.npi, known_provider.provider_name, count(*) AS claims,
    CAST(coalesce(sum(used.billed_amount), 0) AS DECIMAL(18, 2)) AS billed_amount
FROM used
LEFT JOIN known_provider ON known_provider.npi = used.npi
WHERE used.npi IS NOT NULL AND NOT coalesce(known_provider.is_mapped, FALSE)
GROUP BY 1, 2
ORDER BY billed_amount DESC NULLS LAST, npi ASC NULLS LAST, provider_name ASC NULLS LAST
"""
# Payers without a rule to answer by.
_UNRULED = """
SELECT
    payer_name, line_of_business, facility_state_code, count(*) AS claims,
    CAST(sum(billed_amount) AS DECIMAL(18, 2)) AS billed_amount
FROM prompt_pay
WHERE rule_level IS NULL
GROUP BY 1, 2, 3
ORDER BY billed_amount DESC NULLS LAST, 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
"""
_PUBLISHED = """
SELECT
    $name AS map_name, count(*) AS code_count, CAST(NULL AS VARCHAR) AS version,
    max(file_name) AS file_name
FROM {table}
HAVING count(*) > 0
"""
SIDE_MAPS = ("payer_map", "provider_map")
PUBLISHED = {"medicare_fee": mpfs.fees, "medicare_locality": mpfs.localities}
MAPS = (*codes.MAPS, *SIDE_MAPS, *PUBLISHED)


def maps(db: Database) -> pl.DataFrame:
    """The maps held: ``map_name, code_count, version, file_name`` (null: as shipped, or none)."""
    side = [db.sql(_SIDE.format(table=name), name=name) for name in SIDE_MAPS]
    published = [db.sql(_PUBLISHED.format(table=name), name=name) for name in PUBLISHED]
    return pl.concat([db.sql(_HELD), *side, *published], how="vertical_relaxed")


def rows(db: Database, name: str) -> pl.DataFrame:
    """The rows of a map, in the order of their key.  Raises `UnknownNameError`."""
    order = ", ".join(f"{number} ASC NULLS LAST" for number in (1, 2, 3))
    return db.sql(f"SELECT * FROM {_checked(name)} ORDER BY {order}")


def shipped(name: str) -> pl.DataFrame:
    """The rows of a code map as it comes with the library, likewise.  Raises `UnknownNameError`."""
    return codes.shipped(_checked(name, codes.MAPS)).sort(codes.MAPS[name].key, nulls_last=True)


def load_map(db: Database, name: str, file: str | Path | None) -> str:
    """Replace a code map by a file, or by the shipped one without a file; gives back its version.

    A published file (medicare_fee, medicare_locality) replaces its own release.  The facts
    follow at the next build.

    Raises:
        CodeMapError: The file breaks a rule; nothing is changed.  Lines and columns are named.
        UnreadableFileError: There is no such file.
        UnknownNameError: There is no such map.
    """
    _checked(name, (*codes.MAPS, *PUBLISHED))
    if name in PUBLISHED:
        return _load_published(db, name, file)
    found = codes.shipped(name) if file is None else _read(name, Path(file))
    with transaction(db.connection):
        version = codes.put(db.connection, name, found, Path(file).name if file else None)
        _note(db, name, file, len(found), version)
    return version


def _load_published(db: Database, name: str, file: str | Path | None) -> str:
    if file is None:
        raise UnreadableFileError(f"{name} does not come with the library: name a file of it")
    content = _content(Path(file))
    rows = PUBLISHED[name](content, Path(file).name)
    version = sha256(content).hexdigest()[:12]
    years = {"start": rows["start_date"][0]}
    try:
        with transaction(db.connection):
            db.connection.execute(f"DELETE FROM {name} WHERE start_date = $start", years)
            db.connection.register("published_rows", cast("Any", rows).to_arrow())
            db.connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM published_rows")
            _note(db, name, file, len(rows), version)
    finally:
        db.connection.unregister("published_rows")
    return version


def _note(db: Database, name: str, file: str | Path | None, rows: int, version: str) -> None:
    files = [Path(file).name] if file else []
    db.trail.note("reference load", files=files, rows=rows, map=name, version=version)


def unmapped_codes(db: Claims) -> pl.DataFrame:
    """Codes that arrived and no map names: ``map_name, code, n, amount``, the largest first.

    `n` counts adjustments (remarks of lines, for `rarc`), over all that is loaded.  `amount` is
    their dollars; for a remark those of the adjustments it would name.
    """
    return db.sql(_UNMAPPED_CODES)


def unmapped_payers(db: Claims) -> pl.DataFrame:
    """Payers, as the files name them, that no row of payer_map matches; dollars.

    They are reported under their own names.  Raises `NotBuiltError` before the first build.
    """
    return db.sql(_UNMAPPED_PAYERS)


def unmapped_providers(db: Claims) -> pl.DataFrame:
    """Billing and rendering providers that neither provider_map nor a roster names; dollars.

    They are reported under their own names, without a specialty.  Raises `NotBuiltError` likewise.
    """
    return db.sql(_UNMAPPED_PROVIDERS)


def unmapped_in(db: Claims, name: str) -> pl.DataFrame:
    """What the map `name` does not name, with counts and dollars.  Raises `UnknownNameError`."""
    _checked(name)
    if name == "payer_map":
        return unmapped_payers(db)
    if name == "provider_map":
        return unmapped_providers(db)
    if name == "prompt_pay_rule":
        return db.sql(_UNRULED)
    return unmapped_codes(db).filter(pl.col("map_name") == name).drop("map_name")


def unmapped(db: Claims) -> pl.DataFrame:
    """What no map names, counted by map: ``map_name, names, n, amount`` (dollars).

    `n` counts adjustments, remarks or claims (claim payments where a payer has no claims).
    """
    payers, providers = unmapped_payers(db), unmapped_providers(db)
    used = pl.max_horizontal("claims", "claim_payments").alias("n")
    money = pl.max_horizontal("billed_amount", "paid_amount").alias("amount")
    each = [
        unmapped_codes(db).select("map_name", "n", "amount"),
        payers.select(pl.lit("payer_map").alias("map_name"), used, money),
        providers.select(
            pl.lit("provider_map").alias("map_name"), n="claims", amount="billed_amount"
        ),
    ]
    return (
        pl.concat(each)
        .group_by("map_name", maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("names"),
            pl.col("n").sum(),
            pl.col("amount").sum().cast(pl.Decimal(18, 2)),
        )
    )


def _checked(name: str, known: Iterable[str] = MAPS) -> str:
    if name not in known:
        raise UnknownNameError("map", name, known)
    return name


def _read(name: str, file: Path) -> pl.DataFrame:
    return codes.read(name, _content(file), file.name)


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise UnreadableFileError(f"no such file: {file}")
    return file.read_bytes()
