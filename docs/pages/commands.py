"""Commands that pages name, held against the command line, the Makefile and the library."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import typer

import analytics
from analytics.cli import app

_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_BLOCK = re.compile(r"^ *`{3,}[^\n]*\n(.*?)^ *`{3,}", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?:\$ )?(?:\S*/)?revcycle (.+)$")
_NAME = re.compile(r"\brc((?:\.[a-zA-Z_]\w*)+)")
_OPTION = re.compile(r"^--[a-z][a-z-]*")
_MAKE = re.compile(r"^make ((?:[a-z-]+ ?)+)")


def problems(text: str, makefile: Path) -> Iterator[str]:
    """What a page names that does not exist: commands, options, goals of make, names of `rc`."""
    for line in _lines(text):
        if found := _COMMAND.match(line):
            yield from (f"{line}: {what}" for what in _wrong(_words(found[1])))
        elif (found := _OPTION.match(line)) and found[0] not in _every_option():
            yield f"no command has {found[0]}"
        elif found := _MAKE.match(line):
            goals = set(re.findall(r"^([a-z-]+):", makefile.read_text(), re.MULTILINE))
            yield from (f"{line}: no goal {goal}" for goal in found[1].split() if goal not in goals)
    yield from (f"rc{name}" for name in sorted(set(_NAME.findall(text))) if not _is_there(name))


def _lines(text: str) -> Iterator[str]:
    """The lines of code of a page: in blocks, and within its lines."""
    for block in _BLOCK.findall(text):
        yield from (line.strip() for line in block.splitlines())
    yield from (one.strip() for one in _INLINE.findall(_BLOCK.sub("", text)))


def _words(line: str) -> list[str]:
    """The words of a command up to its comment, or to what takes it on."""
    reader = shlex.shlex(line, posix=True, punctuation_chars="|;&><")
    reader.whitespace_split = True
    words: list[str] = []
    for word in reader:
        if word[0] in "|;&>":
            break
        words.append(word)
    return words


def _wrong(words: list[str]) -> Iterator[str]:
    """Commands and options that there are none of."""
    command: Any = typer.main.get_command(app)
    for word in words:
        subcommands: dict[str, Any] = getattr(command, "commands", {})
        if word.startswith("-") and word not in _options(command):
            yield f"no option {word}"
        elif not word.startswith("-") and subcommands:
            if word not in subcommands:
                yield f"no command {word}"
                return
            command = subcommands[word]


@cache
def _every_option() -> set[str]:
    waiting: list[Any] = [typer.main.get_command(app)]
    held: set[str] = set()
    while waiting:
        command = waiting.pop()
        held |= _options(command)
        waiting += getattr(command, "commands", {}).values()
    return held


def _options(command: Any) -> set[str]:
    held = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return {*held, "--help"}


def _is_there(name: str) -> bool:
    """Whether `rc` with these names behind it is something."""
    found: object = analytics
    for part in name.strip(".").split("."):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True
