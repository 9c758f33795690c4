"""The command deidentify.  Keys are never arguments, nor printed."""

from pathlib import Path
from typing import Annotated

import typer

from analytics import keys
from analytics.cli.console import AsCsv, AsJson, app, check_form, write, write_json
from analytics.deidentifying import areas_of, deidentify, page, summary, text, to_dict
from analytics.errors import DatabaseError
from analytics.exporting.place import placed

_NO_KEY = (
    "no key for pseudonyms: set REVCYCLE_PSEUDONYM_KEY_FILE, or give --new-key FILE (a random key "
    "is kept there) or --forget-key (none is kept)"
)
_ENCRYPTED = (
    "the original is encrypted: give the copy a key of its own by REVCYCLE_NEW_KEY_FILE, or "
    "--unencrypted"
)


@app.command("deidentify")
def make_copy(
    source: Annotated[Path, typer.Argument(metavar="IN", help="The database, with its facts.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The copy: a new file.")],
    level: Annotated[str, typer.Option("--level", help="limited or safe-harbor.")],
    dates: Annotated[
        str | None,
        typer.Option("--dates", help="keep (limited only), shift (by person) or year."),
    ] = None,
    hide_providers: Annotated[
        bool, typer.Option("--hide-providers", help="Pseudonyms for providers too.")
    ] = False,
    small_areas: Annotated[
        Path | None,
        typer.Option("--small-areas", dir_okay=False, help="CSV of ZIP3 areas to become 000."),
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", help="New file for a random pseudonym key.")
    ] = None,
    forget_key: Annotated[
        bool, typer.Option("--forget-key", help="Use a random pseudonym key and keep it nowhere.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace OUT, if it is there.")
    ] = False,
    drop_unknown: Annotated[
        bool, typer.Option("--drop-unknown", help="Leave out tables and columns not of revcycle.")
    ] = False,
    unencrypted: Annotated[
        bool, typer.Option("--unencrypted", help="No key for the copy of an encrypted database.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write what was done to a file: .html, else text."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Write a de-identified copy of a database, in which metrics still run, and tell what was done.

    Its key, if any, is that of REVCYCLE_NEW_KEY or REVCYCLE_NEW_KEY_FILE; that of pseudonyms is
    REVCYCLE_PSEUDONYM_KEY or REVCYCLE_PSEUDONYM_KEY_FILE: equal keys give equal pseudonyms.
    """
    check_form(as_json=as_json, as_csv=as_csv)
    key, out_key = keys.key_given(), _key_of_copy(unencrypted=unencrypted)
    small = areas_of(small_areas) if small_areas else None
    given = _pseudonym_key(new_key, forget=forget_key)
    made_key = given is None and new_key is not None
    pseudonym_key = given or (keys.make_file(new_key) if new_key else keys.random_key())
    try:
        made = deidentify(
            source,
            target,
            level,
            pseudonym_key=pseudonym_key,
            dates=dates,
            hide_providers=hide_providers,
            small_areas=small,
            key=key,
            new_key=out_key,
            keep_fingerprint=not forget_key,
            replace=replace,
            drop_unknown=drop_unknown,
            progress=False if as_json or as_csv else None,
        )
    except BaseException:
        if made_key and new_key:  # of no copy
            new_key.unlink(missing_ok=True)
        raise
    if report:
        with placed(report) as part:
            told = page(made) if report.suffix.lower() == ".html" else text(made)
            part.write_text(told, encoding="utf-8")
    if as_json:
        write_json(to_dict(made))
        return
    if not as_csv:
        for name, said in summary(made).items():
            typer.echo(f"{name}: {said}")
        typer.echo()
    write(made.frame, as_csv=as_csv)


def _key_of_copy(*, unencrypted: bool) -> str | None:
    key = keys.new_key_given()
    if key is None and keys.key_given() and not unencrypted:
        raise DatabaseError(_ENCRYPTED)
    if key is not None and len(key) < keys.SHORTEST:
        raise DatabaseError(f"the new key has under {keys.SHORTEST} letters: too easy to guess")
    return key


def _pseudonym_key(new_key: Path | None, *, forget: bool) -> str | None:
    """The key given; None where a random one is to be made.  Raises DatabaseError without any."""
    given = keys.pseudonym_key_given()
    if (given is not None) + (new_key is not None) + forget > 1:
        raise DatabaseError(
            "one key makes the pseudonyms: REVCYCLE_PSEUDONYM_KEY, --new-key or --forget-key"
        )
    if given is None and new_key is None and not forget:
        raise DatabaseError(_NO_KEY)
    return given
