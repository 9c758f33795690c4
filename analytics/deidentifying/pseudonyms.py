"""Pseudonyms: HMAC-SHA256 (RFC 2104) of a value and its kind, computed by the database.

The same value of a kind has the same pseudonym in all tables, so that what was joined by it still
is.  Facts compare numbers in upper case without blanks around them: so it is of that form.
"""

from hashlib import sha256

import duckdb

# Upper case, as facts make it; a letter first, as some take leading zeros off.
_MACRO = """
CREATE OR REPLACE TEMP MACRO pseudonym(kind, said) AS
CASE WHEN trim(said) = '' THEN '' ELSE upper(kind[1]) || upper(substr(sha256(
    getvariable('outer_pad')
    || unhex(sha256(getvariable('inner_pad') || encode(kind || ':' || said)))
), 1, 24)) END
"""
_BLOCK = 64  # bytes of a block of SHA-256
_TRIMMED = "upper(trim({column}))"
# How facts compare a number of the kind.
_FORMS = {
    "line": "trim({column})",
    "reference": "{column}",
    "set": "trim(LEADING '0' FROM {column})",
    "file": "{column}",
}
_KEPT = {"tin": ("network",)}  # words of our own among such values


def ready(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Make the macro `pseudonym` known to a connection; the key is in its memory only."""
    secret = key.encode()
    block = (sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    for name, pad in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        value = bytes(byte ^ pad for byte in block)
        connection.execute(f"SET VARIABLE {name} = CAST($value AS BLOB)", {"value": value})
    connection.execute(_MACRO)


def pseudonym(kind: str, column: str) -> str:
    """The SQL of a column's pseudonym; NULL and blanks stay."""
    text = f"CAST({column} AS VARCHAR)"
    said = f"pseudonym('{kind}', {_FORMS.get(kind, _TRIMMED).format(column=text)})"
    if kept := _KEPT.get(kind):
        words = ", ".join(f"'{word}'" for word in kept)
        return f"CASE WHEN {text} IN ({words}) THEN {text} ELSE {said} END"
    return said
