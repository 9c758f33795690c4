"""The command of the audit pull: evidence."""

from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.console import DEFAULT_DATABASE, AsJson, DatabasePath, app, fail, opened, write
from analytics.evidencing import SeveralClaimsError, gather, save
from analytics.evidencing.gathering import note
from analytics.evidencing.saving import as_json as in_json
from analytics.evidencing.saving import known


@app.command("evidence")
def evidence(
    claim: Annotated[
        str | None,
        typer.Argument(help="Patient control number, or a payer's claim control number."),
    ] = None,
    database: DatabasePath = DEFAULT_DATABASE,
    claim_id: Annotated[
        int | None,
        typer.Option("--claim-id", help="One of several claims of that number, or instead of it."),
    ] = None,
    files: Annotated[
        list[Path] | None,
        typer.Option("--files", help="File or folder to read the segments again from; repeat it."),
    ] = None,
    identity: Annotated[
        bool, typer.Option("--identity", help="Show name, birth date, member number, addresses.")
    ] = False,
    formats: Annotated[
        str | None,
        typer.Option("--format", help="html, pdf, json, several with commas; else by --out."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file; evidence-CLAIM_ID.html here if none."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write all that is known of one claim as one page: the audit pull.

    Submissions, answers, money, lines, segments, edits, deadlines, each with file and record.  Only
    the file's owner can read it; its name has no number of the claim.
    """
    if as_json and (out or formats):
        raise typer.BadParameter("ask for --json, on the screen, or for files: --format json")
    wanted = known([name.strip() for name in (formats or "").split(",") if name.strip()], out)
    with opened(database) as db:
        try:
            found = gather(db, claim, identity=identity, claim_id=claim_id, files=files or None)
        except SeveralClaimsError as several:
            write(several.claims, as_json=as_json)
            fail(str(several))
        if as_json:
            typer.echo(in_json(found))
            note(db, found, ["json"])
            return
        for path in save(db, found, out, wanted):
            typer.echo(f"{path}: only its owner can read it")
