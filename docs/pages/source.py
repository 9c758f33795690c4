"""Functions and classes as a reader of the reference sees them: signature and docstring."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any


def signature(function: Callable[..., Any]) -> str:
    """Parameters and result as they are written, without `self`."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise TypeError("a function defined by def is needed")
    for arguments in (node.args.args, node.args.posonlyargs):
        arguments[:] = [one for one in arguments if one.arg not in ("self", "cls")]
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){result}"


def docstring(thing: object) -> str:
    """What it says of itself, headings of sections in bold and their entries as a list."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    return "\n".join(_told(lines))


def _told(lines: list[str]) -> Iterator[str]:
    within = False  # a section such as Raises
    for line in lines:
        if line in ("Args:", "Raises:", "Returns:", "Attributes:"):
            within = True
            yield f"**{line.removesuffix(':')}**\n"
        elif within and line.startswith("    ") and not line.startswith("     "):
            name, _, meaning = line.strip().partition(": ")
            yield f"* `{name}`: {meaning}"
        else:
            within = within and (line.startswith("    ") or not line)
            yield line.strip() if within else line


def first_line(thing: object) -> str:
    """The first sentence it says of itself."""
    return (inspect.getdoc(thing) or "").split("\n", maxsplit=1)[0]


def body(function: Callable[..., Any]) -> str:
    """The statements of a function without its docstring; what it gives back without `return`."""
    text = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(text).body[0]
    if not isinstance(node, ast.FunctionDef):
        raise TypeError("a function defined by def is needed")
    first = node.body[1].lineno - 1
    lines = textwrap.dedent("\n".join(text.splitlines()[first:])).splitlines()
    return "\n".join(line.removeprefix("return ") for line in lines)
