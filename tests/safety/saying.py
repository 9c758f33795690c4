"""Runs the command in this process and keeps all that it says, logs and errors at their most."""

import contextlib
import io
import logging
import sys
import traceback
import warnings
from dataclasses import dataclass

import analytics.cli as command


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and everything it said: streams, logs, warnings, errors and causes."""

    code: int
    text: str


class _Terminal(io.StringIO):
    """Somebody is looking: bars are drawn."""

    def isatty(self) -> bool:
        return True


def say(*words: object, plain: bool = False) -> Said:
    """Run it; `plain`: as it is, without errors and their causes in full."""
    out, err, log = io.StringIO(), _Terminal(), io.StringIO()
    handler = logging.StreamHandler(log)
    root, level = logging.getLogger(), logging.getLogger().level
    before, fail = sys.argv, command.fail

    def told(message: str):
        log.write(_chain(sys.exception()))
        fail(message)

    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    sys.argv = ["revcycle", *map(str, words)]
    if not plain:
        command.fail = told
    code = 0
    try:
        with (
            warnings.catch_warnings(record=True) as caught,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            warnings.simplefilter("always")
            try:
                command.main()
            except SystemExit as stop:
                code = int(stop.code or 0)
            except BaseException as error:  # noqa: BLE001
                code = 1
                log.write(_chain(error))
    finally:
        sys.argv, command.fail = before, fail
        root.removeHandler(handler)
        root.setLevel(level)
    for one in caught:
        log.write(f"{one.category}: {one.message}\n")
    return Said(code, "\n".join([out.getvalue(), err.getvalue(), log.getvalue()]))


def _chain(error: BaseException | None) -> str:
    """An error as Python would print it, and the representation of it and of each cause."""
    said = "" if error is None else "".join(traceback.format_exception(error))
    while error is not None:
        said += f"{error!r} {getattr(error, '__notes__', '')}\n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return said
