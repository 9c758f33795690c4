"""Links of Markdown pages that lead nowhere: to no file, or to no heading of one."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

_BLOCK = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<(?:img|a)[^>]* (?:src|href)=\"([^\"]+)\"")
_PICTURE = re.compile(r"^`{3,}\{figure\} (\S+)$", re.MULTILINE)
_HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)
_TARGET = re.compile(r"^\(([\w.-]+)\)=$", re.MULTILINE)
_ELSEWHERE = ("http://", "https://", "mailto:")


def broken(pages: Iterable[Path]) -> list[str]:
    """Page and target of each link within the repository, or the site, that leads nowhere."""
    listed = list(pages)
    named = {name for page in listed for name in _TARGET.findall(_text(page))}
    return [
        f"{page}: {target}"
        for page in listed
        for target in targets(_text(page))
        if not _leads(page, target, named)
    ]


def targets(text: str) -> Iterator[str]:
    """What the links and pictures of a page lead to, outside of code."""
    yield from _PICTURE.findall(text)
    # A link's text may be code, so code within a line is blanked and not cut.
    prose = _CODE.sub("code", _BLOCK.sub("", text))
    for link, source in _LINK.findall(prose):
        yield link or source


def anchors(text: str) -> set[str]:
    """The names by which links reach the headings of a page, as code hosts make them."""
    found: dict[str, int] = {}
    for heading in _HEADING.findall(_BLOCK.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
    again = {f"{slug}-{i}" for slug, most in found.items() for i in range(1, most + 1)}
    return found.keys() | again


def _leads(page: Path, target: str, named: set[str]) -> bool:
    if target.startswith(_ELSEWHERE):
        return True
    path, _, name = target.partition("#")
    held = (page.parent / path) if path else page
    if not held.exists():
        return False
    return not name or (not path and name in named) or name in anchors(_text(held))


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")
