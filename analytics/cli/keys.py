"""Commands of keys: key, rekey.  A key itself is never an argument, nor printed."""

from pathlib import Path
from typing import Annotated

import typer

from analytics import keys
from analytics.auditing.entry import Entry, canonical
from analytics.cli.console import DEFAULT_DATABASE, DatabasePath, app
from analytics.errors import DatabaseError
from analytics.rewriting import rewrite


@app.command("key")
def key(
    file: Annotated[Path, typer.Argument(help="A new file, which only its owner can read.")],
) -> None:
    """Make a random key of 256 bits in a new file; name the file by REVCYCLE_KEY_FILE.

    Keep a copy where secrets are kept: without its key a database cannot be read by anyone.
    """
    keys.make_file(file)
    typer.echo(f"{file}: a new key; export REVCYCLE_KEY_FILE={file}")


@app.command("rekey")
def rekey(database: DatabasePath = DEFAULT_DATABASE) -> None:
    """Write the database anew under the key of REVCYCLE_NEW_KEY or REVCYCLE_NEW_KEY_FILE.

    The present key, if any, is that of REVCYCLE_KEY or REVCYCLE_KEY_FILE.  The old file is replaced
    when the new one is whole; copies and backups of it keep the old key, or none.
    """
    new = keys.new_key_given()
    if new is None:
        raise DatabaseError("no new key: set REVCYCLE_NEW_KEY_FILE (revcycle key FILE makes one)")
    if len(new) < keys.SHORTEST:
        raise DatabaseError(f"the new key has under {keys.SHORTEST} letters: too easy to guess")
    old = keys.key_given()
    before = keys.fingerprint(old) if old else None
    entry = Entry(
        command="rekey",
        detail=canonical({"key_fingerprint_before": before}),
        key_fingerprint=keys.fingerprint(new),
    )
    rows = rewrite(database, old, new, entry)
    typer.echo(f"{database}: {rows:,} rows, encrypted with the new key")
