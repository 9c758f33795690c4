"""Whether the settings of a map go together: what is said, and what a table cannot do without."""

from analytics.maps.language import FileMap, Part, is_numbered
from analytics.maps.problems import Place, Problems, meant
from analytics.maps.targets import CLAIMS, NEEDED, PEOPLE, REMITS, SIDE

# The tables of which a row of the file is one; those above it are put together of several rows.
OWN = {
    "claim": ("claim", "remit_claim"),
    "line": ("claim_line", "remit_line"),
    "denial": ("adjustment",),
    "transaction": (),
    "row": SIDE,
}
GROUPED = ("claim", "claim_line", "remit", "remit_claim", "remit_line")


def check(file: FileMap, problems: Problems, place: Place) -> None:
    """Note what does not go together in what is said of a file."""
    if (file.mode == "replace_period") != (file.period is not None):
        problems.add(place.at("mode"), 'replace_period and period = "a date column" go together')
    if file.delimiter is not None and len(file.delimiter.encode()) != 1:
        problems.add(place.at("delimiter"), 'is one character; "\\t" is the tabulator')
    if len(file.quote.encode()) > 1 or file.quote in ("\0", "\n", "\r"):
        problems.add(place.at("quote"), "is one character, or empty for none")
    elif file.quote and file.quote == file.delimiter:
        problems.add(place.at("quote"), "is the delimiter: they are two characters")
    if file.encoding is not None and not _is_encoding(file.encoding):
        problems.add(place.at("encoding"), "is no encoding: utf-8, windows-1252, utf-16 ...")
    if (file.row_key or file.period) and any("contract" in part.tables for part in file.parts):
        # The newest file of a contract counts, so it must have all its years.
        problems.add(place.at("row_key"), "a contract is loaded whole: no row_key, no period")
    several = len(file.parts) > 1
    for number, part in enumerate(file.parts, 1):
        here = Place(place.file, number) if several else place
        _check_part(part, problems, here)
        if several and not part.where:
            problems.add(here, "needs where: which rows of the file are its own")


def _is_encoding(name: str) -> bool:
    try:
        "".encode(name)
    except LookupError:
        return False
    return True


def _check_part(part: Part, problems: Problems, place: Place) -> None:
    filled = part.tables - set(PEOPLE)
    is_money = bool(filled & {*CLAIMS, *REMITS})
    if is_money and part.grain == "row":
        problems.add(place, "needs grain: a row is one claim, line, denial or transaction")
    if not filled and part.columns:
        problems.add(place.at("columns"), "names people only: say what the rows are, as claim")
    if "provider_adjustment" in filled and not filled & {"remit_claim", "remit_line"}:
        problems.add(
            place.at("columns", "provider_adjustment"),
            "stands in the file of the payments that it is part of: map remit_claim.paid_amount or "
            "remit_line.paid_amount too (its own rows need no patient_control_number)",
        )
    if "provider_adjustment" in filled and filled & set(CLAIMS):
        problems.add(
            place.at("columns", "provider_adjustment"),
            "is of payments, and these rows are claims sent: give payments a [[file.part]]",
        )
    if "contract" in filled and len(part.tables) > 1:
        problems.add(place.at("columns", "contract"), "stands alone: a row is a contract's year")
    for table in part.keys:
        if table not in GROUPED or table not in filled:
            known = [name for name in GROUPED if name in filled]
            problems.add(place.at("keys", table), f"no table with a key{meant(table, known)}")
    for table in filled:
        _check_needed(part, table, problems, place.at("columns", table))
    _check_groups(part, problems, place)


def _check_needed(part: Part, table: str, problems: Problems, place: Place) -> None:
    """Each table has the columns that its rows cannot do without."""
    for choice in NEEDED.get(table, ()):
        named = [tuple(c.split(".")) if "." in c else (table, c) for c in choice]
        if not any(target in part.columns for target in named):
            problems.add(place, f"needs {' or '.join('.'.join(target) for target in named)}")


def _check_groups(part: Part, problems: Problems, place: Place) -> None:
    """Columns of one table that repeat do so equally often; sums are of what is put together."""
    own = OWN[part.grain]
    lengths: dict[str, int] = {}
    for (table, column), value in part.columns.items():
        here = place.at("columns", table, column)
        whose = "claim" if table == "claim_other_payer" else table
        if value.sum and (whose in own or whose not in GROUPED):
            problems.add(here.at("sum"), f"a row is one {table}: nothing of it is added up")
        is_named = value.kind == "group" and not any(map(is_numbered, value.names))
        if is_named and column not in ("modifiers", "diagnosis_pointers"):
            count = lengths.setdefault(table, len(value.names))
            if count != len(value.names):
                problems.add(here, f"has {len(value.names)} columns where others have {count}")
    for table, child in (("claim", "claim_line"), ("remit_claim", "remit_line")):
        repeated = any(t == child and v.kind == "group" for (t, _), v in part.columns.items())
        if part.grain == "claim" and child in part.tables and not repeated:
            problems.add(
                place.at("columns", child),
                f"a row is one {table}: lines in it need columns that repeat, else grain = 'line'",
            )
